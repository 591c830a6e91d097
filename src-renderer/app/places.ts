import {
  Activity,
  Bot,
  Coins,
  RadioTower,
  Route,
  ScrollText,
  Server,
  Settings2,
  SquareKanban,
  Waypoints,
} from 'lucide-react';
import type { IconType } from '../ui/icon.tsx';

/** A view that the rail leads to. Its number is that of the nine views, whether or not all of them are there. */
export interface Place {
  id: string;
  path:
    | '/overview'
    | '/stations'
    | '/agents'
    | '/work'
    | '/boards'
    | '/routing'
    | '/usage'
    | '/events'
    | '/hub'
    | '/settings';
  title: string;
  /** Other paths that belong to it, because they are reached from it. */
  also?: readonly string[];
  icon: IconType;
  /** Only the nine views and Settings have one. */
  shortcut?: string;
}

const overview: Place = {
  id: 'overview',
  path: '/overview',
  title: 'Overview',
  icon: Waypoints,
  shortcut: 'Mod+1',
};
const stations: Place = {
  id: 'stations',
  path: '/stations',
  title: 'Stations',
  icon: Server,
  shortcut: 'Mod+2',
};
const agents: Place = { id: 'agents', path: '/agents', title: 'Agents', icon: Bot, shortcut: 'Mod+3' };
const work: Place = { id: 'work', path: '/work', title: 'Work', icon: Activity, shortcut: 'Mod+5' };
const boards: Place = {
  id: 'boards',
  path: '/boards',
  title: 'Boards',
  icon: SquareKanban,
  shortcut: 'Mod+6',
};
const routing: Place = {
  id: 'routing',
  path: '/routing',
  title: 'Routing',
  icon: Route,
  shortcut: 'Mod+7',
};
const usage: Place = { id: 'usage', path: '/usage', title: 'Usage', icon: Coins };
const events: Place = { id: 'events', path: '/events', title: 'Events', icon: ScrollText, shortcut: 'Mod+8' };
const hub: Place = {
  id: 'hub',
  path: '/hub',
  also: ['/devices'],
  title: 'Hub',
  icon: RadioTower,
  shortcut: 'Mod+9',
};
export const settingsPlace: Place = {
  id: 'settings',
  path: '/settings',
  title: 'Settings',
  icon: Settings2,
  shortcut: 'Mod+,',
};

/** The rail from top to bottom; Settings stands at its foot. */
export const placeGroups: readonly (readonly Place[])[] = [
  [overview],
  [stations, agents],
  [work, boards, routing, usage],
  [events, hub],
];

export const places: readonly Place[] = [...placeGroups.flat(), settingsPlace];

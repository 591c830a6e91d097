import { Bot, BotOff, FilePen, GitCompareArrows, Pencil, Plug, ShieldX, Unplug } from 'lucide-react';
import type { MeshEvent } from '../../../src-shared/views/mesh.ts';
import type { IconType } from '../../ui/icon.tsx';
import type { Status, Tone } from '../../ui/status.ts';

export type EventKind = MeshEvent['kind'];
/** What a person filters events by. */
export type EventGroup = 'stations' | 'agents' | 'connection' | 'refused';

/** The shape of an event: that of the state it tells, or an icon when it tells none. */
export type EventShape = { status: Status } | { icon: IconType; tone: Tone };

export interface EventKindFacts {
  word: string;
  group: EventGroup;
  shape: EventShape;
}

/** Every kind of event in the words and the shape a person sees. */
export const EVENT_KINDS: Readonly<Record<EventKind, EventKindFacts>> = {
  'station.joined': { word: 'Joined', group: 'stations', shape: { status: 'online' } },
  'station.returned': { word: 'Online again', group: 'stations', shape: { status: 'online' } },
  'station.late': { word: 'Late', group: 'stations', shape: { status: 'late' } },
  'station.offline': { word: 'Offline', group: 'stations', shape: { status: 'offline' } },
  'station.left': { word: 'Left', group: 'stations', shape: { status: 'cancelled' } },
  'station.renamed': { word: 'Renamed', group: 'stations', shape: { icon: Pencil, tone: 'calm' } },
  'agent.registered': { word: 'Agent added', group: 'agents', shape: { icon: Bot, tone: 'calm' } },
  'agent.changed': { word: 'Agent changed', group: 'agents', shape: { icon: FilePen, tone: 'calm' } },
  'agent.deregistered': { word: 'Agent removed', group: 'agents', shape: { icon: BotOff, tone: 'calm' } },
  'agent.conflict': { word: 'Conflict', group: 'agents', shape: { icon: GitCompareArrows, tone: 'late' } },
  'message.refused': { word: 'Refused', group: 'refused', shape: { icon: ShieldX, tone: 'fail' } },
  'connection.lost': { word: 'Hub lost', group: 'connection', shape: { icon: Unplug, tone: 'fail' } },
  'connection.restored': { word: 'Hub is back', group: 'connection', shape: { icon: Plug, tone: 'good' } },
};

/** The groups in the order of their chips. */
export const EVENT_GROUPS: readonly { group: EventGroup; label: string }[] = [
  { group: 'stations', label: 'Stations' },
  { group: 'agents', label: 'Agents' },
  { group: 'connection', label: 'Connection' },
  { group: 'refused', label: 'Refused' },
];

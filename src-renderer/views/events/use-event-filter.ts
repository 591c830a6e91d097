import { useMemo } from 'react';
import { useRemembered, useViewState } from '../../data/view-state.ts';
import { type EventFilter, groupsFrom, toggleGroup } from './event-filter.ts';
import type { EventGroup } from './event-kinds.ts';

const GROUPS = 'events.groups';
const STATION = 'events.station';
const TEXT = 'events.text';

export interface EventFilterControl {
  filter: EventFilter;
  /** Whether anything is left out. */
  narrows: boolean;
  toggle(group: EventGroup): void;
  setStation(id: string): void;
  setText(text: string): void;
  clear(): void;
}

function remember(values: Readonly<Record<string, string>>): void {
  useViewState.setState((state) => ({ remembered: { ...state.remembered, ...values } }));
}

/** Narrows the list of events to one station, for a link that leads there. */
export function showEventsOf(stationId: string): void {
  remember({ [GROUPS]: '', [STATION]: stationId, [TEXT]: '' });
}

function clear(): void {
  remember({ [GROUPS]: '', [STATION]: '', [TEXT]: '' });
}

/** What the list of events is narrowed to; it outlives the view. */
export function useEventFilter(): EventFilterControl {
  const [groupNames, setGroups] = useRemembered(GROUPS, '');
  const [station, setStation] = useRemembered(STATION, '');
  const [text, setText] = useRemembered(TEXT, '');
  const filter = useMemo(
    () => ({ groups: groupsFrom(groupNames), station, text }),
    [groupNames, station, text],
  );
  return {
    filter,
    narrows: filter.groups.size > 0 || station !== '' || text.trim() !== '',
    toggle: (group) => setGroups(toggleGroup(filter.groups, group)),
    setStation,
    setText,
    clear,
  };
}

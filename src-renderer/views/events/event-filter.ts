import type { MeshEvent } from '../../../src-shared/views/mesh.ts';
import { EVENT_GROUPS, EVENT_KINDS, type EventGroup } from './event-kinds.ts';

export interface EventFilter {
  /** Groups to show; none is all of them. */
  groups: ReadonlySet<EventGroup>;
  /** Id of the station to show; empty is all of them. */
  station: string;
  /** Words that an event must all have somewhere. */
  text: string;
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function fits(event: MeshEvent, filter: EventFilter, wanted: readonly string[]): boolean {
  const { group, word } = EVENT_KINDS[event.kind];
  if (filter.groups.size > 0 && !filter.groups.has(group)) return false;
  if (filter.station !== '' && event.station_id !== filter.station) return false;
  if (wanted.length === 0) return true;
  const parts = [event.detail, word, event.kind, event.station_name, event.agent, event.station_id];
  const all = parts.join('\n').toLowerCase();
  return wanted.every((part) => all.includes(part));
}

/** The events that fit, newest first. */
export function filterEvents(events: readonly MeshEvent[], filter: EventFilter): MeshEvent[] {
  const wanted = words(filter.text);
  return events.filter((event) => fits(event, filter, wanted)).sort((a, b) => b.seq - a.seq);
}

/** Stations that events tell of, each under its newest name, by name. */
export function stationsIn(events: readonly MeshEvent[]): { id: string; name: string }[] {
  const names = new Map<string, string>();
  for (const { station_id: id, station_name: name } of events)
    if (id !== undefined) names.set(id, name ?? names.get(id) ?? id);
  return [...names]
    .map(([id, name]) => ({ id, name }))
    .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

/** Groups from the text they are remembered as; what is none is left out. */
export function groupsFrom(text: string): ReadonlySet<EventGroup> {
  const named = text.split(',');
  return new Set(EVENT_GROUPS.map(({ group }) => group).filter((group) => named.includes(group)));
}

/** The text to remember after `group` was chosen or put away. */
export function toggleGroup(groups: ReadonlySet<EventGroup>, group: EventGroup): string {
  const next = new Set(groups);
  if (!next.delete(group)) next.add(group);
  return [...next].join(',');
}

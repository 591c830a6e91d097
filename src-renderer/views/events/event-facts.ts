import type { MeshEvent } from '../../../src-shared/views/mesh.ts';

/** The groups of kinds that a person filters by. */
export type EventGroup = 'stations' | 'agents' | 'connection' | 'refused';

/** How a kind of event is said, and the group it belongs to. */
export const EVENT_KINDS: Readonly<Record<MeshEvent['kind'], { word: string; group: EventGroup }>> = {
  'station.joined': { word: 'Station joined', group: 'stations' },
  'station.returned': { word: 'Station returned', group: 'stations' },
  'station.late': { word: 'Station late', group: 'stations' },
  'station.offline': { word: 'Station offline', group: 'stations' },
  'station.left': { word: 'Station left', group: 'stations' },
  'station.renamed': { word: 'Station renamed', group: 'stations' },
  'agent.registered': { word: 'Agent offered', group: 'agents' },
  'agent.changed': { word: 'Agent changed', group: 'agents' },
  'agent.deregistered': { word: 'Agent withdrawn', group: 'agents' },
  'agent.conflict': { word: 'Agent conflict', group: 'agents' },
  'message.refused': { word: 'Message refused', group: 'refused' },
  'connection.lost': { word: 'Hub lost', group: 'connection' },
  'connection.restored': { word: 'Hub back', group: 'connection' },
};

/** What narrows the list of events. */
export interface EventFilter {
  text: string;
  /** A group; empty for any. */
  group: string;
  /** The id of a station; empty for any. */
  station: string;
}

/** Whether an event is of the group and station, and every word of the filter is in what it says. */
export function matchesEvent(event: MeshEvent, { text, group, station }: EventFilter): boolean {
  if (group !== '' && EVENT_KINDS[event.kind].group !== group) return false;
  if (station !== '' && event.station_id !== station) return false;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [EVENT_KINDS[event.kind].word, event.kind, event.station_name, event.agent, event.detail]
    .join('\n')
    .toLowerCase();
  return words.every((word) => all.includes(word));
}

/** The events that a paused list shows: those that were there when it was paused. */
export function upTo(events: readonly MeshEvent[], seq: number | undefined): readonly MeshEvent[] {
  return seq === undefined ? events : events.filter((event) => event.seq <= seq);
}

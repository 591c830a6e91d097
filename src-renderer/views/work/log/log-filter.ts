import type { LogEntry } from '../../../../src-shared/views/work-detail.ts';

/** What an event is about: the beginning of its type. */
export const KINDS = [
  { value: '', label: 'All events' },
  { value: 'work', label: 'Work' },
  { value: 'station', label: 'Stations' },
  { value: 'agent', label: 'Agents' },
  { value: 'task', label: 'Tasks' },
  { value: 'config', label: 'Config' },
] as const;

/** How far back the log is read, in milliseconds; undefined is all that is kept. */
export const LOG_RANGES = [
  { value: 'hour', label: 'Last hour', ms: 3_600_000 },
  { value: 'day', label: 'Last 24 hours', ms: 86_400_000 },
  { value: 'week', label: 'Last 7 days', ms: 604_800_000 },
  { value: 'all', label: 'All that is kept', ms: undefined },
] as const;
export type LogRange = (typeof LOG_RANGES)[number]['value'];

/** Which entries are shown; empty narrows nothing. */
export interface LogFilter {
  text: string;
  kind: string;
  station: string;
  agent: string;
}

export const NO_LOG_FILTER: LogFilter = { text: '', kind: '', station: '', agent: '' };

/** Whether an entry is shown; text is looked for in everything it says, also in the id of its work. */
export function acceptsEntry(filter: LogFilter): (entry: LogEntry) => boolean {
  const wanted = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return (entry) => {
    if (filter.kind !== '' && !entry.type.startsWith(`${filter.kind}.`)) return false;
    if (filter.station !== '' && entry.station_name !== filter.station) return false;
    if (filter.agent !== '' && entry.agent !== filter.agent) return false;
    if (wanted.length === 0) return true;
    const said = [entry.type, entry.text, entry.station_name, entry.agent, entry.work_id, entry.by]
      .join('\n')
      .toLowerCase();
    return wanted.every((word) => said.includes(word));
  };
}

/** Entries as they were at a time, newest first; all of them when there is no time. */
export function entriesAsOf(entries: readonly LogEntry[], at: number | undefined): LogEntry[] {
  const shown = at === undefined ? [...entries] : entries.filter((entry) => Date.parse(entry.time) <= at);
  return shown.sort((a, b) => b.seq - a.seq);
}

/** How many entries fall into each of `buckets` equal parts of the time from `from` to `to`. */
export function densityOf(entries: readonly LogEntry[], from: number, to: number, buckets: number): number[] {
  const counts = new Array<number>(buckets).fill(0);
  const length = Math.max(1, to - from);
  for (const entry of entries) {
    const index = Math.floor(((Date.parse(entry.time) - from) / length) * buckets);
    if (Number.isNaN(index)) continue;
    const place = Math.min(buckets - 1, Math.max(0, index));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

/** The time of the next or previous entry as seen from a time; undefined when there is none. */
export function neighbour(entries: readonly LogEntry[], at: number, step: 1 | -1): number | undefined {
  const times = entries
    .map((entry) => Date.parse(entry.time))
    .filter((time) => (step > 0 ? time > at : time < at));
  if (times.length === 0) return undefined;
  return step > 0 ? Math.min(...times) : Math.max(...times);
}

/** Different values of a part of the entries, sorted. */
export function valuesOf(entries: readonly LogEntry[], part: 'station_name' | 'agent'): string[] {
  return [...new Set(entries.map((entry) => entry[part]))].filter((value) => value !== undefined).sort();
}

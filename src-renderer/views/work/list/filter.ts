import { z } from 'zod';
import type { WorkView } from '../../../../src-shared/views/work.ts';
import { asks } from '../words.ts';

/** States one can filter by, as the list calls them. */
export const STATE_CHOICES = [
  { value: 'asks', label: 'Asks you' },
  { value: 'stopped', label: 'Stopped' },
  { value: 'running', label: 'Running' },
  { value: 'queued', label: 'Queued' },
  { value: 'unplaceable', label: 'Unplaceable' },
  { value: 'completed', label: 'Completed' },
  { value: 'failed', label: 'Failed' },
  { value: 'cancelled', label: 'Cancelled' },
  { value: 'expired', label: 'Expired' },
] as const;
export type StateChoice = (typeof STATE_CHOICES)[number]['value'];

/** How far back finished works are listed, with its length in milliseconds. */
export const RANGES = [
  { value: 'hour', label: 'Last hour', ms: 3_600_000 },
  { value: 'day', label: 'Last 24 hours', ms: 86_400_000 },
  { value: 'week', label: 'Last 7 days', ms: 604_800_000 },
  { value: 'all', label: 'All time', ms: Number.POSITIVE_INFINITY },
] as const;
export type Range = (typeof RANGES)[number]['value'];

const filterSchema = z.object({
  text: z.string().catch(''),
  mine: z.boolean().catch(false),
  range: z.enum(['hour', 'day', 'week', 'all']).catch('day'),
  agent: z.string().optional().catch(undefined),
  station: z.string().optional().catch(undefined),
  label: z.string().optional().catch(undefined),
  state: z
    .enum(STATE_CHOICES.map((choice) => choice.value))
    .optional()
    .catch(undefined),
});
/** Which works a list shows; what is absent does not narrow. */
export type WorkFilter = z.infer<typeof filterSchema>;

export const NO_FILTER: WorkFilter = filterSchema.parse({});

/** Reads a remembered filter; rubbish is no filter. */
export function parseFilter(text: string): WorkFilter {
  try {
    return filterSchema.parse(JSON.parse(text));
  } catch {
    return NO_FILTER;
  }
}

function choiceOf(work: WorkView): StateChoice {
  switch (work.status) {
    case 'assigned':
      return work.unplaceable === undefined ? 'queued' : 'unplaceable';
    case 'accepted':
      return 'running';
    case 'escalated':
      return asks(work) ? 'asks' : 'stopped';
    case 'completed':
    case 'failed':
    case 'cancelled':
    case 'expired':
      return work.status;
  }
}

const said = new WeakMap<WorkView, string>();

/** All that a text filter looks into, in small letters; made once per work because every key asks all works. */
function wordsOf(work: WorkView): string {
  const before = said.get(work);
  if (before !== undefined) return before;
  const parts = [work.task, work.agent, work.capability, work.station_name, work.requested_by, work.id];
  const words = [...parts, ...(work.labels ?? [])]
    .filter((part) => part !== undefined)
    .join('\n')
    .toLowerCase();
  said.set(work, words);
  return words;
}

/** Whether a work is shown, but for how long ago it ended; `person` is who works at this machine. */
export function acceptor(filter: WorkFilter, person: string | undefined): (work: WorkView) => boolean {
  const wanted = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return (work) =>
    (filter.agent === undefined || work.agent === filter.agent) &&
    (filter.station === undefined || work.station_name === filter.station) &&
    (filter.label === undefined || work.labels?.includes(filter.label) === true) &&
    (filter.state === undefined || choiceOf(work) === filter.state) &&
    (!filter.mine || work.requested_by === person) &&
    (wanted.length === 0 || wanted.every((word) => wordsOf(work).includes(word)));
}

/** Whether anything but the usual range narrows the list. */
export function narrows(filter: WorkFilter): boolean {
  const { range: _, ...rest } = filter;
  return Object.entries(rest).some(([, value]) => value !== undefined && value !== '' && value !== false);
}

/** How many of `finished`, newest first, ended at `since` or later. */
export function endedSince(finished: readonly WorkView[], since: number): number {
  if (since === Number.NEGATIVE_INFINITY) return finished.length;
  let low = 0;
  let high = finished.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Date.parse(finished[middle]?.ended_at ?? '') >= since) low = middle + 1;
    else high = middle;
  }
  return low;
}

import type { WorkProgress, WorkView } from '../../../src-shared/views/work.ts';
import { clock, plural } from '../../ui/format.ts';
import { STATUSES, type Status, type Tone } from '../../ui/status.ts';

/** A state as a person says it, with its shape and colour. */
export interface SaidState {
  status: Status;
  word: string;
  tone: Tone;
}

const STOPPED: SaidState = { status: 'failed', word: 'Stopped', tone: 'fail' };
const CANCELLING: SaidState = { status: 'cancelled', word: 'Cancelling', tone: 'calm' };
const UNPLACEABLE: SaidState = { status: 'queued', word: 'Unplaceable', tone: 'late' };

function usual(status: Status): SaidState {
  return { status, ...STATUSES[status] };
}

/** How a work stands; `late` says that the station that runs it is late. */
export function stateOf(
  work: Pick<WorkView, 'status' | 'waits' | 'unplaceable' | 'cancelling'>,
  late = false,
): SaidState {
  if (work.cancelling === true) return CANCELLING;
  switch (work.status) {
    case 'assigned':
      return work.unplaceable === undefined ? usual('queued') : UNPLACEABLE;
    case 'accepted':
      return late ? { status: 'running', ...STATUSES.late } : usual('running');
    case 'escalated':
      return work.waits?.kind === 'question' ? usual('escalated') : STOPPED;
    case 'completed':
    case 'failed':
    case 'cancelled':
    case 'expired':
      return usual(work.status);
  }
}

/** Whether a person has to answer a question of the agent that runs it. */
export function asks(work: Pick<WorkView, 'status' | 'waits'>): boolean {
  return work.status === 'escalated' && work.waits?.kind === 'question';
}

/** Who does it: the agent, or what it has to be able to do. */
export function doerOf(work: Pick<WorkView, 'agent' | 'capability'>): string {
  return work.agent ?? `any agent for ${work.capability ?? 'it'}`;
}

/** What a queued work waits for, as in *waits for a free slot*. */
function waitsFor(
  work: Pick<WorkView, 'unplaceable' | 'not_before' | 'asked_station' | 'queue_station'>,
  stationName: (id: string) => string,
  now: number,
): string {
  if (work.unplaceable !== undefined) return 'no station can take it';
  if (work.not_before !== undefined && Date.parse(work.not_before) > now)
    return `waits until ${clock(work.not_before, true)}`;
  const station = work.asked_station ?? work.queue_station;
  return station === undefined ? 'waits for a free slot' : `waits for ${stationName(station)}`;
}

/** The line under the title in a list. */
export function metaOf(work: WorkView, stationName: (id: string) => string, now: number): string {
  const doer = doerOf(work);
  const on = work.station_name === undefined ? '' : ` on ${work.station_name}`;
  if (work.status === 'assigned') return `${doer}, ${waitsFor(work, stationName, now)}`;
  if (work.status === 'escalated' && !asks(work)) return `${doer}, ${plural(work.attempt, 'attempt')}`;
  return `${doer}${on}`;
}

/** What a progress says in words: its step and its message. */
export function progressWords({ step, of, message }: WorkProgress): string {
  const place = step === undefined ? '' : of === undefined ? `Step ${step}` : `Step ${step} of ${of}`;
  return [place, message].filter((part) => part !== undefined && part !== '').join(', ');
}

/** The words of the five levels of priority, most urgent first. */
export const PRIORITIES = [
  { level: 1, word: 'Critical' },
  { level: 2, word: 'High' },
  { level: 3, word: 'Normal' },
  { level: 4, word: 'Low' },
  { level: 5, word: 'Lowest' },
] as const;

/** The word of a level of priority. */
export function priorityWord(level: number): string {
  return PRIORITIES.find((priority) => priority.level === level)?.word ?? `Priority ${level}`;
}

/** Up to two letters that stand for a person. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => word[0]) : [words[0]?.slice(0, 2)];
  return letters.join('').toUpperCase();
}

import { isEnded, type WorkRecord } from '../protocol/work.ts';
import type { WorkEvent } from '../protocol/work-change.ts';

/** One bar of the waterfall. Times are milliseconds since the epoch; a bar without `end` still grows. */
export interface WorkSpan {
  id: string;
  work_id: string;
  kind: 'work' | 'queue' | 'attempt' | 'question';
  label: string;
  start: number;
  end?: number;
  state: 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled' | 'lost' | 'asking';
  detail?: string;
  children: WorkSpan[];
}

/** One line of the story of a work: what changed, when, and by whom. */
export interface WorkStep {
  id: string;
  at: string;
  by: string;
  type: WorkEvent['change']['type'];
  text: string;
  signals?: string[];
}

/** A change of a work and the work after it, as the log tells it. */
export interface WorkHistoryEntry {
  event: WorkEvent;
  record: WorkRecord;
}

const END_STATE = {
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  expired: 'failed',
  requeued: 'failed',
  escalated: 'failed',
  lost: 'lost',
} as const;

/** The waterfall of one work: waits in the queue apart from attempts, questions inside them, sub-works below. */
export function workSpans(
  history: readonly WorkHistoryEntry[],
  children: readonly WorkSpan[] = [],
): WorkSpan[] {
  const last = history.at(-1)?.record;
  if (!last) return [];
  const spans: WorkSpan[] = [];
  let waitsSince: number | undefined;
  for (const { event, record } of history) {
    const at = Date.parse(event.at);
    const { change } = event;
    if (record.status === 'assigned') waitsSince ??= at;
    else if (waitsSince !== undefined) {
      spans.push(queueSpan(record, waitsSince, at));
      waitsSince = undefined;
    }
    if (change.type === 'accepted') spans.push(attemptSpan(last, change.attempt));
    if (change.type === 'escalated' && change.cause.kind === 'question')
      findAttempt(spans, last, change.attempt)?.children.push(
        questionSpan(last, event, change.cause.question.text, history),
      );
  }
  if (waitsSince !== undefined) spans.push(queueSpan(last, waitsSince, undefined));
  const root: WorkSpan = {
    id: last.work_id,
    work_id: last.work_id,
    kind: 'work',
    label: last.agent ?? last.capability ?? last.work_id,
    start: Date.parse(last.created_at),
    state: isEnded(last.status) ? END_STATE[last.status as keyof typeof END_STATE] : 'running',
    children: [...spans, ...children],
    ...(last.ended_at === undefined ? {} : { end: Date.parse(last.ended_at) }),
  };
  return [root];
}

function queueSpan(record: WorkRecord, start: number, end: number | undefined): WorkSpan {
  return {
    id: `${record.work_id}:queue:${start}`,
    work_id: record.work_id,
    kind: 'queue',
    label: 'In the queue',
    start,
    state: 'waiting',
    children: [],
    ...(end === undefined ? {} : { end }),
    ...(record.unplaceable && end === undefined ? { detail: record.unplaceable.reason } : {}),
  };
}

function attemptSpan(record: WorkRecord, number: number): WorkSpan {
  const attempt = record.attempts.find((entry) => entry.attempt === number);
  const end = attempt?.ended_at === undefined ? {} : { end: Date.parse(attempt.ended_at) };
  return {
    id: `${record.work_id}:attempt:${number}`,
    work_id: record.work_id,
    kind: 'attempt',
    label: `Attempt ${number} on ${attempt?.station_name ?? 'a station'}`,
    start: attempt ? Date.parse(attempt.started_at) : 0,
    state: attempt?.end ? END_STATE[attempt.end] : 'running',
    children: [],
    ...end,
    ...(attempt?.reason === undefined ? {} : { detail: attempt.reason }),
  };
}

function questionSpan(
  record: WorkRecord,
  asked: WorkEvent,
  text: string,
  history: readonly WorkHistoryEntry[],
): WorkSpan {
  const start = Date.parse(asked.at);
  const later = history.find(
    (entry) =>
      entry.record.status !== 'escalated' && Date.parse(entry.event.at) >= start && entry.event.id > asked.id,
  );
  const answer = later?.event.change.type === 'answered' ? later.event.change.answer : undefined;
  return {
    id: `${record.work_id}:question:${asked.id}`,
    work_id: record.work_id,
    kind: 'question',
    label: text.slice(0, 200),
    start,
    state: 'asking',
    children: [],
    ...(later ? { end: Date.parse(later.event.at) } : {}),
    ...(answer === undefined ? {} : { detail: answer.slice(0, 200) }),
  };
}

function findAttempt(spans: readonly WorkSpan[], record: WorkRecord, number: number): WorkSpan | undefined {
  return spans.find((span) => span.id === `${record.work_id}:attempt:${number}`);
}

/** The story of a work as lines a person can read. */
export function workSteps(history: readonly WorkHistoryEntry[]): WorkStep[] {
  return history.map(({ event }) => {
    const { change } = event;
    const signals = 'signals' in change ? change.signals : undefined;
    return {
      id: event.id,
      at: event.at,
      by: event.by,
      type: change.type,
      text: stepText(event),
      ...(signals === undefined ? {} : { signals }),
    };
  });
}

function stepText({ change, by }: WorkEvent): string {
  switch (change.type) {
    case 'assigned':
      return `Assigned by ${by}`;
    case 'accepted':
      return `${change.station_name} started attempt ${change.attempt}`;
    case 'escalated':
      if (change.cause.kind === 'question') return `Asks: ${change.cause.question.text}`;
      if (change.cause.kind === 'verdict') return `Stopped: ${change.cause.reason}`;
      return `Stopped after ${change.attempt} attempts`;
    case 'answered':
      return `${by} answered: ${change.answer}`;
    case 'acknowledged':
      return `${by} has seen it`;
    case 'cancel_requested':
      return `${by} asked to cancel it: ${change.reason}`;
    case 'completed':
      return `Completed in attempt ${change.attempt}`;
    case 'failed':
      return `Failed: ${change.error.message}`;
    case 'cancelled':
      return `Cancelled: ${change.reason}`;
    case 'expired':
      return `Expired: ${change.reason}`;
    case 'requeued':
      return change.delay_ms > 0
        ? `Back in the queue for ${change.delay_ms} ms: ${change.reason}`
        : `Back in the queue: ${change.reason}`;
    case 'unplaceable':
      return `Cannot be placed: ${change.reason}`;
  }
}

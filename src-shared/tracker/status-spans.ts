import type { Actor } from './actor.ts';
import { dataOf } from './event-data.ts';
import type { TaskState } from './operations/operation.ts';
import { timestampMs } from './timestamp.ts';

/** A stay of a task in a status. */
export interface StatusSpan {
  readonly status: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Undefined while the task is there. */
  readonly to: number | undefined;
  /** Who brought the task there. */
  readonly actor: Actor;
}

/** The stays of a task in its statuses, oldest first. Times that are no moments are taken as the one before. */
export function statusSpans({ events }: Pick<TaskState, 'events'>): StatusSpan[] {
  const spans: StatusSpan[] = [];
  let last = 0;
  for (const event of events) {
    const status = statusAfter(event);
    if (status === undefined) continue;
    const at = Math.max(timestampMs(event.ts) ?? last, last);
    const open = spans.pop();
    if (open !== undefined) spans.push({ ...open, to: at });
    spans.push({ status, from: at, to: undefined, actor: event.actor });
    last = at;
  }
  return spans;
}

function statusAfter(event: TaskState['events'][number]): string | undefined {
  if (event.type === 'task_created') return dataOf('task_created', event).status;
  return event.type === 'status_changed' ? dataOf('status_changed', event).to : undefined;
}

/** The length of a stay in milliseconds, up to `now` while it lasts. */
export function spanLength(span: StatusSpan, now: number): number {
  return Math.max(0, (span.to ?? now) - span.from);
}

/** The middle value; undefined for none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (upper === undefined || sorted.length % 2 === 1) return upper;
  return ((sorted[sorted.length / 2 - 1] ?? upper) + upper) / 2;
}

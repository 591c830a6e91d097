import { type Actor, actorKind, actorName } from './actor.ts';
import type { BoardConfig } from './config.ts';
import type { TaskState } from './operations/operation.ts';
import { median, type StatusSpan, statusSpans } from './status-spans.ts';
import { workflowPlaces } from './workflow.ts';

const DAY = 24 * 60 * 60 * 1_000;

/** How many tasks stood in each status at the end of a day. */
export interface FlowDay {
  /** Such as `2026-11-21`, UTC. */
  readonly day: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** What one person or agent brought to done in a period. */
export interface Throughput {
  readonly actor: string;
  readonly kind: ReturnType<typeof actorKind>;
  readonly completed: number;
  /** From the first start of work to done, the middle value in milliseconds; null when nothing was started. */
  readonly median_cycle_ms: number | null;
}

/** How work flows through a board in a period. */
export interface FlowStats {
  readonly days: readonly FlowDay[];
  readonly completed: number;
  /** From the creation to done, the middle value in milliseconds; null when nothing was completed. */
  readonly median_lead_ms: number | null;
  /** From the first start of work to done, the middle value in milliseconds; null when nothing was started. */
  readonly median_cycle_ms: number | null;
  /** The most completed first. */
  readonly throughput: readonly Throughput[];
}

interface Completion {
  readonly owner: Actor;
  readonly lead: number;
  readonly cycle: number | undefined;
}

/** The flow of the last `days` days, today included; archived tasks count as long as they are done. */
export function flowStats(
  records: readonly TaskState[],
  config: BoardConfig,
  now: Date,
  days: number,
): FlowStats {
  const begin = startOfDay(now.getTime()) - (days - 1) * DAY;
  const { working } = workflowPlaces(config);
  const all = records.map((record) => ({ record, spans: statusSpans(record) }));
  const completions = all.flatMap(({ record, spans }) => {
    const completion = completionOf(record, spans, working);
    return completion === undefined || completion.at < begin ? [] : [completion];
  });
  return {
    days: Array.from({ length: days }, (_, index) => flowDay(all, begin + index * DAY, now.getTime())),
    completed: completions.length,
    median_lead_ms: median(completions.map((each) => each.lead)) ?? null,
    median_cycle_ms: medianCycle(completions),
    throughput: throughput(completions),
  };
}

function startOfDay(ms: number): number {
  return Math.floor(ms / DAY) * DAY;
}

function flowDay(
  all: readonly { readonly record: TaskState; readonly spans: readonly StatusSpan[] }[],
  start: number,
  now: number,
): FlowDay {
  const end = Math.min(start + DAY - 1, now);
  const counts = new Map<string, number>();
  for (const { spans } of all) {
    const there = spans.find((span) => span.from <= end && (span.to === undefined || span.to > end));
    if (there !== undefined) counts.set(there.status, (counts.get(there.status) ?? 0) + 1);
  }
  return { day: new Date(start).toISOString().slice(0, 10), counts: Object.fromEntries(counts) };
}

/** The last time a task reached done, if it still is; undone work is no completion. */
function completionOf(
  { task }: TaskState,
  spans: readonly StatusSpan[],
  working: string,
): (Completion & { readonly at: number }) | undefined {
  const last = spans.at(-1);
  const first = spans[0];
  if (last === undefined || first === undefined || last.status !== 'done') return undefined;
  const started = spans.find((span) => span.status === working);
  return {
    at: last.from,
    owner: task.assigned_to ?? last.actor,
    lead: last.from - first.from,
    cycle: started === undefined ? undefined : last.from - started.from,
  };
}

function medianCycle(completions: readonly Completion[]): number | null {
  return median(completions.flatMap(({ cycle }) => (cycle === undefined ? [] : [cycle]))) ?? null;
}

function throughput(completions: readonly Completion[]): Throughput[] {
  const byOwner = new Map<string, Completion[]>();
  for (const completion of completions) {
    const name = actorName(completion.owner);
    const theirs = byOwner.get(name);
    if (theirs === undefined) byOwner.set(name, [completion]);
    else theirs.push(completion);
  }
  const rows = [...byOwner].map(([actor, theirs]) => ({
    actor,
    kind: actorKind(theirs[0]?.owner ?? actor),
    completed: theirs.length,
    median_cycle_ms: medianCycle(theirs),
  }));
  return rows.sort((a, b) => b.completed - a.completed || (a.actor < b.actor ? -1 : 1));
}

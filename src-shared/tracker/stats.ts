import { actorName } from './actor.ts';
import type { BoardConfig } from './config.ts';
import type { TaskState } from './operations/operation.ts';
import { spanLength, statusSpans } from './status-spans.ts';
import { timestampMs } from './timestamp.ts';
import { wipLimit } from './workflow.ts';

const HOUR = 60 * 60 * 1_000;
const DAY = 24 * HOUR;
const TOP = 5;
const STALE_DAYS = 7;
const VELOCITY_WEEKS = 8;

type Counts = readonly (readonly [string, number])[];

/** A task in a statistic: `id` is its short id when it has one. */
interface StatTask {
  readonly id: string;
  readonly full_id: string;
  readonly title: string;
}

/** The statistics of a board, in the shape that `stats --json` prints. Archived tasks only count in the sums. */
export interface BoardStats {
  readonly summary: {
    readonly active_tasks: number;
    readonly archived_tasks: number;
    readonly total_tasks: number;
    readonly active_events: number;
    readonly total_events: number;
  };
  /** In the order of the workflow. */
  readonly by_status: Counts;
  /** The most frequent first. */
  readonly by_priority: Counts;
  readonly by_type: Counts;
  readonly by_assignee: Counts;
  readonly by_tag: Counts;
  readonly wip: readonly {
    readonly status: string;
    readonly current: number;
    readonly limit: number;
    readonly over: boolean;
  }[];
  readonly busiest: readonly (StatTask & { readonly event_count: number })[];
  readonly recently_active: readonly (StatTask & { readonly status: string; readonly updated_ago: string })[];
  /** Not touched for a week or longer. */
  readonly stale: readonly (StatTask & { readonly status: string; readonly days_stale: number })[];
  readonly agent_activity: readonly { readonly actor: string; readonly event_count: number }[];
  readonly blocked: {
    readonly currently_blocked: number;
    readonly total_blocked_episodes: number;
    readonly avg_blocked_hours: number;
  };
  readonly time_in_status: readonly {
    readonly status: string;
    readonly avg_hours: number;
    readonly sample_count: number;
  }[];
  /** Tasks that reached done, by ISO week, the last eight weeks. */
  readonly velocity: readonly { readonly week: string; readonly count: number }[];
}

/** The statistics of a board at a moment. */
export function boardStats(records: readonly TaskState[], config: BoardConfig, now: Date): BoardStats {
  const active = records.filter((record) => !record.archived);
  const tasks = active.map((record) => record.task);
  const { statuses } = config.workflow;
  const byStatus = countBy(tasks.map((task) => task.status));
  return {
    summary: {
      active_tasks: active.length,
      archived_tasks: records.length - active.length,
      total_tasks: records.length,
      active_events: sum(active.map((record) => record.events.length)),
      total_events: sum(records.map((record) => record.events.length)),
    },
    by_status: inOrder(byStatus, statuses),
    by_priority: mostFirst(countBy(tasks.map((task) => task.priority ?? 'unset'))),
    by_type: mostFirst(countBy(tasks.map((task) => task.type))),
    by_assignee: mostFirst(
      countBy(tasks.map(({ assigned_to: owner }) => (owner === null ? 'unassigned' : actorName(owner)))),
    ),
    by_tag: mostFirst(countBy(tasks.flatMap((task) => task.tags ?? []))),
    wip: statuses.flatMap((status) => {
      const limit = wipLimit(config, status);
      const current = byStatus.get(status) ?? 0;
      return limit === undefined ? [] : [{ status, current, limit, over: current > limit }];
    }),
    busiest: busiest(active),
    recently_active: recentlyActive(active, now),
    stale: stale(active, now),
    agent_activity: mostFirst(
      countBy(active.flatMap((record) => record.events.map((event) => actorName(event.actor)))),
    ).map(([actor, event_count]) => ({ actor, event_count })),
    blocked: blockedTime(active, now),
    time_in_status: timeInStatus(active, statuses, now),
    velocity: velocity(records, now),
  };
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function mostFirst(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([, a], [, b]) => b - a);
}

function inOrder<T>(values: ReadonlyMap<string, T>, order: readonly string[]): [string, T][] {
  const rank = (status: string) => (order.includes(status) ? order.indexOf(status) : order.length);
  return [...values].sort(([a], [b]) => rank(a) - rank(b));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function statTask({ task }: TaskState): StatTask {
  return { id: task.short_id ?? task.id, full_id: task.id, title: task.title };
}

function busiest(active: readonly TaskState[]): BoardStats['busiest'] {
  const sorted = [...active].sort((a, b) => b.events.length - a.events.length);
  return sorted.slice(0, TOP).map((record) => ({ ...statTask(record), event_count: record.events.length }));
}

function idleMs({ task }: TaskState, now: Date): number {
  return Math.max(0, now.getTime() - (timestampMs(task.updated_at) ?? now.getTime()));
}

function recentlyActive(active: readonly TaskState[], now: Date): BoardStats['recently_active'] {
  const sorted = [...active].sort((a, b) => idleMs(a, now) - idleMs(b, now));
  return sorted.slice(0, TOP).map((record) => ({
    ...statTask(record),
    status: record.task.status,
    updated_ago: shortAge(idleMs(record, now)),
  }));
}

function shortAge(ms: number): string {
  if (ms < HOUR) return `${Math.floor(ms / 60_000)}m`;
  if (ms < DAY) return `${Math.round(ms / HOUR)}h`;
  return ms < 30 * DAY ? `${Math.round(ms / DAY)}d` : `${(ms / DAY / 30).toFixed(1)}mo`;
}

function stale(active: readonly TaskState[], now: Date): BoardStats['stale'] {
  return active
    .filter((record) => idleMs(record, now) >= STALE_DAYS * DAY)
    .map((record) => ({
      ...statTask(record),
      status: record.task.status,
      days_stale: oneDecimal(idleMs(record, now) / DAY),
    }))
    .sort((a, b) => b.days_stale - a.days_stale);
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}

function blockedTime(active: readonly TaskState[], now: Date): BoardStats['blocked'] {
  const spans = active.flatMap((record) => statusSpans(record)).filter((span) => span.status === 'blocked');
  const hours = sum(spans.map((span) => spanLength(span, now.getTime()) / HOUR));
  return {
    currently_blocked: active.filter((record) => record.task.status === 'blocked').length,
    total_blocked_episodes: spans.length,
    avg_blocked_hours: spans.length === 0 ? 0 : oneDecimal(hours / spans.length),
  };
}

function timeInStatus(
  active: readonly TaskState[],
  statuses: readonly string[],
  now: Date,
): BoardStats['time_in_status'] {
  const lengths = new Map<string, number[]>();
  for (const span of active.flatMap((record) => statusSpans(record))) {
    const hours = spanLength(span, now.getTime()) / HOUR;
    const there = lengths.get(span.status);
    if (there === undefined) lengths.set(span.status, [hours]);
    else there.push(hours);
  }
  return inOrder(lengths, statuses).map(([status, hours]) => ({
    status,
    avg_hours: oneDecimal(sum(hours) / hours.length),
    sample_count: hours.length,
  }));
}

function velocity(records: readonly TaskState[], now: Date): BoardStats['velocity'] {
  const done = countBy(
    records.flatMap((record) =>
      statusSpans(record)
        .filter((span) => span.status === 'done')
        .map((span) => isoWeek(span.from)),
    ),
  );
  return Array.from({ length: VELOCITY_WEEKS }, (_, index) => {
    const week = isoWeek(now.getTime() - (VELOCITY_WEEKS - 1 - index) * 7 * DAY);
    return { week, count: done.get(week) ?? 0 };
  });
}

/** The ISO week of a moment in UTC, such as `2026-W47`. */
export function isoWeek(ms: number): string {
  const day = new Date(ms);
  const weekday = (day.getUTCDay() + 6) % 7;
  const thursday = new Date(
    Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() - weekday + 3),
  );
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY));
  return `${year}-W${String(week).padStart(2, '0')}`;
}

import { actorName } from '../../src-shared/tracker/actor.ts';
import type { BoardConfig } from '../../src-shared/tracker/config.ts';
import type { TaskState } from '../../src-shared/tracker/operations/operation.ts';
import { median, type StatusSpan, spanLength, statusSpans } from '../../src-shared/tracker/status-spans.ts';
import { workflowPlaces } from '../../src-shared/tracker/workflow.ts';
import { addBills, type Bill } from '../../src-shared/views/bill.ts';
import type { ActorView, BoardStats, TaskSpans } from '../../src-shared/views/board.ts';
import { actorView } from './actor-view.ts';
import { workMarks } from './card-work.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const WEEKS = 8;
const CYCLE_DAYS = 90;
const STALE_DAYS = 7;
const MOST = 50;

/** The times of a task in each status, for the window. */
export function taskSpans(state: TaskState): TaskSpans {
  return {
    task_id: state.task.id,
    spans: statusSpans(state).map(({ status, from, to }) => ({
      status,
      from: new Date(from).toISOString(),
      ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
    })),
  };
}

/** From the first start of work to the end, in milliseconds; undefined when it did not start or is not done. */
function cycleOf(spans: readonly StatusSpan[], working: string): { at: number; ms: number } | undefined {
  const last = spans.at(-1);
  const started = spans.find((span) => span.status === working);
  if (last?.status !== 'done' || started === undefined) return undefined;
  return { at: last.from, ms: last.from - started.from };
}

function share(sorted: readonly number[], part: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)];
}

/** How long work takes on a board: from the first start to done, over the last 90 days. */
export function cycleTimes(
  states: readonly TaskState[],
  config: BoardConfig,
  now: number,
): BoardStats['cycle'] {
  const { working } = workflowPlaces(config);
  const cycles = states
    .flatMap((state) => cycleOf(statusSpans(state), working) ?? [])
    .filter(({ at }) => at >= now - CYCLE_DAYS * DAY)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  const [middle, late] = [median(cycles), share(cycles, 0.85)];
  return {
    count: cycles.length,
    ...(middle === undefined ? {} : { median: middle }),
    ...(late === undefined ? {} : { p85: late }),
  };
}

function weeksOf(
  all: readonly { state: TaskState; spans: readonly StatusSpan[] }[],
  now: number,
): BoardStats['weeks'] {
  const first = now - WEEKS * WEEK;
  const weeks = Array.from({ length: WEEKS }, (_, index) => ({
    start: new Date(first + index * WEEK + DAY).toISOString().slice(0, 10),
    created: 0,
    done: 0,
  }));
  const weekAt = (ms: number) => weeks[Math.floor((ms - first) / WEEK)];
  for (const { state, spans } of all) {
    const created = weekAt(Date.parse(state.task.created_at));
    if (created !== undefined) created.created += 1;
    const last = spans.at(-1);
    const done = last?.status === 'done' ? weekAt(last.from) : undefined;
    if (done !== undefined) done.done += 1;
  }
  return weeks;
}

function inStatus(
  all: readonly { state: TaskState; spans: readonly StatusSpan[] }[],
  config: BoardConfig,
  now: number,
): BoardStats['in_status'] {
  const closed = new Set(workflowPlaces(config).closed);
  return config.workflow.statuses
    .filter((status) => !closed.has(status))
    .map((status) => {
      const stays = all.flatMap(({ spans }) => spans.filter((span) => span.status === status));
      const here = all.filter(({ state }) => !state.archived && state.task.status === status);
      const ages = here.map(({ state }) => now - Date.parse(state.task.last_status_changed_at));
      const middle = median(stays.map((span) => spanLength(span, now)));
      return {
        status,
        open: here.length,
        ...(middle === undefined ? {} : { median: middle }),
        ...(ages.length === 0 ? {} : { longest: Math.max(0, ...ages) }),
      };
    });
}

function doersOf(states: readonly TaskState[], config: BoardConfig): BoardStats['doers'] {
  const closed = new Set(workflowPlaces(config).closed);
  const doers = new Map<string, { actor: ActorView; done: number; open: number; events: number }>();
  const of = (actor: Parameters<typeof actorView>[0]) => {
    const key = actorName(actor);
    const doer = doers.get(key) ?? { actor: actorView(actor), done: 0, open: 0, events: 0 };
    doers.set(key, doer);
    return doer;
  };
  for (const { task, events, archived } of states) {
    if (task.assigned_to !== null) {
      if (task.status === 'done') of(task.assigned_to).done += 1;
      else if (!archived && !closed.has(task.status)) of(task.assigned_to).open += 1;
    }
    for (const event of events) of(event.actor).events += 1;
  }
  return [...doers.values()].sort((a, b) => b.done - a.done || b.events - a.events).slice(0, MOST);
}

function staleOf(states: readonly TaskState[], config: BoardConfig, now: number): BoardStats['stale'] {
  const closed = new Set(workflowPlaces(config).closed);
  return states
    .filter(({ task, archived }) => !archived && !closed.has(task.status))
    .filter(({ task }) => now - Date.parse(task.updated_at) >= STALE_DAYS * DAY)
    .sort((a, b) => (a.task.updated_at < b.task.updated_at ? -1 : 1))
    .slice(0, MOST)
    .map(({ task }) => ({
      task_id: task.id,
      short_id: task.short_id ?? task.id.slice(-6),
      title: task.title.slice(0, 200),
      since: task.updated_at,
    }));
}

/** What the runs of each task cost, as their logs say it. */
function costOf(states: readonly TaskState[]): BoardStats['cost'] {
  const lines = states
    .flatMap(({ task, events }) => {
      const bills = new Map<string, Bill>();
      for (const { work, cost } of workMarks(events)) if (cost !== undefined) bills.set(work, cost);
      if (bills.size === 0) return [];
      const short_id = task.short_id ?? task.id.slice(-6);
      const bill = addBills(bills.values());
      return [{ task_id: task.id, short_id, title: task.title.slice(0, 200), runs: bills.size, bill }];
    })
    .sort((a, b) => b.bill.usd - a.bill.usd);
  const middle = median(lines.map(({ bill }) => bill.usd));
  return {
    total: addBills(lines.map(({ bill }) => bill)),
    tasks: lines.length,
    ...(middle === undefined ? {} : { median: middle }),
    lines: lines.slice(0, MOST),
  };
}

/** The figures of a board at a moment, in milliseconds since 1970. */
export function boardFigures(states: readonly TaskState[], config: BoardConfig, now: number): BoardStats {
  const all = states.map((state) => ({ state, spans: statusSpans(state) }));
  return {
    weeks: weeksOf(all, now),
    cycle: cycleTimes(states, config, now),
    in_status: inStatus(all, config, now),
    doers: doersOf(states, config),
    cost: costOf(states),
    stale: staleOf(states, config, now),
  };
}

import { type Actor, actorName, sameActor } from './actor.ts';
import type { BoardConfig } from './config.ts';
import { PRIORITIES, URGENCIES } from './fields.ts';
import { dependenciesOf, type RelationGraph } from './graph.ts';
import type { TaskSnapshot } from './snapshot.ts';
import { statusName, wipLimit, workflowPlaces } from './workflow.ts';

/** What the next task is chosen from. */
export interface NextInput {
  /** The active tasks. */
  readonly tasks: readonly TaskSnapshot[];
  /** The relationships of the board, archived tasks included. */
  readonly graph: RelationGraph;
  readonly config: BoardConfig;
  /** Who asks. Without it only tasks that nobody has are offered. */
  readonly actor?: Actor;
  /** Where to look, instead of the statuses that are ready by the workflow. */
  readonly statuses?: readonly string[];
}

/** A ready task that is left out, and why. */
export interface SkippedTask {
  readonly task: TaskSnapshot;
  readonly reason: string;
}

/** The tasks to work on, best first, and those that have to wait. */
export interface NextChoice {
  readonly candidates: readonly TaskSnapshot[];
  readonly skipped: readonly SkippedTask[];
}

/** The statuses of work that its owner comes back to. */
const RESUMED: readonly string[] = ['in_progress', 'in_planning'];
/** The statuses that are never offered, even when somebody names them. */
const NEVER: readonly string[] = ['needs_human', 'blocked', 'done', 'cancelled'];

/**
 * The tasks to work on next: first what the actor has begun, then ready tasks that are free or its own, by
 * priority, urgency and age. Tasks that wait for others are left out; so is everything new while the column
 * for running work is full.
 */
export function chooseNext(input: NextInput): NextChoice {
  const { tasks, config, actor } = input;
  const places = workflowPlaces(config);
  const alive = tasks.filter((task) => task.tombstoned !== true);
  const resumed = alive.filter(
    (task) =>
      actor !== undefined &&
      (RESUMED.includes(task.status) || task.status === places.working) &&
      sameActor(task.assigned_to, actor),
  );
  const wanted = input.statuses ?? places.ready;
  const ready = alive.filter(
    (task) =>
      wanted.includes(task.status) &&
      !NEVER.includes(task.status) &&
      !places.closed.includes(task.status) &&
      !resumed.includes(task) &&
      (task.assigned_to === null || (actor !== undefined && sameActor(task.assigned_to, actor))),
  );
  const full = fullColumn(alive, config, places.working);
  const candidates: TaskSnapshot[] = [];
  const skipped: SkippedTask[] = [];
  for (const task of ready.sort(compareUrgent)) {
    const reason = waitsFor(task, input.graph, places.closed) ?? full;
    if (reason === undefined) candidates.push(task);
    else skipped.push({ task, reason });
  }
  return { candidates: [...resumed.sort(compareUrgent), ...candidates], skipped };
}

/** Why a task has to wait for others: the open tasks it depends on or that block it. */
function waitsFor(
  task: Pick<TaskSnapshot, 'id'>,
  graph: RelationGraph,
  closed: readonly string[],
): string | undefined {
  const open = dependenciesOf(graph, task.id).filter((each) => !closed.includes(each.status));
  if (open.length === 0) return undefined;
  return `It waits for ${open.map((each) => each.short_id ?? each.id).join(', ')}.`;
}

/** Why nothing new may begin; undefined while the column for running work has room. */
function fullColumn(tasks: readonly TaskSnapshot[], config: BoardConfig, status: string): string | undefined {
  const limit = wipLimit(config, status);
  const count = tasks.filter((task) => task.status === status).length;
  if (limit === undefined || count < limit) return undefined;
  return `${statusName(config, status)} is full: ${count} of ${limit} tasks.`;
}

/** Orders tasks by priority, then urgency (none counts as normal), then age. Negative when `a` is first. */
function compareUrgent(a: TaskSnapshot, b: TaskSnapshot): number {
  return (
    rank(PRIORITIES, a.priority ?? 'medium') - rank(PRIORITIES, b.priority ?? 'medium') ||
    rank(URGENCIES, a.urgency ?? 'normal') - rank(URGENCIES, b.urgency ?? 'normal') ||
    (a.id < b.id ? -1 : 1)
  );
}

function rank(order: readonly string[], value: string): number {
  const index = order.indexOf(value);
  return index === -1 ? order.length : index;
}

/** Words for who has a task. */
export function ownerName(task: Pick<TaskSnapshot, 'assigned_to'>): string {
  return task.assigned_to === null ? 'nobody' : actorName(task.assigned_to);
}

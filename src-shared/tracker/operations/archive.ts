import { refuse } from '../verdict.ts';
import {
  checkActor,
  checkWritable,
  newEvent,
  type OperationContext,
  type Plan,
  planned,
  type TaskState,
  taskLabel,
} from './operation.ts';

/** Plans the move of a task to the archive; the caller moves the files. */
export function planArchive(state: TaskState, context: OperationContext): Plan {
  if (state.archived) return refuse('CONFLICT', `${taskLabel(state.task)} is already archived.`);
  const refusal = checkWritable(state, context);
  if (refusal !== undefined) return refusal;
  return planned(state, [newEvent(state.task.id, 'task_archived', {}, context)]);
}

/** Plans the way back from the archive; the caller moves the files. */
export function planUnarchive(state: TaskState, context: OperationContext): Plan {
  if (!state.archived) return refuse('CONFLICT', `${taskLabel(state.task)} is not archived.`);
  const refusal = checkActor(context.actor);
  if (refusal !== undefined) return refusal;
  return planned(state, [newEvent(state.task.id, 'task_unarchived', {}, context)]);
}

/** How long a finished task stays on the board before `archive --stale` takes it: since before yesterday. */
export function isStale(state: TaskState, now: Date): boolean {
  const { status, done_at } = state.task;
  if (status !== 'done' || done_at === null || state.archived) return false;
  const yesterday = new Date(now.getTime() - 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
  return done_at.slice(0, 10) < yesterday;
}

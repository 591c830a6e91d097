import { parseShortId } from '../ids.ts';
import { refuse } from '../verdict.ts';
import {
  checkActor,
  newEvent,
  nothingToDo,
  type OperationContext,
  type Plan,
  planned,
  type TaskState,
} from './operation.ts';

/** Plans a short id for a task that has none, or another one in its place; archived tasks get theirs too. */
export function planShortId(
  state: TaskState,
  input: { readonly shortId: string },
  context: OperationContext,
): Plan {
  const refusal = checkActor(context.actor);
  if (refusal !== undefined) return refusal;
  const short = parseShortId(input.shortId);
  if (short === undefined) {
    return refuse('INVALID_ID', `${JSON.stringify(input.shortId)} is no short id such as LAT-42.`);
  }
  if (short.text === state.task.short_id) return nothingToDo(state, `Already ${short.text}`);
  const data = { short_id: short.text };
  return planned(state, [newEvent(state.task.id, 'task_short_id_assigned', data, context)]);
}

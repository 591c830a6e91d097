import { type Actor, actorName, sameActor } from '../actor.ts';
import type { JsonValue } from '../json.ts';
import {
  checkActor,
  checkWritable,
  newEvent,
  nothingToDo,
  type OperationContext,
  type Plan,
  planned,
  type TaskState,
} from './operation.ts';

/** Plans the assignment of a task to an actor, or to nobody with null. */
export function planAssign(
  state: TaskState,
  input: { readonly to: Actor | null },
  context: OperationContext,
): Plan {
  const refusal = checkWritable(state, context) ?? (input.to === null ? undefined : checkActor(input.to));
  if (refusal !== undefined) return refusal;
  const from = state.task.assigned_to;
  if (sameActor(from, input.to)) {
    return nothingToDo(
      state,
      input.to === null ? 'Already unassigned' : `Already assigned to ${actorName(input.to)}`,
    );
  }
  const data = { from: from as JsonValue, to: input.to as JsonValue };
  return planned(state, [newEvent(state.task.id, 'assignment_changed', data, context)]);
}

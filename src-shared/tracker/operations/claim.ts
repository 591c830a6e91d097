import { sameActor } from '../actor.ts';
import { judgeMove } from '../gates.ts';
import type { JsonValue } from '../json.ts';
import { ownerName } from '../next-task.ts';
import { refuse } from '../verdict.ts';
import { shortestWay, workflowPlaces } from '../workflow.ts';
import { planAssign } from './assign.ts';
import { inOneWrite } from './complete.ts';
import {
  checkWritable,
  newEvent,
  nothingToDo,
  type OperationContext,
  type Plan,
  planned,
  type TaskState,
  taskLabel,
} from './operation.ts';

/**
 * Plans that the actor takes a task: the assignment, then the shortest way of at most three moves to the status
 * of running work. A task that the actor works on already is left as it is. Refused candidates are no end:
 * the caller goes on with the next one.
 */
export function planClaim(
  state: TaskState,
  input: { readonly plan: string | null },
  context: OperationContext,
): Plan {
  const refusal = checkWritable(state, context);
  if (refusal !== undefined) return refusal;
  const { task } = state;
  const { working } = workflowPlaces(context.config);
  const mine = sameActor(task.assigned_to, context.actor);
  if (task.assigned_to !== null && !mine) {
    return refuse('ALREADY_CLAIMED', `${taskLabel(task)} belongs to ${ownerName(task)}.`);
  }
  if (task.status === working || task.status === 'in_planning') {
    if (mine) return nothingToDo(state, `Already at status ${task.status}`);
    return refuse('ALREADY_CLAIMED', `${taskLabel(task)} is already ${task.status}.`);
  }
  const way = shortestWay(context.config, task.status, working);
  if (way === undefined) {
    return refuse('INVALID_TRANSITION', `No way of three moves leads from ${task.status} to ${working}.`);
  }
  return inOneWrite(state, [
    (at) => planAssign(at, { to: context.actor }, context),
    ...way.map((to) => (at: TaskState) => planStep(at, to, input.plan, context)),
  ]);
}

function planStep(state: TaskState, to: string, plan: string | null, context: OperationContext): Plan {
  const { task, events } = state;
  const verdict = judgeMove(context.config, { task, events, to, plan });
  if (!verdict.ok) return verdict;
  const data: Record<string, JsonValue> = { from: task.status, to };
  return planned(state, [newEvent(task.id, 'status_changed', data, context)]);
}

import { judgeCompletion } from '../gates.ts';
import { type Refusal, refuse } from '../verdict.ts';
import { knownRoles, validTransitions, workflowPlaces } from '../workflow.ts';
import { planAttach } from './attach.ts';
import { planComment } from './comment.ts';
import {
  checkWritable,
  type FileChange,
  newEvent,
  nothingToDo,
  type OperationContext,
  type Plan,
  type Planned,
  planned,
  stateAfter,
  type TaskState,
} from './operation.ts';

const DONE = 'done';
const ROLE = 'review';
const MAX_SUMMARY = 200;

/**
 * Plans the end of a task in one write: a comment with the review, the move to the review status if the task is
 * not there, the review as an artifact, and the move to done. The transitions and the policy of done count.
 */
export function planComplete(
  state: TaskState,
  input: { readonly review: string },
  context: OperationContext,
): Plan {
  const refusal = checkWritable(state, context);
  if (refusal !== undefined) return refusal;
  if (state.task.status === DONE) return nothingToDo(state, `Already at status ${DONE}`);
  const review = input.review.trim();
  if (review === '') return refuse('VALIDATION_ERROR', 'A review needs text.');
  const roles = knownRoles(context.config);
  const role = roles.length === 0 || roles.includes(ROLE) ? { role: ROLE } : {};
  const [summary] = review.split('\n');
  const steps: ((at: TaskState) => Plan)[] = [
    (at) => planComment(at, { body: review, ...role }, context),
    (at) => planReviewMove(at, context),
    (at) =>
      planAttach(
        at,
        {
          source: { kind: 'text', text: review },
          title: 'Review findings',
          summary: (summary ?? '').slice(0, MAX_SUMMARY),
          ...role,
        },
        context,
      ),
    (at) => planDoneMove(at, context),
  ];
  return inOneWrite(state, steps);
}

function planReviewMove(state: TaskState, context: OperationContext): Plan {
  const { review } = workflowPlaces(context.config);
  const { status } = state.task;
  if (review === undefined || status === review) return planned(state, []);
  const straight = validTransitions(context.config, status).includes(DONE);
  const allowed = validTransitions(context.config, status).includes(review);
  if (!allowed) return straight ? planned(state, []) : invalidMove(state, review, context);
  return planned(state, [newEvent(state.task.id, 'status_changed', { from: status, to: review }, context)]);
}

function planDoneMove(state: TaskState, context: OperationContext): Plan {
  const { status } = state.task;
  if (!validTransitions(context.config, status).includes(DONE)) return invalidMove(state, DONE, context);
  const blocked = judgeCompletion(context.config, state.task, DONE);
  if (blocked !== undefined) return blocked;
  return planned(state, [newEvent(state.task.id, 'status_changed', { from: status, to: DONE }, context)]);
}

function invalidMove(state: TaskState, to: string, context: OperationContext): Refusal {
  const { status } = state.task;
  const valid = validTransitions(context.config, status);
  return refuse(
    'INVALID_TRANSITION',
    `Cannot complete from ${status}: it does not lead to ${to}. Valid transitions from ${status}: ${valid.join(', ') || '(none)'}.`,
    { details: { current_status: status, requested_status: to, valid_transitions: valid } },
  );
}

/** Joins steps that plan one after the other; the first refusal refuses them all. */
export function inOneWrite(state: TaskState, steps: readonly ((at: TaskState) => Plan)[]): Plan {
  let at = state;
  const files: FileChange[] = [];
  const warnings: string[] = [];
  for (const step of steps) {
    const plan: Plan = step(at);
    if (!plan.ok) return plan;
    files.push(...plan.files);
    warnings.push(...plan.warnings);
    at = stateAfter(at, plan);
  }
  const whole: Planned = planned(state, at.events.slice(state.events.length), { files, warnings });
  return whole;
}

import { isBackwardMove } from '../effects.ts';
import { judgeMove, unknownStatus } from '../gates.ts';
import { planReset } from '../plan-text.ts';
import { formatTimestamp } from '../timestamp.ts';
import { refuse } from '../verdict.ts';
import { resolveStatus } from '../workflow.ts';
import {
  checkWritable,
  newEvent,
  nothingToDo,
  type OperationContext,
  type Plan,
  planned,
  type TaskState,
} from './operation.ts';

/** A move to another status. */
export interface StatusInput {
  /** The status, by its name or the name that the board shows. */
  readonly status: string;
  /** The text of the plan file; null when there is none. */
  readonly plan: string | null;
  /** Goes past the gates; needs a reason. */
  readonly force?: boolean;
  readonly reason?: string;
  /** How many tasks are in the target status now, for the warning about its limit. */
  readonly inTarget?: number;
}

/** Plans a move to another status through the gates of the board's workflow, or past them by force. */
export function planStatus(state: TaskState, input: StatusInput, context: OperationContext): Plan {
  const refusal = checkWritable(state, context);
  if (refusal !== undefined) return refusal;
  const { task, events } = state;
  const to = resolveStatus(context.config, input.status);
  if (to === undefined) return unknownStatus(context.config, input.status);
  if (to === task.status) return nothingToDo(state, `Already at status ${to}`);
  const reason = (input.reason ?? context.provenance?.reason ?? '').trim();
  const verdict = judgeMove(context.config, {
    task,
    events,
    to,
    plan: input.plan,
    ...(input.inTarget === undefined ? {} : { inTarget: input.inTarget }),
  });
  if (input.force === true && reason === '') {
    return refuse('VALIDATION_ERROR', '--force requires --reason.', {
      hint: 'Say why the board’s rules do not count this time.',
    });
  }
  if (!verdict.ok && input.force !== true) return verdict;
  const data =
    input.force === true ? { from: task.status, to, force: true, reason } : { from: task.status, to };
  const told = reason === '' ? context : { ...context, provenance: { ...context.provenance, reason } };
  const event = newEvent(task.id, 'status_changed', data, told);
  const text = planReset(formatTimestamp(context.now), context.actor);
  const files = isBackwardMove(task.status, to) ? [{ kind: 'plan', how: 'append', text } as const] : [];
  return planned(state, [event], { files, warnings: verdict.ok ? verdict.warnings : [] });
}

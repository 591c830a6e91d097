import type { BoardConfig } from './config.ts';
import type { TaskEvent } from './event.ts';
import { isScaffoldPlan } from './plan-text.ts';
import type { TaskSnapshot } from './snapshot.ts';
import { type Refusal, refuse, type Verdict } from './verdict.ts';
import { isUniversalTarget, statusName, validTransitions, wipLimit } from './workflow.ts';

/** What a move is judged by. */
export interface Move {
  readonly task: TaskSnapshot;
  readonly events: readonly TaskEvent[];
  /** The status to go to, as the config names it. */
  readonly to: string;
  /** The text of the plan file; null when there is none. */
  readonly plan: string | null;
  /** How many tasks are in the target status now, for the warning about its limit. */
  readonly inTarget?: number;
}

/** The status that starts work and so wants a plan. */
const STARTS_WORK = 'in_progress';
const REWORK: readonly string[] = ['in_progress', 'in_planning'];
const DEFAULT_CYCLE_LIMIT = 3;

/**
 * Whether a move is allowed without force, and why not. Judged in this order: the transition, the limit of
 * review cycles, the completion policy, the plan. A full column is a warning, not a refusal.
 */
export function judgeMove(config: BoardConfig, move: Move): Verdict {
  const refusal =
    judgeTransition(config, move) ??
    judgeReviewCycles(config, move) ??
    judgeCompletion(config, move.task, move.to) ??
    judgePlan(move);
  return refusal ?? { ok: true, warnings: wipWarnings(config, move) };
}

function judgeTransition(config: BoardConfig, { task, to }: Move): Refusal | undefined {
  if (!config.workflow.statuses.includes(to)) return unknownStatus(config, to);
  const valid = validTransitions(config, task.status);
  if (valid.includes(to)) return undefined;
  const where = valid.length === 0 ? '(none)' : valid.join(', ');
  return refuse(
    'INVALID_TRANSITION',
    `Invalid transition from ${task.status} to ${to}. Valid transitions from ${task.status}: ${where}. Use --force --reason to override.`,
    { details: { current_status: task.status, requested_status: to, valid_transitions: valid } },
  );
}

/** The refusal of a status that the board does not have. */
export function unknownStatus(config: BoardConfig, status: string): Refusal {
  return refuse('VALIDATION_ERROR', `The board has no status ${JSON.stringify(status)}.`, {
    hint: `Its statuses are ${config.workflow.statuses.join(', ')}.`,
  });
}

/** How often a review has sent the task back. */
function reviewCycles(events: readonly TaskEvent[]): number {
  return events.filter(
    ({ type, data }) =>
      type === 'status_changed' && data.from === 'review' && REWORK.includes(String(data.to)),
  ).length;
}

function judgeReviewCycles(config: BoardConfig, { task, events, to }: Move): Refusal | undefined {
  if (task.status !== 'review' || !REWORK.includes(to)) return undefined;
  const limit = config.workflow.review_cycle_limit ?? DEFAULT_CYCLE_LIMIT;
  const cycles = reviewCycles(events);
  if (cycles < limit) return undefined;
  return refuse(
    'REVIEW_CYCLE_LIMIT',
    `The review has sent this task back ${cycles} times; the limit is ${limit}. Move it to needs_human, or use --force --reason.`,
    { hint: 'A person should look at it before it goes round again.' },
  );
}

/** The roles that the task's evidence proves. */
function provenRoles(task: TaskSnapshot): Set<string> {
  return new Set(task.evidence_refs.flatMap((ref) => (ref.role === null ? [] : [ref.role])));
}

/** Why the completion policy of a status keeps a task out, if it does. Universal targets have no policy. */
export function judgeCompletion(config: BoardConfig, task: TaskSnapshot, to: string): Refusal | undefined {
  const policies = config.workflow.completion_policies ?? {};
  if (isUniversalTarget(config, to) || !Object.hasOwn(policies, to)) return undefined;
  const proven = provenRoles(task);
  const missing = (policies[to]?.require_roles ?? []).filter((role) => !proven.has(role));
  const unassigned = policies[to]?.require_assigned === true && task.assigned_to === null;
  if (missing.length === 0 && !unassigned) return undefined;
  const needs = [
    ...(missing.length === 0 ? [] : [`evidence for ${missing.join(', ')}`]),
    ...(unassigned ? ['someone assigned'] : []),
  ];
  return refuse('COMPLETION_BLOCKED', `A task needs ${needs.join(' and ')} before it can go to ${to}.`, {
    hint:
      missing[0] === undefined
        ? 'Assign it first, or use --force --reason.'
        : `Add a comment or an artifact with --role ${missing[0]}, or use --force --reason.`,
    details: { missing_roles: missing, requires_assignment: unassigned },
  });
}

function judgePlan({ task, to, plan }: Move): Refusal | undefined {
  if (to !== STARTS_WORK || !isScaffoldPlan(plan, task.description)) return undefined;
  return refuse(
    'PLAN_REQUIRED',
    `Plan for ${task.id} is still scaffold. Write the plan (even one line) before moving to ${to}. Override with --force --reason.`,
  );
}

function wipWarnings(config: BoardConfig, { to, inTarget }: Move): string[] {
  const limit = wipLimit(config, to);
  if (limit === undefined || inTarget === undefined || inTarget < limit) return [];
  return [`${statusName(config, to)} holds ${inTarget} of ${limit} tasks already.`];
}

import {
  type Escalation,
  isHeld,
  MAX_HISTORY,
  openQuestion,
  type Severity,
  type WorkAttempt,
  type WorkRecord,
} from './work.ts';
import type { WorkChange, WorkEvent } from './work-change.ts';

/** Why a change does not apply; the record stays as it was. */
export interface Refusal {
  code:
    | 'repeated'
    | 'unknown_work'
    | 'exists'
    | 'ended'
    | 'stale_attempt'
    | 'attempts_used'
    | 'not_held'
    | 'held'
    | 'cancelling'
    | 'other_station'
    | 'waits_for_person'
    | 'no_question'
    | 'no_escalation';
  message: string;
}

/** A change by its type. */
export type Change<T extends WorkChange['type']> = Extract<WorkChange, { type: T }>;

/** What a change makes of a record: the fields that are new, or why it does not apply. */
export type Step = Partial<WorkRecord> | Refusal;

export function accepted(record: WorkRecord, event: WorkEvent, change: Change<'accepted'>): Step {
  if (change.attempt !== record.attempt + 1)
    return no('stale_attempt', `Attempt ${record.attempt + 1} is next, not ${change.attempt}.`);
  if (record.cancel) return no('cancelling', `${record.cancel.by} asked to cancel it.`);
  if (record.status === 'escalated' && !isHeld(record))
    return no('waits_for_person', 'This work waits for a person.');
  if (change.attempt > record.attempts_allowed)
    return no('attempts_used', `All ${record.attempts_allowed} attempts are used up.`);
  if (record.station && record.station !== change.station_id)
    return no('other_station', `This work is for station ${record.station} only.`);
  const attempt: WorkAttempt = {
    attempt: change.attempt,
    station_id: change.station_id,
    station_name: change.station_name,
    queued_at: record.queued_at,
    started_at: event.at,
  };
  const before = isHeld(record)
    ? closeAttempt(record, event, 'lost', `The lease lapsed; ${change.station_name} took over.`)
    : record.attempts;
  return {
    status: 'accepted',
    attempt: change.attempt,
    attempts: bounded([...before, attempt]),
    station_id: change.station_id,
    station_name: change.station_name,
    lease: change.lease,
    started_at: record.started_at ?? event.at,
    why: change.why ?? record.why,
    escalation: undefined,
    unplaceable: undefined,
    not_before: undefined,
  };
}

const RANK: Readonly<Record<Severity, number>> = { medium: 0, high: 1, critical: 2 };

export function escalated(record: WorkRecord, event: WorkEvent, change: Change<'escalated'>): Step {
  const stale = current(record, change.attempt);
  if (stale) return stale;
  const before = record.escalation;
  if (before && isSameCause(before, change)) {
    if (RANK[change.severity] < RANK[before.severity])
      return no('repeated', 'It was escalated with a higher severity already.');
    return {
      escalation: { ...before, severity: change.severity, raised_at: event.at, raised: before.raised + 1 },
    };
  }
  const question = change.cause.kind === 'question';
  if (question && record.status !== 'accepted')
    return no('not_held', 'Only a running attempt can ask a question.');
  if (before && !openQuestion(record)) return no('waits_for_person', 'It waits for a person already.');
  const escalation: Escalation = {
    cause: change.cause,
    severity: change.severity,
    since: event.at,
    raised_at: event.at,
    raised: 1,
  };
  if (question) return { status: 'escalated', escalation };
  return {
    status: 'escalated',
    escalation,
    lease: undefined,
    not_before: undefined,
    attempts: isHeld(record)
      ? closeAttempt(record, event, 'escalated', causeText(change.cause))
      : record.attempts,
  };
}

export function answered(record: WorkRecord, event: WorkEvent, change: Change<'answered'>): Step {
  const question = openQuestion(record);
  if (!question || question.id !== change.question_id)
    return no('no_question', 'This question is not open: it was answered, or its attempt is over.');
  const answer = { question, answer: change.answer, by: event.by, at: event.at, attempt: record.attempt };
  return { status: 'accepted', escalation: undefined, answers: bounded([...record.answers, answer]) };
}

export function requeued(record: WorkRecord, event: WorkEvent, change: Change<'requeued'>): Step {
  const stale = current(record, change.attempt);
  if (stale) return stale;
  if (record.cancel) return no('cancelling', `${record.cancel.by} asked to cancel it.`);
  return {
    status: 'assigned',
    attempts: isHeld(record) ? closeAttempt(record, event, 'requeued', change.reason) : record.attempts,
    attempts_allowed: record.attempts_allowed + (change.more_attempts ?? 0),
    agent: change.agent ?? record.agent,
    queue_station: change.queue_station ?? record.station,
    queued_at: event.at,
    not_before:
      change.delay_ms > 0 ? new Date(Date.parse(event.at) + change.delay_ms).toISOString() : undefined,
    error: change.error ?? record.error,
    station_id: undefined,
    station_name: undefined,
    lease: undefined,
    escalation: undefined,
    unplaceable: undefined,
  };
}

export function ended(
  record: WorkRecord,
  event: WorkEvent,
  status: 'completed' | 'failed' | 'cancelled' | 'expired',
  reason?: string,
): Partial<WorkRecord> {
  return {
    status,
    ended_at: event.at,
    attempts: isHeld(record) ? closeAttempt(record, event, status, reason) : record.attempts,
    lease: undefined,
    escalation: undefined,
    unplaceable: undefined,
    not_before: undefined,
    ...(status === 'completed' ? { error: undefined } : {}),
  };
}

function closeAttempt(
  record: WorkRecord,
  event: WorkEvent,
  end: NonNullable<WorkAttempt['end']>,
  reason?: string,
): WorkAttempt[] {
  return record.attempts.map((attempt) =>
    attempt.attempt === record.attempt && attempt.end === undefined
      ? {
          ...attempt,
          ended_at: event.at,
          end,
          ...(reason === undefined ? {} : { reason: reason.slice(0, 500) }),
        }
      : attempt,
  );
}

export function current(record: WorkRecord, attempt: number): Refusal | undefined {
  if (attempt === record.attempt) return undefined;
  return no('stale_attempt', `Attempt ${record.attempt} is the current one, not ${attempt}.`);
}

export function heldBy(record: WorkRecord, attempt: number): Refusal | undefined {
  return current(record, attempt) ?? (isHeld(record) ? undefined : no('not_held', 'No attempt runs now.'));
}

function isSameCause(before: Escalation, change: Change<'escalated'>): boolean {
  if (before.cause.kind === 'question' && change.cause.kind === 'question')
    return before.cause.question.id === change.cause.question.id;
  return before.cause.kind === change.cause.kind;
}

function causeText(cause: Change<'escalated'>['cause']): string {
  if (cause.kind === 'verdict') return cause.reason;
  if (cause.kind === 'question') return cause.question.text;
  return cause.error?.message ?? 'All attempts are used up.';
}

function bounded<T>(items: T[]): T[] {
  return items.slice(-MAX_HISTORY);
}

export function no(code: Refusal['code'], message: string): Refusal {
  return { code, message };
}

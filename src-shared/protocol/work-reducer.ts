import { assertNever } from '../errors.ts';
import {
  type Escalation,
  isEnded,
  isHeld,
  MAX_HISTORY,
  openQuestion,
  type Severity,
  type WorkAttempt,
  type WorkRecord,
} from './work.ts';
import type { Assigned, SmallChange, WorkChange, WorkEvent } from './work-change.ts';

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

export type Applied = { ok: true; record: WorkRecord } | { ok: false; refusal: Refusal };

type Change<T extends WorkChange['type']> = Extract<WorkChange, { type: T }>;
type Patch = Partial<WorkRecord>;
type Step = Patch | Refusal;

/**
 * The one rule of how work changes: a work never moves backwards, ends once, and never hears a lower attempt.
 * Pure; an event that was applied last is refused as `repeated`, so applying it again changes nothing.
 */
export function applyWorkEvent(record: WorkRecord | undefined, event: WorkEvent): Applied {
  const { change } = event;
  if (change.type === 'assigned') {
    if (!record) return { ok: true, record: firstRecord(event, change) };
    if (record.last_event === event.id) return refuse('repeated', 'This event was applied already.');
    return refuse('exists', `Work ${record.work_id} is assigned already.`);
  }
  if (!record) return refuse('unknown_work', 'Nobody assigned this work.');
  if (record.last_event === event.id) return refuse('repeated', 'This event was applied already.');
  if (isEnded(record.status))
    return refuse('ended', `Work ${record.work_id} has ended: ${record.status}. Nothing comes after that.`);
  const step = stepOf(record, event, change);
  if (isRefusal(step)) return { ok: false, refusal: step };
  return {
    ok: true,
    record: withoutAbsent({
      ...record,
      ...step,
      updated_at: event.at,
      revision: record.revision + 1,
      last_event: event.id,
    }),
  };
}

function firstRecord(event: WorkEvent, change: Assigned): WorkRecord {
  const { order, work_id } = change;
  return withoutAbsent({
    ...order,
    work_id,
    run_id: order.run_id ?? work_id,
    status: 'assigned',
    attempt: 0,
    attempts_allowed: order.max_attempts,
    attempts: [],
    queue_station: order.station,
    queued_at: event.at,
    answers: [],
    unplaceable: change.unplaceable ? { reason: change.unplaceable, since: event.at } : undefined,
    why: change.why ?? [],
    created_at: event.at,
    updated_at: event.at,
    revision: 1,
    last_event: event.id,
  });
}

function stepOf(record: WorkRecord, event: WorkEvent, change: SmallChange | Change<'completed'>): Step {
  switch (change.type) {
    case 'accepted':
      return accepted(record, event, change);
    case 'escalated':
      return escalated(record, event, change);
    case 'answered':
      return answered(record, event, change);
    case 'acknowledged':
      if (!record.escalation) return no('no_escalation', 'This work does not wait for a person.');
      return { escalation: { ...record.escalation, acknowledged: { by: event.by, at: event.at } } };
    case 'cancel_requested':
      if (!isHeld(record)) return no('not_held', 'Nobody runs this work, so it can be cancelled at once.');
      if (record.cancel) return no('cancelling', `${record.cancel.by} asked to cancel it already.`);
      return { cancel: { by: event.by, reason: change.reason, at: event.at } };
    case 'completed':
      return (
        heldBy(record, change.attempt) ?? {
          ...ended(record, event, 'completed'),
          result: change.result,
          result_ref: change.result_ref,
        }
      );
    case 'failed':
      return (
        heldBy(record, change.attempt) ?? {
          ...ended(record, event, 'failed', change.error.message),
          error: change.error,
        }
      );
    case 'cancelled':
      return (
        current(record, change.attempt) ?? {
          ...ended(record, event, 'cancelled', change.reason),
          cancel: record.cancel ?? { by: event.by, reason: change.reason, at: event.at },
        }
      );
    case 'expired':
      return ended(record, event, 'expired', change.reason);
    case 'requeued':
      return requeued(record, event, change);
    case 'unplaceable':
      if (record.status !== 'assigned') return no('held', 'Only work in the queue can be unplaceable.');
      return { unplaceable: { reason: change.reason, since: record.unplaceable?.since ?? event.at } };
    default:
      return assertNever(change);
  }
}

function accepted(record: WorkRecord, event: WorkEvent, change: Change<'accepted'>): Step {
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

function escalated(record: WorkRecord, event: WorkEvent, change: Change<'escalated'>): Step {
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

function answered(record: WorkRecord, event: WorkEvent, change: Change<'answered'>): Step {
  const question = openQuestion(record);
  if (!question || question.id !== change.question_id)
    return no('no_question', 'This question is not open: it was answered, or its attempt is over.');
  const answer = { question, answer: change.answer, by: event.by, at: event.at, attempt: record.attempt };
  return { status: 'accepted', escalation: undefined, answers: bounded([...record.answers, answer]) };
}

function requeued(record: WorkRecord, event: WorkEvent, change: Change<'requeued'>): Step {
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

function ended(
  record: WorkRecord,
  event: WorkEvent,
  status: 'completed' | 'failed' | 'cancelled' | 'expired',
  reason?: string,
): Patch {
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

function current(record: WorkRecord, attempt: number): Refusal | undefined {
  if (attempt === record.attempt) return undefined;
  return no('stale_attempt', `Attempt ${record.attempt} is the current one, not ${attempt}.`);
}

function heldBy(record: WorkRecord, attempt: number): Refusal | undefined {
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

function no(code: Refusal['code'], message: string): Refusal {
  return { code, message };
}

function refuse(code: Refusal['code'], message: string): Applied {
  return { ok: false, refusal: { code, message } };
}

function isRefusal(step: Step): step is Refusal {
  return 'code' in step;
}

/** A record as JSON would carry it: absent fields are not there, so replays compare equal. */
function withoutAbsent(record: { [K in keyof WorkRecord]: WorkRecord[K] | undefined }): WorkRecord {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) if (value !== undefined) kept[key] = value;
  return kept as WorkRecord;
}

import { assertNever } from '../errors.ts';
import { isEnded, isHeld, type WorkRecord } from './work.ts';
import type { Assigned, SmallChange, WorkEvent } from './work-change.ts';
import {
  accepted,
  answered,
  type Change,
  current,
  ended,
  escalated,
  heldBy,
  no,
  type Refusal,
  requeued,
  type Step,
} from './work-steps.ts';

export type Applied = { ok: true; record: WorkRecord } | { ok: false; refusal: Refusal };

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

function refuse(code: Refusal['code'], message: string): Applied {
  return { ok: false, refusal: { code, message } };
}

function isRefusal(step: Step): step is Refusal {
  return 'code' in step;
}

/** A record as JSON would carry it: absent fields are not there, so replays compare equal. */
function withoutAbsent(record: { [K in keyof WorkRecord]: WorkRecord[K] | undefined }): WorkRecord {
  const kept: Record<string, unknown> = {};
  for (const key in record) {
    const value = record[key as keyof WorkRecord];
    if (value !== undefined) kept[key] = value;
  }
  return kept as WorkRecord;
}

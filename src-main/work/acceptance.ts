import { LatticeError } from '../../src-shared/errors.ts';
import { isEnded, isHeld, type WorkCandidate, type WorkRecord } from '../../src-shared/protocol/work.ts';
import type { WorkChange } from '../../src-shared/protocol/work-change.ts';

export interface AcceptanceFacts {
  station: { id: string; name: string };
  /** The queue message that brought the work. */
  lease: number;
  /** Milliseconds since the epoch. */
  now: number;
  why(): WorkCandidate[];
}

/**
 * What a station says when the queue hands it a work: it takes the next attempt, or ends what must not run, or
 * says nothing because the message is a double. A running attempt is taken over only with the message it holds:
 * that message comes again exactly when its lease has lapsed.
 */
export function acceptanceOf(record: WorkRecord, facts: AcceptanceFacts): WorkChange | undefined {
  const { station, lease, now } = facts;
  if (isEnded(record.status) || waitOf(record, now) > 0) return undefined;
  if (isHeld(record) ? record.lease !== lease : record.status === 'escalated') return undefined;
  if (record.station !== undefined && record.station !== station.id) return undefined;
  if (record.cancel) return { type: 'cancelled', attempt: record.attempt, reason: record.cancel.reason };
  if (record.deadline !== undefined && Date.parse(record.deadline) <= now)
    return { type: 'expired', reason: 'Its deadline passed in the queue.' };
  if (record.attempt >= record.attempts_allowed) return attemptsUsed(record);
  return {
    type: 'accepted',
    attempt: record.attempt + 1,
    station_id: station.id,
    station_name: station.name,
    lease,
    why: facts.why(),
  };
}

/** How long a work that waits for its next attempt has to wait yet, in milliseconds. */
export function waitOf(record: WorkRecord, now: number): number {
  if (record.status !== 'assigned' || record.not_before === undefined) return 0;
  return Math.max(0, Date.parse(record.not_before) - now);
}

/** Asks a person, because the last attempt allowed was lost. */
export function attemptsUsed(record: WorkRecord): WorkChange {
  const error =
    record.error ?? new LatticeError('station_lost', 'The station that ran it was lost.').toShape();
  return {
    type: 'escalated',
    attempt: record.attempt,
    cause: { kind: 'attempts_used', error },
    severity: 'high',
  };
}

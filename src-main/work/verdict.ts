import { isEnded, isHeld, type Severity, type WorkRecord } from '../../src-shared/protocol/work.ts';
import type { WorkChange } from '../../src-shared/protocol/work-change.ts';
import type { WorkView } from '../../src-shared/views/work.ts';
import { type MeshFacts, placementOf } from './placement.ts';

/** Milliseconds after which the witness judges. */
export interface VerdictTimes {
  /** Facts younger than this are left to the workers and the queue. */
  graceMs: number;
  /** An escalation that nobody acknowledged comes back after this time. */
  raiseAfterMs: number;
}

/** How often an escalation comes back. */
const MAX_RAISED = 3;
const HIGHER: Readonly<Record<Severity, Severity>> = {
  medium: 'high',
  high: 'critical',
  critical: 'critical',
};

/** Whether it is worth reading the whole record of a work; cheap, for every work on the board. */
export function isSuspect(view: WorkView, mesh: MeshFacts, times: VerdictTimes, now: number): boolean {
  if (view.ended_at) return false;
  if (view.deadline !== undefined && Date.parse(view.deadline) <= now) return true;
  if (view.status === 'assigned')
    return view.unplaceable !== undefined || isOld(view.updated_at, times.graceMs, now);
  if (view.waits && view.waits.kind !== 'question') return isDue(view.waits, times, now);
  if (view.waits && isDue(view.waits, times, now)) return true;
  return isGone(mesh, view.station_id) && isOld(view.updated_at, times.graceMs, now);
}

/**
 * What the facts say about a work: a change for its log with the signals that were seen, or nothing.
 * `isQueued` says whether the queue holds an assignment of it, when that is known.
 */
export function verdictOf(
  record: WorkRecord,
  mesh: MeshFacts,
  times: VerdictTimes,
  now: number,
  isQueued: boolean | undefined,
): WorkChange | undefined {
  if (isEnded(record.status)) return undefined;
  const { attempt } = record;
  const signals = signalsOf(record, mesh, now);
  if (
    record.deadline !== undefined &&
    Date.parse(record.deadline) + (isHeld(record) ? times.graceMs : 0) <= now
  )
    return { type: 'expired', reason: 'Its deadline passed.', signals };
  if (record.status === 'assigned') return queuedVerdict(record, mesh, times, now, isQueued, signals);
  if (record.escalation && isDue(dueOf(record), times, now))
    return {
      type: 'escalated',
      attempt,
      cause: record.escalation.cause,
      severity: HIGHER[record.escalation.severity],
      signals: [...signals, `nobody acknowledged it since ${record.escalation.raised_at}`],
    };
  if (!isHeld(record) || !isGone(mesh, record.station_id) || !isOld(record.updated_at, times.graceMs, now))
    return undefined;
  if (record.cancel) return { type: 'cancelled', attempt, reason: record.cancel.reason };
  if (attempt >= record.attempts_allowed)
    return {
      type: 'escalated',
      attempt,
      cause: { kind: 'attempts_used', ...(record.error ? { error: record.error } : {}) },
      severity: 'high',
      signals,
    };
  return { type: 'requeued', attempt, reason: 'The station that ran it is gone.', delay_ms: 0, signals };
}

function queuedVerdict(
  record: WorkRecord,
  mesh: MeshFacts,
  times: VerdictTimes,
  now: number,
  isQueued: boolean | undefined,
  signals: string[],
): WorkChange | undefined {
  const { attempt } = record;
  const place = placementOf(mesh, record);
  if (place.obstacle !== undefined && record.unplaceable?.reason !== place.obstacle)
    return { type: 'unplaceable', reason: place.obstacle, signals };
  const back = { type: 'requeued', attempt, delay_ms: 0, signals } as const;
  if (place.obstacle === undefined && (record.unplaceable || record.agent === undefined)) {
    const agent = record.agent === undefined && place.agent !== undefined ? { agent: place.agent } : {};
    return { ...back, ...agent, reason: 'A station that can take it is there now.' };
  }
  const isElsewhere = record.queue_station !== undefined && record.queue_station !== record.station;
  if (isElsewhere && isGone(mesh, record.queue_station) && isOld(record.queued_at, times.graceMs, now))
    return { ...back, reason: 'The station that was to resume it is gone.' };
  const since = record.not_before ?? record.queued_at;
  if (isQueued === false && isOld(since, times.graceMs, now))
    return { ...back, reason: 'Its assignment was lost.', signals: [...signals, 'not in the work queue'] };
  return undefined;
}

/** The facts behind a verdict, as a person would read them. */
function signalsOf(record: WorkRecord, mesh: MeshFacts, now: number): string[] {
  const signals = [
    `status ${record.status} since ${record.updated_at}`,
    `attempt ${record.attempt} of ${record.attempts_allowed}`,
  ];
  const id = record.station_id ?? record.queue_station ?? record.station;
  if (id !== undefined) {
    const station = mesh.stations().find((one) => one.id === id);
    signals.push(`station ${record.station_name ?? id} ${station?.status ?? 'unknown'}`);
  }
  if (record.agent !== undefined) {
    const offers = mesh.offering(record.agent);
    const online = offers.filter((offer) => offer.status !== 'offline').length;
    signals.push(`agent ${record.agent} offered by ${online} of ${offers.length} stations online`);
  }
  if (record.deadline !== undefined) signals.push(`deadline ${record.deadline}`);
  signals.push(`looked at ${new Date(now).toISOString()}`);
  return signals;
}

function dueOf(record: WorkRecord) {
  const { escalation } = record;
  return {
    raised_at: escalation?.raised_at ?? record.updated_at,
    raised: escalation?.raised ?? 1,
    acknowledged: escalation?.acknowledged !== undefined,
  };
}

function isDue(
  waits: { raised_at: string; raised: number; acknowledged: boolean },
  times: VerdictTimes,
  now: number,
): boolean {
  return !waits.acknowledged && waits.raised < MAX_RAISED && isOld(waits.raised_at, times.raiseAfterMs, now);
}

function isOld(time: string, ageMs: number, now: number): boolean {
  return now - Date.parse(time) >= ageMs;
}

function isGone(mesh: MeshFacts, id: string | undefined): boolean {
  if (id === undefined) return false;
  const station = mesh.stations().find((one) => one.id === id);
  return station === undefined || station.status === 'offline';
}

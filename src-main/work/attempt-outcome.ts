import { type ErrorCode, type ErrorShape, LatticeError } from '../../src-shared/errors.ts';
import { isHeld, type WorkRecord } from '../../src-shared/protocol/work.ts';
import type { WorkChange } from '../../src-shared/protocol/work-change.ts';
import { type AttemptEnd, stopText } from './attempt-run.ts';
import type { WorkLog } from './log.ts';
import type { Results } from './results.ts';

const DELAY_FACTOR = 5;
const MAX_DELAY_MS = 60_000;
/** An outcome is worth waiting for: the hub may be away for a while, in milliseconds. */
const OUTCOME_PATIENCE_MS = 600_000;

/** Failures of the machinery, worth another attempt; what an agent itself says is its outcome. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  'busy',
  'timeout',
  'station_lost',
  'runner_unavailable',
  'not_connected',
  'io_failed',
  'internal',
]);

export interface SettleOptions {
  log: WorkLog;
  results: Results;
  by: string;
  retryDelayMs: number;
  /** Ends the waiting for a hub that is away. */
  giveUp: AbortSignal;
}

/** How to answer the queue message, and how the work stands. */
export interface Settled {
  answer: 'ack' | 'nak' | 'none';
  delayMs: number;
  status: WorkRecord['status'] | undefined;
}

/** Writes how an attempt ended into the log, unless the attempt is not the current one any more. */
export async function settleAttempt(options: SettleOptions, end: AttemptEnd): Promise<Settled> {
  const nothing: Settled = { answer: 'none', delayMs: 0, status: undefined };
  if (end.stop?.kind === 'lost') return nothing;
  const { record } = end.entry;
  const kept =
    end.outcome.status === 'completed'
      ? await options.results.keep(record, end.outcome.result, options.giveUp)
      : undefined;
  const appended = await options.log.append(
    record.work_id,
    options.by,
    (now) =>
      now && now.attempt === record.attempt && isHeld(now)
        ? changeFor(now, end, kept, options.retryDelayMs)
        : undefined,
    {
      known: end.entry,
      patienceMs: OUTCOME_PATIENCE_MS,
      signal: options.giveUp,
    },
  );
  if (appended.kind !== 'appended') return nothing;
  const { change } = appended.event;
  return {
    answer: change.type === 'requeued' ? 'nak' : 'ack',
    delayMs: change.type === 'requeued' ? change.delay_ms : 0,
    status: appended.entry.record.status,
  };
}

function changeFor(
  record: WorkRecord,
  { outcome, stop }: AttemptEnd,
  kept: Awaited<ReturnType<Results['keep']>> | undefined,
  retryDelayMs: number,
): WorkChange {
  const { attempt } = record;
  if (kept) return { type: 'completed', attempt, ...kept };
  if (record.cancel) return { type: 'cancelled', attempt, reason: record.cancel.reason };
  if (stop?.kind === 'deadline') return { type: 'expired', reason: stopText(stop) };
  if (stop?.kind === 'station_stops')
    return { type: 'requeued', attempt, reason: stopText(stop), delay_ms: 0, more_attempts: 1 };
  const error = stop?.kind === 'timeout' ? timeoutError(record) : errorOf(outcome);
  // What a station refuses by its own rules may run at another one.
  const elsewhere = record.station === undefined && error.details?.elsewhere === true;
  if (!RETRYABLE.has(error.code) && !elsewhere) return { type: 'failed', attempt, error };
  if (attempt >= record.attempts_allowed)
    return { type: 'escalated', attempt, cause: { kind: 'attempts_used', error }, severity: 'high' };
  return {
    type: 'requeued',
    attempt,
    reason: error.message.slice(0, 500),
    delay_ms: delayAfter(attempt, retryDelayMs),
    error,
  };
}

function delayAfter(attempt: number, firstMs: number): number {
  return Math.round(Math.min(MAX_DELAY_MS, firstMs * DELAY_FACTOR ** (attempt - 1)));
}

function timeoutError(record: WorkRecord): ErrorShape {
  return new LatticeError('timeout', `The attempt took longer than ${record.timeout_ms} ms.`).toShape();
}

function errorOf(outcome: AttemptEnd['outcome']): ErrorShape {
  if (outcome.status === 'failed') return outcome.error;
  const text = outcome.status === 'cancelled' ? outcome.reason : 'The run ended without an outcome.';
  return new LatticeError('internal', text).toShape();
}

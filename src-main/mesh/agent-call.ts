import { LatticeError } from '../../src-shared/errors.ts';
import {
  INVOKE_TIMEOUT_MS,
  type InvokeOutcome,
  type InvokeReport,
  type InvokeRequest,
  type TaskContext,
} from '../../src-shared/protocol/invoke.ts';
import type { CallEnd } from './pending-call.ts';
import type { Route, RouteQuery, RouteTarget } from './router.ts';

export interface InvokeOptions {
  target: RouteQuery;
  task: string;
  context?: TaskContext;
  /** How long the run may take, in milliseconds; 5 min when absent. */
  timeoutMs?: number;
  /** How long the call may wait for a free slot, in milliseconds; 0 fails with `busy` at once. */
  waitMs?: number;
  /** Aborting it stops the run on its station too. */
  signal?: AbortSignal;
  /** Called with each decision, twice when the first station could not start the run. */
  onRoute?: (route: Route) => void;
  /** Asks for live progress and output. */
  onReport?: (report: InvokeReport['report']) => void;
}

/** A call that came to its end well. */
export interface CompletedCall {
  invocationId: string;
  stationId: string;
  stationName: string;
  agent: string;
  result: string;
  durationMs: number;
}

/** The part of a request that is the same for every station it may go to. */
export type WantedRun = Pick<
  InvokeRequest,
  'task' | 'context' | 'timeout_ms' | 'wait_ms' | 'stream' | 'caller' | 'alive'
>;

const MAX_TASK = 1_000_000;
const MAX_MS = 86_400_000;

/** What a caller asks a station for; @throws LatticeError `invalid_input`, `too_large`, or `cancelled` by then. */
export function wantedRun(
  options: InvokeOptions,
  { caller, alive }: { caller: string; alive: string },
): WantedRun {
  const { task, context = {}, timeoutMs = INVOKE_TIMEOUT_MS, waitMs = 0, onReport, signal } = options;
  if (!isMs(timeoutMs, 1) || !isMs(waitMs, 0))
    throw new LatticeError(
      'invalid_input',
      'A time limit is a whole number of milliseconds, at most one day.',
    );
  if (task.length > MAX_TASK)
    throw new LatticeError('too_large', `The task has ${task.length} characters; a call takes ${MAX_TASK}.`, {
      hint: 'Put large input into a file or a store and say where it is.',
    });
  if (signal?.aborted) throw new LatticeError('cancelled', 'The call was cancelled before it was sent.');
  const stream = onReport !== undefined;
  return { task, context, timeout_ms: timeoutMs, wait_ms: waitMs, stream, caller, alive };
}

function isMs(value: number, min: number): boolean {
  return Number.isInteger(value) && value >= min && value <= MAX_MS;
}

/** The result of a call that came to its end; @throws LatticeError with what it failed with and, in `details`, where. */
export function completedCall(
  end: CallEnd,
  target: RouteTarget,
  more?: Record<string, unknown>,
): CompletedCall {
  const { stationId, stationName, agent } = target;
  if (end.kind === 'outcome' && end.outcome.status === 'completed') {
    const { invocation_id: invocationId, result = '', duration_ms: durationMs } = end.outcome;
    return { invocationId, stationId, stationName, agent, result, durationMs };
  }
  const error = end.kind === 'outcome' ? errorOf(end.outcome, target) : end.error;
  const where = { station_id: stationId, station_name: stationName, agent };
  throw new LatticeError(error.code, error.message, {
    ...(error.hint ? { hint: error.hint } : {}),
    details: { ...where, ...error.details, ...more },
    cause: error.cause,
  });
}

function errorOf(outcome: InvokeOutcome, { stationName, agent }: RouteTarget): LatticeError {
  if (outcome.error) return LatticeError.fromShape(outcome.error);
  const code = outcome.status === 'cancelled' ? 'cancelled' : 'agent_failed';
  return new LatticeError(code, `${agent} on ${stationName} ${outcome.status} without saying why.`);
}

import type { RunControls } from './runner.ts';

/** Why a run has to end before it ends by itself. */
export type Stop = { kind: 'cancelled'; reason: string } | { kind: 'timeout'; ms: number };

/** A wait for an abort or the time limit. */
export interface StopWait {
  /** Resolves when the run has to end. */
  stopped: Promise<void>;
  /** Aborted at the same moment. */
  signal: AbortSignal;
  /** Ends the wait and says what came. */
  disarm(): Stop | undefined;
}

/** Waits for the abort of a run and for its time limit; `pausedMs` says how long the run could not go on so far. */
export function armStop(
  controls: Pick<RunControls, 'signal'>,
  limitMs: number | undefined,
  pausedMs: () => number = () => 0,
): StopWait {
  let why: Stop | undefined;
  let timer: NodeJS.Timeout | undefined;
  let tell: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const abort = new AbortController();
  const stop = (reason: Stop) => {
    why ??= reason;
    abort.abort();
    tell();
  };
  const onAbort = () => stop({ kind: 'cancelled', reason: reasonOf(controls.signal) });
  const wait = (limit: number, counted: number) => {
    timer = setTimeout(
      () => {
        const paused = pausedMs();
        if (paused > counted) wait(paused - counted, paused);
        else stop({ kind: 'timeout', ms: limitMs ?? limit });
      },
      Math.min(limit, 2 ** 31 - 1),
    );
  };
  controls.signal.addEventListener('abort', onAbort, { once: true });
  if (controls.signal.aborted) onAbort();
  else if (limitMs !== undefined) wait(limitMs, 0);
  const disarm = (): Stop | undefined => {
    controls.signal.removeEventListener('abort', onAbort);
    clearTimeout(timer);
    return why;
  };
  return { stopped, signal: abort.signal, disarm };
}

/** Why a signal was aborted, in words. */
export function reasonOf(signal: AbortSignal): string {
  const reason: unknown = signal.reason;
  if (typeof reason === 'string' && reason !== '') return reason;
  return reason instanceof Error && reason.name !== 'AbortError' ? reason.message : 'Cancelled.';
}

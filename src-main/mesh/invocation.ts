import { type ErrorShape, LatticeError } from '../../src-shared/errors.ts';
import type { InvokeReport, InvokeRequest } from '../../src-shared/protocol/invoke.ts';
import type { RunOutcome } from '../agents/runner.ts';
import { ReportStream } from './report-stream.ts';

export interface InvocationOptions {
  request: InvokeRequest;
  cancelGraceMs: number;
  sendReport: (report: InvokeReport) => void;
  /** Called exactly once. */
  sendOutcome: (outcome: RunOutcome) => void;
}

/** One call on its way through this station: queued, running, and then one outcome, whatever happens. */
export class Invocation {
  readonly request: InvokeRequest;
  readonly #options: InvocationOptions;
  readonly #abort = new AbortController();
  readonly #reports: ReportStream;
  readonly #created = performance.now();
  #deadline: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
  #standing: InvokeReport['report'] | undefined;
  #stopped: ErrorShape | undefined;
  #answered = false;
  #settled: (() => void) | undefined;
  #silent = 0;
  #probeFailed = false;
  #endProbe: (() => void) | undefined;

  constructor(options: InvocationOptions) {
    this.#options = options;
    this.request = options.request;
    this.#reports = new ReportStream(options.sendReport);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get durationMs(): number {
    return Math.round(performance.now() - this.#created);
  }

  /** The slot is there: tells so and starts the clock. */
  start(): void {
    if (this.#abort.signal.aborted) throw this.#abort.signal.reason;
    this.report({ type: 'started' });
    const { timeout_ms, agent } = this.request;
    this.#deadline = setTimeout(() => {
      const error = {
        code: 'timeout' as const,
        message: `${agent} did not finish within ${timeout_ms / 1_000} s and was stopped.`,
        hint: 'Give it more time with --timeout.',
      };
      this.#answer({ status: 'failed', error });
      this.#abort.abort(LatticeError.fromShape(error));
    }, timeout_ms);
  }

  report(report: InvokeReport['report']): void {
    if (report.type === 'queued' || report.type === 'started') this.#standing = report;
    if (!this.#answered && this.request.stream) this.#reports.push(report);
  }

  /** Says once more whether it waits or runs, to a caller who asks. */
  tellStanding(): void {
    if (!this.#answered && this.#standing) this.#reports.push(this.#standing);
  }

  /** Asks the run to stop; its outcome follows when it did, or after the grace time. */
  cancel(reason: string): void {
    if (this.#abort.signal.aborted) return;
    this.#grace = setTimeout(
      () => this.#answer({ status: 'cancelled', reason }),
      this.#options.cancelGraceMs,
    );
    this.#abort.abort(new LatticeError('cancelled', reason));
  }

  /** Stops the run because the station ends; resolves when it did, or after the grace time. */
  stop(error: ErrorShape): Promise<void> {
    this.#stopped = error;
    return new Promise((resolve) => {
      const limit = setTimeout(() => {
        this.#answer({ status: 'failed', error });
        resolve();
      }, this.#options.cancelGraceMs);
      this.#settled = () => {
        clearTimeout(limit);
        resolve();
      };
      this.#abort.abort(LatticeError.fromShape(error));
    });
  }

  /** The run ended; only the first outcome counts. */
  settle(outcome: RunOutcome): void {
    const stopped = outcome.status !== 'completed' && this.#stopped;
    this.#answer(stopped ? { status: 'failed', error: stopped } : outcome);
    this.#settled?.();
  }

  /** Counts silent probes in a row. */
  noteProbe(): number {
    this.#endProbe?.();
    this.#silent = this.#probeFailed ? this.#silent + 1 : 0;
    this.#probeFailed = false;
    return this.#silent;
  }

  probeFailed(): void {
    this.#probeFailed = true;
  }

  onProbeEnd(end: () => void): void {
    this.#endProbe = end;
  }

  #answer(outcome: RunOutcome): void {
    if (this.#answered) return;
    this.#answered = true;
    clearTimeout(this.#deadline);
    clearTimeout(this.#grace);
    this.#endProbe?.();
    this.#reports.end();
    this.#options.sendOutcome(outcome);
  }
}

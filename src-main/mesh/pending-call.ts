import { isDeepStrictEqual } from 'node:util';
import type { Msg } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import {
  type InvokeOutcome,
  type InvokeReport,
  invokeReplySchema,
} from '../../src-shared/protocol/invoke.ts';
import { isNoResponders } from './reply-inbox.ts';
import type { RouteTarget } from './router.ts';
import { read } from './wire.ts';

/** How an attempt to call a station ended; `not_started` may be tried elsewhere. */
export type CallEnd =
  | { kind: 'outcome'; outcome: InvokeOutcome }
  | { kind: 'not_started'; reason: string; error: LatticeError }
  | { kind: 'error'; error: LatticeError };

export interface PendingCallOptions {
  target: RouteTarget;
  onReport: ((report: InvokeReport['report']) => void) | undefined;
  /** How long the call may take before it is given up, in milliseconds. */
  deadlineMs: number;
  /** How long to wait for a cancelled run to confirm that it stopped, in milliseconds. */
  cancelWaitMs: number;
  /** How long to try again when nobody listens, in milliseconds. */
  returnWaitMs: number;
  /** Sends the request once more, to hear how the call stands; `mayStart` while nothing says that it did. */
  sendAgain: (again: { mayStart: boolean; ageMs: number }) => void;
  /** Tells the station to stop the run. */
  sendCancel: (reason: string) => void;
  onRefused: (why: string) => void;
  /** Why an answer does not count, if it does not. */
  flawOf: (message: Msg, answer: InvokeReport | InvokeOutcome) => string | undefined;
}

const AGAIN_MS = 250;

/** One call as its caller sees it, from the request to the first end that is true. */
export class PendingCall {
  readonly ended: Promise<CallEnd>;
  readonly target: RouteTarget;
  readonly #options: PendingCallOptions;
  readonly #deadline: NodeJS.Timeout;
  readonly #sentAt = performance.now();
  #cancelWait: NodeJS.Timeout | undefined;
  #resolve: (end: CallEnd) => void = () => {};
  #lastSeq = -1;
  #begun = false;
  #asked = false;
  #standing: InvokeReport['report'] | undefined;
  #ended = false;
  #again: NodeJS.Timeout | undefined;
  /** Whether the station may have the request although nothing was heard of it. */
  #isUncertain = false;
  #flaw: string | undefined;

  constructor(options: PendingCallOptions) {
    this.#options = options;
    this.target = options.target;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#deadline = setTimeout(() => this.#onDeadline(), options.deadlineMs);
  }

  /** A message on the reply subject: a report, the outcome, or the hub saying that nobody listens. */
  onReply(message: Msg): void {
    const { stationName } = this.target;
    if (isNoResponders(message)) {
      this.#onNobody();
      return;
    }
    const parsed = read(invokeReplySchema, message);
    if (!parsed.ok) {
      this.#options.onRefused(parsed.why);
      this.#options.sendCancel('The caller cannot read the answers.');
      this.#fail('internal', `${stationName} sent an answer that cannot be read: ${parsed.why}.`);
      return;
    }
    const flaw = this.#options.flawOf(message, parsed.value);
    if (flaw !== undefined) {
      // Anybody may have sent it, so it does not end the call.
      this.#flaw = flaw;
    } else if (parsed.value.kind === 'outcome') this.#onOutcome(parsed.value);
    else if (parsed.value.seq > this.#lastSeq) {
      this.#begun = true;
      this.#lastSeq = parsed.value.seq;
      this.#onReport(parsed.value.report);
    }
  }

  #onNobody(): void {
    const { stationName, agent } = this.target;
    if (this.#cancelWait && !this.#begun)
      this.#fail('cancelled', `${agent} was cancelled before it started.`);
    // A station that heard of the call may come back later than we do; its silence is judged by its heartbeat.
    else if (this.#isUncertain || this.#ageMs < this.#options.returnWaitMs)
      this.#again = setTimeout(() => this.#sendAgain(), AGAIN_MS);
    else if (!this.#begun) this.#notStarted('does not answer calls', `${stationName} does not answer calls.`);
  }

  #onReport(report: InvokeReport['report']): void {
    if (report.type === 'queued' || report.type === 'started') {
      if (isDeepStrictEqual(report, this.#standing)) return;
      this.#standing = report;
    }
    this.#options.onReport?.(report);
  }

  /** Called in turns: asks how the call stands when no answer came for a whole one. */
  ask(): void {
    if (this.#asked && !this.#again) this.resend();
    this.#asked = true;
  }

  /** The request or its outcome may be lost: sends the request again. */
  resend(): void {
    this.#isUncertain = true;
    this.#sendAgain();
  }

  #sendAgain(): void {
    clearTimeout(this.#again);
    this.#again = undefined;
    if (this.#ended) return;
    const mayStart = !this.#begun && !this.#cancelWait;
    this.#options.sendAgain({ mayStart, ageMs: Math.round(this.#ageMs) });
  }

  get #ageMs(): number {
    return performance.now() - this.#sentAt;
  }

  /** The caller does not want it any more: the run is told to stop, and the call ends when it did. */
  cancel(reason: string): void {
    if (this.#cancelWait) return;
    this.#options.sendCancel(reason);
    this.#cancelWait = setTimeout(
      () =>
        this.#fail(
          'cancelled',
          `${this.target.agent} was cancelled, but ${this.target.stationName} did not confirm it.`,
        ),
      this.#options.cancelWaitMs,
    );
  }

  /** The station went offline or left. */
  stationLost(): void {
    const { stationName, agent } = this.target;
    this.#options.sendCancel('The caller gave the station up as lost.');
    this.#fail(
      'station_lost',
      `${stationName} went offline while it ran ${agent}. Whether it finished is not known.`,
    );
  }

  connectionLost(error: LatticeError): void {
    this.#end({ kind: 'error', error });
  }

  #onOutcome(outcome: InvokeOutcome): void {
    const { error } = outcome;
    if (outcome.status !== 'completed' && error?.code === 'busy') {
      const { running, capacity } = { running: '', capacity: '', ...error.details };
      this.#notStarted(
        `${running} of ${capacity} busy`,
        `${this.target.stationName} is busy: ${running} of ${capacity} run.`,
        error.details,
      );
    } else this.#end({ kind: 'outcome', outcome });
  }

  #onDeadline(): void {
    this.#options.sendCancel('The caller waited long enough.');
    const flaw = this.#flaw === undefined ? '' : ` An answer was refused: ${this.#flaw}.`;
    this.#fail(
      'timeout',
      `${this.target.stationName} did not answer within ${this.#options.deadlineMs / 1_000} s.${flaw}`,
    );
  }

  #notStarted(reason: string, message: string, details?: Record<string, unknown>): void {
    const code = details ? 'busy' : 'station_lost';
    const hint = details
      ? 'Wait for a free slot with --wait, or call another station.'
      : 'It may have just stopped.';
    const error = new LatticeError(code, message, { hint, ...(details ? { details } : {}) });
    this.#end({ kind: 'not_started', reason, error });
  }

  #fail(code: 'internal' | 'cancelled' | 'station_lost' | 'timeout', message: string): void {
    this.#end({ kind: 'error', error: new LatticeError(code, message) });
  }

  #end(end: CallEnd): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#cancelWait);
    clearTimeout(this.#again);
    this.#ended = true;
    this.#resolve(end);
  }
}

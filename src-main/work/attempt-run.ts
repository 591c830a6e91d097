import type { NatsConnection } from '@nats-io/nats-core';
import { assertNever, LatticeError } from '../../src-shared/errors.ts';
import { unproven } from '../../src-shared/protocol/sender.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import { isEnded, type WorkRecord } from '../../src-shared/protocol/work.ts';
import type { AgentQuestion, RunControls, RunOutcome, SubWork } from '../agents/runner.ts';
import type { Delivery } from './delivery.ts';
import type { LogEntry, WorkLog } from './log.ts';
import { OutputWriter } from './output-writer.ts';
import type { WorkStates } from './states.ts';

/** One run of an agent for one attempt of a work. */
export interface WorkRun {
  workId: string;
  attempt: number;
  agent: string;
  task: string;
  context: Record<string, unknown>;
}

/** Runs an agent; never rejects, and has ended its processes when it resolves. */
export type Execute = (run: WorkRun, controls: RunControls) => Promise<RunOutcome>;

/** Why a run was stopped from outside. */
export type StopReason =
  | { kind: 'cancel'; by: string; reason: string }
  | { kind: 'lost' }
  | { kind: 'deadline' }
  | { kind: 'timeout' }
  | { kind: 'station_stops' };

export interface AttemptRunOptions {
  nc: NatsConnection;
  names: LatticeNames;
  log: WorkLog;
  states: WorkStates;
  by: string;
  workId: string;
  delivery: Delivery;
  execute: Execute;
  /** Ends the waiting for a hub that is away, when the station stops. */
  giveUp: AbortSignal;
  assign(sub: SubWork, record: WorkRecord, index: number): Promise<string>;
}

/** What ended an attempt: the run by itself, or a stop from outside. */
export interface AttemptEnd {
  outcome: RunOutcome;
  stop: StopReason | undefined;
  entry: LogEntry;
}

/** A running attempt: hears what the log says about its work, and speaks for it. */
export class AttemptRun implements Disposable {
  readonly workId: string;
  /** The newest delivery of the queue message; what is answered when the attempt ends. */
  delivery: Delivery;
  readonly #options: AttemptRunOptions;
  readonly #abort = new AbortController();
  readonly #release: (() => void)[] = [];
  readonly #answers = new Map<string, { resolve(answer: string): void; reject(error: unknown): void }>();
  #entry: LogEntry | undefined;
  #early: LogEntry | undefined;
  #asking = 0;
  #isOver = false;
  #stop: StopReason | undefined;
  #output: OutputWriter | undefined;
  #subWorks = 0;
  #timeout: { left: number; since: number; timer: NodeJS.Timeout } | undefined;

  constructor(options: AttemptRunOptions) {
    this.#options = options;
    this.workId = options.workId;
    this.delivery = options.delivery;
    const watching = options.states.watch(options.workId, (entry) => this.#hear(entry));
    this.#release.push(() => watching[Symbol.dispose]());
  }

  /** The number of this attempt; 0 until it has begun. */
  get attempt(): number {
    return this.#entry?.record.attempt ?? 0;
  }

  /** The message of the queue that this attempt holds. */
  get lease(): number {
    return this.delivery.seq;
  }

  /** Stops the run; the first reason counts. */
  stop(reason: StopReason): void {
    if (this.#stop) return;
    this.#stop = reason;
    const error = new LatticeError('cancelled', 'The run was stopped.');
    for (const waiting of this.#answers.values()) waiting.reject(error);
    this.#answers.clear();
    this.#abort.abort(error);
  }

  /** Runs the agent for the attempt that was accepted with `entry`; resolves when nothing of it runs any more. */
  async run(entry: LogEntry): Promise<AttemptEnd> {
    const { execute } = this.#options;
    const { record } = entry;
    this.#entry = entry;
    if (record.attempt > 1)
      this.#writer().report({ type: 'progress', message: `Attempt ${record.attempt} started.` });
    this.#startTimers(record);
    if (this.#early) this.#hear(this.#early);
    const run: WorkRun = {
      workId: this.workId,
      attempt: record.attempt,
      agent: record.agent ?? '',
      task: record.task,
      context: record.context,
    };
    const outcome = await execute(run, this.#controls(record)).catch((error: unknown): RunOutcome => {
      return { status: 'failed', error: LatticeError.from(error).toShape() };
    });
    this.#isOver = true;
    this.#stopTimers();
    await this.#closeOutput();
    return { outcome, stop: this.#stop, entry: this.#entry };
  }

  /** Stores what is left to say, unless the attempt is not ours any more or the station cannot wait. */
  async #closeOutput(): Promise<void> {
    const output = this.#output;
    if (!output) return;
    const { giveUp } = this.#options;
    const abort = () => void output.close({ abort: true });
    giveUp.addEventListener('abort', abort);
    await output.close({ abort: giveUp.aborted || this.#stop?.kind === 'lost' });
    giveUp.removeEventListener('abort', abort);
  }

  #controls(record: WorkRecord): RunControls {
    return {
      signal: this.#abort.signal,
      sender: unproven(record.requested_by),
      report: (report) => {
        if (this.#stop?.kind !== 'lost') this.#writer().report(report);
      },
      ask: (question) => this.#ask(question),
      assign: (sub) => this.#options.assign(sub, record, this.#subWorks++),
    };
  }

  async #ask(question: AgentQuestion): Promise<string> {
    this.#abort.signal.throwIfAborted();
    const known = this.#entry?.record.answers.find(
      (entry) => entry.question.id === question.id && entry.question.text === question.text,
    );
    if (known) return known.answer;
    const { log, by } = this.#options;
    const attempt = this.attempt;
    this.#pauseTimeout();
    const answer = new Promise<string>((resolve, reject) => {
      this.#answers.set(question.id, { resolve, reject });
    });
    answer.catch(() => undefined);
    const appended = await log.append(
      this.workId,
      by,
      (record) =>
        record?.attempt === attempt && record.status === 'accepted' && !record.cancel
          ? { type: 'escalated', attempt, cause: { kind: 'question', question }, severity: 'medium' }
          : undefined,
      this.#entry ? { known: this.#entry } : {},
    );
    if (appended.kind === 'appended' && appended.entry.record.revision > this.#revision())
      this.#entry = appended.entry;
    else if (appended.entry) this.#hear(appended.entry);
    if (appended.kind !== 'appended') {
      this.#answers.delete(question.id);
      this.#resumeTimeout();
      throw new LatticeError('conflict', 'The question could not be asked: the attempt is over.');
    }
    try {
      return await answer;
    } finally {
      this.#resumeTimeout();
    }
  }

  /** Hears how the work stands now, whoever changed it. */
  #hear(entry: LogEntry): void {
    const mine = this.#entry?.record;
    const { record } = entry;
    if (this.#isOver) return;
    if (!mine) this.#early = entry;
    if (!mine || record.revision < mine.revision || record.work_id !== this.workId) return;
    if (record.attempt !== mine.attempt || isEnded(record.status) || record.status === 'assigned') {
      this.stop({ kind: 'lost' });
      return;
    }
    if (record.status === 'escalated' && record.escalation?.cause.kind !== 'question') {
      this.stop({ kind: 'lost' });
      return;
    }
    if (record.cancel) this.stop({ kind: 'cancel', by: record.cancel.by, reason: record.cancel.reason });
    for (const { question, answer } of record.answers) {
      this.#answers.get(question.id)?.resolve(answer);
      this.#answers.delete(question.id);
    }
    if (record.revision > mine.revision) this.#entry = entry;
  }

  /** Most works say nothing, so the writer is made when something is said. */
  #writer(): OutputWriter {
    const { nc, names, workId } = this.#options;
    this.#output ??= new OutputWriter({ nc, names, workId, attempt: this.attempt });
    return this.#output;
  }

  #revision(): number {
    return this.#entry?.record.revision ?? 0;
  }

  #startTimers(record: WorkRecord): void {
    if (record.timeout_ms !== undefined) this.#runTimeout(record.timeout_ms);
    if (record.deadline === undefined) return;
    const left = Date.parse(record.deadline) - Date.now();
    const timer = setTimeout(() => this.stop({ kind: 'deadline' }), Math.min(Math.max(0, left), 2 ** 31 - 1));
    this.#release.push(() => clearTimeout(timer));
  }

  #runTimeout(ms: number): void {
    const timer = setTimeout(() => this.stop({ kind: 'timeout' }), ms);
    this.#timeout = { left: ms, since: performance.now(), timer };
  }

  /** Time in which a person thinks is not the agent's time. */
  #pauseTimeout(): void {
    if (this.#asking++ > 0 || !this.#timeout) return;
    clearTimeout(this.#timeout.timer);
    this.#timeout.left -= performance.now() - this.#timeout.since;
  }

  #resumeTimeout(): void {
    if (--this.#asking === 0 && this.#timeout && !this.#stop)
      this.#runTimeout(Math.max(1, this.#timeout.left));
  }

  #stopTimers(): void {
    clearTimeout(this.#timeout?.timer);
    this.#timeout = undefined;
  }

  [Symbol.dispose](): void {
    this.#stopTimers();
    for (const release of this.#release.splice(0)) release();
  }
}

/** Why a run was stopped, as a reason in the log. */
export function stopText(stop: StopReason): string {
  switch (stop.kind) {
    case 'cancel':
      return stop.reason;
    case 'lost':
      return 'Another attempt took over.';
    case 'deadline':
      return 'Its deadline passed while it ran.';
    case 'timeout':
      return 'The attempt took longer than it may.';
    case 'station_stops':
      return 'The station stopped and handed it back.';
    default:
      return assertNever(stop);
  }
}

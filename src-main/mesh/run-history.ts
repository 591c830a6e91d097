import { ulid } from 'ulid';
import { assertNever, LatticeError } from '../../src-shared/errors.ts';
import { LiveLog, LiveMap, type LiveSource } from '../../src-shared/live.ts';
import type { Activity } from '../../src-shared/protocol/activity.ts';
import { INVOKE_TIMEOUT_MS, type InvokeReport, type TaskContext } from '../../src-shared/protocol/invoke.ts';
import { activityText } from '../../src-shared/views/activity-words.ts';
import type { RunLine, RunView } from '../../src-shared/views/run.ts';
import type { CompletedCall, InvokeOptions } from './agent-call.ts';

export interface RunStart {
  agent: string;
  station?: string | undefined;
  task: string;
  context: TaskContext;
  timeout_ms?: number | undefined;
  wait: boolean;
}

interface Run {
  abort: AbortController;
  log: LiveLog<RunLine>;
  done: Promise<void>;
}

const KEPT_RUNS = 200;
const KEPT_LINES = 20_000;

/** The calls made from this process since it started: live, with their output, and cancellable. */
export class RunHistory {
  readonly runs = new LiveMap<RunView>((run) => run.id);
  readonly #open = new Map<string, Run>();
  readonly #invoke: (call: InvokeOptions) => Promise<CompletedCall>;

  constructor(options: { invoke(call: InvokeOptions): Promise<CompletedCall> }) {
    this.#invoke = options.invoke;
  }

  /** Calls without an outcome that do not run on this station, whose own runs hold slots. */
  runningElsewhere(stationId: string): number {
    return [...this.runs.values()].filter((run) => run.ended_at === undefined && run.station_id !== stationId)
      .length;
  }

  /** Starts a call and returns its id at once; the outcome comes to `runs`. */
  start(input: RunStart): string {
    const id = ulid();
    const abort = new AbortController();
    const log = new LiveLog<RunLine>(KEPT_LINES);
    this.runs.set({
      id,
      agent: input.agent,
      task: input.task,
      context: input.context,
      asked_station: input.station,
      state: 'routing',
      started_at: new Date().toISOString(),
      candidates: [],
      timeout_ms: input.timeout_ms ?? INVOKE_TIMEOUT_MS,
    });
    this.#open.set(id, { abort, log, done: this.#follow(id, input, abort.signal, log) });
    this.#forgetOldest();
    return id;
  }

  /** What a run said so far and what it still says. @throws LatticeError `not_found`. */
  output(id: string): LiveSource<RunLine> {
    return this.#find(id).log;
  }

  /** Stops a run; nothing happens when it is over. @throws LatticeError `not_found`. */
  cancel(id: string): void {
    this.#find(id).abort.abort(new LatticeError('cancelled', 'Cancelled by a person.'));
  }

  /** Cancels what runs and waits until each has its outcome. */
  async cancelAll(reason: string): Promise<void> {
    for (const run of this.#open.values()) run.abort.abort(new LatticeError('cancelled', reason));
    await Promise.all([...this.#open.values()].map((run) => run.done));
  }

  #find(id: string): Run {
    const run = this.#open.get(id);
    if (!run) throw new LatticeError('not_found', `There is no run ${id}.`);
    return run;
  }

  #change(id: string, change: Partial<RunView>): void {
    const run = this.runs.get(id);
    if (run) this.runs.set({ ...run, ...change });
  }

  async #follow(id: string, input: RunStart, signal: AbortSignal, log: LiveLog<RunLine>): Promise<void> {
    const timeoutMs = input.timeout_ms ?? INVOKE_TIMEOUT_MS;
    try {
      const done = await this.#invoke({
        target: { agent: input.agent, station: input.station },
        task: input.task,
        context: input.context,
        timeoutMs,
        waitMs: input.wait ? timeoutMs : 0,
        signal,
        onRoute: ({ choice, candidates }) =>
          this.#change(id, { candidates, station_id: choice.stationId, station_name: choice.stationName }),
        onReport: this.#reporter(id, log),
      });
      this.#change(id, { state: 'completed', result: done.result, ended_at: new Date().toISOString() });
    } catch (thrown) {
      const error = LatticeError.from(thrown);
      const state = error.code === 'cancelled' ? 'cancelled' : 'failed';
      this.#change(id, { state, error: error.toShape(), ended_at: new Date().toISOString() });
    }
  }

  #reporter(id: string, log: LiveLog<RunLine>): (report: InvokeReport['report']) => void {
    let seq = 0;
    const say = (kind: RunLine['kind'], text: string, activity?: Activity) =>
      log.append({ seq: seq++, time: new Date().toISOString(), kind, text, ...(activity && { activity }) });
    return (report) => {
      switch (report.type) {
        case 'queued':
          this.#change(id, { state: 'queued' });
          say('note', `Waits for a free slot, ${report.position} before it`);
          break;
        case 'started':
          this.#change(id, { state: 'running' });
          break;
        case 'progress': {
          const { type: _, ...progress } = report;
          this.#change(id, { state: 'running', progress });
          if (report.message) say('progress', report.message);
          break;
        }
        case 'output':
          say('output', report.text);
          break;
        case 'activity':
          say('activity', activityText(report.activity), report.activity);
          break;
        default:
          assertNever(report);
      }
    };
  }

  #forgetOldest(): void {
    const over = [...this.runs.values()].filter((run) => run.ended_at !== undefined);
    for (const run of over.slice(0, Math.max(0, this.runs.size - KEPT_RUNS))) {
      this.#open.delete(run.id);
      this.runs.delete(run.id);
    }
  }
}

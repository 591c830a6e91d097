import type { NatsConnection } from '@nats-io/nats-core';
import { LiveMap } from '../../src-shared/live.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import { progressMessageSchema } from '../../src-shared/protocol/work-output.ts';
import { supersedes, type WorkView, workViewOf } from '../../src-shared/views/work.ts';
import { Follower } from './follow.ts';
import { type LogEntry, parseWorkEvent } from './log.ts';
import type { WorkStates } from './states.ts';

/** Changes are handed on together after this time, in milliseconds, so that a burst is one delta. */
const BATCH_MS = 16;
/** While the board fills, it hands on this many works at once. */
const FILL_CHUNK = 2_000;

export interface WorksOptions {
  nc: NatsConnection;
  names: LatticeNames;
  /** Whether works that have ended stay on the board; a station without a window needs only the others. */
  keepEnded: boolean;
}

/** The board of works: the last state of each, kept in step with the log. */
export class Works implements WorkStates, AsyncDisposable {
  /** All works by id; the newest state of each. */
  readonly live = new LiveMap<WorkView>((work) => work.id);
  readonly #options: WorksOptions;
  readonly #pending = new Map<string, WorkView>();
  readonly #watchers = new Map<string, Set<(entry: LogEntry) => void>>();
  #refused = 0;
  #timer: NodeJS.Timeout | undefined;
  #follower: Follower | undefined;
  #unsubscribe: (() => void) | undefined;
  #caughtUp = false;

  private constructor(options: WorksOptions) {
    this.#options = options;
  }

  /** Opens the board; resolves when every work that was there is on it. @throws when the log cannot be read. */
  static async open(options: WorksOptions): Promise<Works> {
    const works = new Works(options);
    await new Promise<void>((resolve, reject) => {
      void options.nc.closed().then(() => resolve());
      works.#start(resolve).catch(reject);
    });
    works.#flush();
    return works;
  }

  /** Messages on state subjects that were no state of a work, or would have moved one backwards. */
  get refused(): number {
    return this.#refused;
  }

  async #start(onCaughtUp: () => void): Promise<void> {
    const { nc, names } = this.#options;
    this.#follower = await Follower.start({
      nc,
      stream: names.eventsStream,
      filter: names.workStateAll,
      from: 'last_per_subject',
      onMessage: ({ seq, data }) => this.#take(seq, data),
      onCaughtUp: () => {
        this.#caughtUp = true;
        onCaughtUp();
      },
    });
    const subscription = nc.subscribe(names.progressAll, {
      callback: (error, message) => {
        if (!error) this.#progress(message.subject, message.data);
      },
    });
    this.#unsubscribe = () => subscription.unsubscribe();
  }

  /** Tells each new state of one work as the log has it; what the log refused is never told. */
  watch(workId: string, listener: (entry: LogEntry) => void): Disposable {
    const own = (entry: LogEntry) => listener(entry);
    const listeners = this.#watchers.get(workId) ?? new Set();
    this.#watchers.set(workId, listeners.add(own));
    return {
      [Symbol.dispose]: () => {
        listeners.delete(own);
        if (listeners.size === 0 && this.#watchers.get(workId) === listeners) this.#watchers.delete(workId);
      },
    };
  }

  #take(seq: number, data: Uint8Array): void {
    const decoded = parseWorkEvent(data);
    if (!decoded) {
      this.#refused++;
      return;
    }
    const { record } = decoded;
    for (const listener of this.#watchers.get(record.work_id) ?? []) listener({ seq, record });
    const view = workViewOf(record);
    const before = this.#pending.get(view.id) ?? this.live.get(view.id);
    if (!supersedes(before, view)) {
      this.#refused++;
      return;
    }
    const progress = before?.attempt === view.attempt ? before.progress : undefined;
    this.#change(progress ? { ...view, progress } : view);
  }

  #progress(subject: string, data: Uint8Array): void {
    const id = subject.split('.').at(-2) ?? '';
    const before = this.#pending.get(id) ?? this.live.get(id);
    if (!before || before.ended_at) return;
    const parsed = progressMessageSchema.safeParse(parseJson(data));
    if (!parsed.success || parsed.data.attempt !== before.attempt) return;
    this.#change({ ...before, progress: parsed.data.progress });
  }

  #change(view: WorkView): void {
    this.#pending.set(view.id, view);
    if (!this.#caughtUp) {
      if (this.#pending.size >= FILL_CHUNK) this.#flush();
      return;
    }
    this.#timer ??= setTimeout(() => this.#flush(), BATCH_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.size === 0) return;
    const changed = [...this.#pending.values()];
    this.#pending.clear();
    if (this.#options.keepEnded) this.live.apply(changed);
    else
      this.live.apply(
        changed.filter((view) => !view.ended_at),
        changed.filter((view) => view.ended_at).map((view) => view.id),
      );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.#unsubscribe?.();
    await this.#follower?.[Symbol.asyncDispose]();
  }
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch {
    return undefined;
  }
}

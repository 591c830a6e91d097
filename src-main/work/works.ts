import type { JsMsg } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { LiveMap } from '../../src-shared/live.ts';
import { type LatticeNames, senderOf } from '../../src-shared/protocol/subjects.ts';
import type { WorkRecord } from '../../src-shared/protocol/work.ts';
import { progressMessageSchema } from '../../src-shared/protocol/work-output.ts';
import { supersedes, type WorkProgress, type WorkView, workViewOf } from '../../src-shared/views/work.ts';
import type { Signing } from '../signing/signing.ts';
import { Follower } from './follow.ts';
import { parseJson } from './json.ts';
import { parseWorkEvent } from './log.ts';
import { isSaidBySender } from './said-signature.ts';
import { SignedStates } from './signed-states.ts';
import type { SaidRefusal } from './speakers.ts';
import type { LogEntry } from './state-chain.ts';
import type { WorkStates } from './states.ts';

/** Changes are handed on together after this time, in milliseconds, so that a burst is one delta. */
const BATCH_MS = 16;
const MESSAGE_ID = 'Nats-Msg-Id';
/** While the board fills, it hands on this many works at once. */
const FILL_CHUNK = 2_000;

export interface WorksOptions {
  nc: NatsConnection;
  names: LatticeNames;
  /** Whether works that have ended stay on the board; a station without a window needs only the others. */
  keepEnded: boolean;
  /** What this process wrote itself, by the id of its event. */
  recall?: (eventId: string) => WorkRecord | undefined;
  signing?: Signing | undefined;
  /** Reads one work from the log, where a message alone does not prove its state. */
  read(workId: string): Promise<LogEntry | undefined>;
  /** Called for each message about progress that does not count. */
  onRefused?(refusal: SaidRefusal): void;
}

/** The board of works: the last state of each, kept in step with the log. */
export class Works implements WorkStates, AsyncDisposable {
  /** All works by id; the newest state of each. */
  readonly live = new LiveMap<WorkView>((work) => work.id);
  readonly #options: WorksOptions;
  readonly #pending = new Map<string, { record?: WorkRecord; progress?: WorkProgress }>();
  readonly #watchers = new Map<string, Set<(entry: LogEntry) => void>>();
  readonly #signed: SignedStates | undefined;
  #refused = 0;
  #timer: NodeJS.Timeout | undefined;
  #follower: Follower | undefined;
  #unsubscribe: (() => void) | undefined;
  #caughtUp = false;

  private constructor(options: WorksOptions) {
    this.#options = options;
    if (options.signing)
      this.#signed = new SignedStates({
        signing: options.signing,
        read: options.read,
        onEntry: (entry) => this.#accept(entry),
        onRefused: () => this.#refused++,
      });
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

  /** Messages that were no state of a work or would have moved one backwards, or progress of who does not hold it. */
  get refused(): number {
    return this.#refused;
  }

  /** A signed work as the board has followed and checked it; the log may be further. */
  proven(workId: string): LogEntry | undefined {
    return this.#signed?.proven(workId);
  }

  async #start(onCaughtUp: () => void): Promise<void> {
    const { nc, names } = this.#options;
    this.#follower = await Follower.start({
      nc,
      stream: names.eventsStream,
      filter: names.workStateAll,
      from: 'last_per_subject',
      onMessage: (message) => this.#take(message),
      onCaughtUp: () => {
        this.#caughtUp = true;
        void (this.#signed?.settled() ?? Promise.resolve()).then(onCaughtUp);
      },
    });
    const subscription = nc.subscribe(names.progressAll, {
      callback: (error, message) => {
        if (!error) this.#progress(message);
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

  #take(message: JsMsg): void {
    if (this.#options.signing?.isOn) {
      this.#signed?.take(message);
      return;
    }
    const { seq, data, headers } = message;
    const record = this.#options.recall?.(headers?.get(MESSAGE_ID) ?? '') ?? parseWorkEvent(data)?.record;
    if (!record) {
      this.#refused++;
      return;
    }
    this.#accept({ seq, record });
  }

  #accept(entry: LogEntry): void {
    const { record } = entry;
    for (const listener of this.#watchers.get(record.work_id) ?? []) listener(entry);
    const pending = this.#pending.get(record.work_id);
    if (!supersedes(pending?.record ?? this.live.get(record.work_id), record)) {
      this.#refused++;
      return;
    }
    this.#change(record.work_id, { record });
  }

  #progress(message: Msg): void {
    const { subject, data } = message;
    const id = subject.split('.').at(-3) ?? '';
    const station = senderOf(subject);
    const pending = this.#pending.get(id);
    const before = pending?.record ?? this.live.get(id);
    if (!before || before.ended_at !== undefined) return;
    const parsed = progressMessageSchema.safeParse(parseJson(data));
    if (!parsed.success) {
      this.#refuse({ station, why: 'it is not in the form of progress' });
      return;
    }
    const { attempt } = parsed.data;
    if (attempt !== before.attempt) return;
    if (station !== before.station_id) {
      this.#refuse({ station, why: `it does not hold attempt ${attempt} of work ${id}` });
      return;
    }
    if (!isSaidBySender(this.#options.signing, message, parsed.data)) return;
    this.#change(id, { ...pending, progress: parsed.data.progress });
  }

  #refuse(refusal: SaidRefusal): void {
    this.#refused++;
    this.#options.onRefused?.(refusal);
  }

  /** Notes what changed; a view is made when the batch is handed on, not for each message. */
  #change(id: string, change: { record?: WorkRecord; progress?: WorkProgress }): void {
    this.#pending.set(id, change);
    if (!this.#caughtUp) {
      if (this.#pending.size >= FILL_CHUNK) this.#flush();
      return;
    }
    this.#timer ??= setTimeout(() => this.#flush(), BATCH_MS);
  }

  #viewOf(id: string, { record, progress }: { record?: WorkRecord; progress?: WorkProgress }): WorkView[] {
    const before = this.live.get(id);
    const view = record ? workViewOf(record) : before;
    if (!view) return [];
    const said = progress ?? (before?.attempt === view.attempt ? before.progress : undefined);
    return [said ? { ...view, progress: said } : view];
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.size === 0) return;
    const changed = [...this.#pending].flatMap(([id, change]) => this.#viewOf(id, change));
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
    this.#signed?.[Symbol.dispose]();
    await this.#follower?.[Symbol.asyncDispose]();
  }
}

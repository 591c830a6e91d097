import { LatticeError } from '../../src-shared/errors.ts';
import type { StreamFrame, StreamMessage } from '../../src-shared/ipc.ts';
import type { LiveDelta, LiveSource } from '../../src-shared/live.ts';

/** The shortest time between two frames to a window, in milliseconds: one frame of a 60 Hz screen. */
const FRAME_MS = 16;

/** How many changed keys one stream may hold back for a slow window before a new snapshot replaces them. */
const BACKLOG_LIMIT = 2_000;

/** The clock of a batcher; a test puts its own in. */
export interface BatchClock {
  now(): number;
  setTimer(run: () => void, delayMs: number): () => void;
}

export interface StreamBatcherOptions {
  /** Hands one frame to the window; the batcher waits for `acknowledge` before the next one. */
  send(frame: StreamFrame): void;
  clock?: BatchClock;
  frameMs?: number;
  backlogLimit?: number;
}

interface Subscription {
  take(): StreamMessage<unknown> | undefined;
  end(): void;
}

const systemClock: BatchClock = {
  now: () => performance.now(),
  setTimer: (run, delayMs) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Turns the live sources that one window follows into frames: each stream starts with a snapshot, changes of one key
 * collapse to the last, and a window that does not keep up holds back at most one frame and `backlogLimit` keys per stream.
 */
export class StreamBatcher implements Disposable {
  readonly #send: (frame: StreamFrame) => void;
  readonly #clock: BatchClock;
  readonly #frameMs: number;
  readonly #backlogLimit: number;
  readonly #subscriptions = new Map<number, Subscription>();
  #cancelTimer: (() => void) | undefined;
  #lastFrame = Number.NEGATIVE_INFINITY;
  #inFlight = false;

  constructor(options: StreamBatcherOptions) {
    this.#send = options.send;
    this.#clock = options.clock ?? systemClock;
    this.#frameMs = options.frameMs ?? FRAME_MS;
    this.#backlogLimit = options.backlogLimit ?? BACKLOG_LIMIT;
  }

  /** How many sources are followed. */
  get size(): number {
    return this.#subscriptions.size;
  }

  /** Follows `source` under the window's own id; an id that is in use ends its old subscription. */
  add<T>(id: number, source: LiveSource<T>, key: (item: T) => string): void {
    this.remove(id);
    const pending = new PendingStream(source, key, this.#backlogLimit, () => this.#schedule());
    this.#subscriptions.set(id, pending);
    this.#schedule();
  }

  /** Tells the window why a stream ended or never began. */
  fail(id: number, error: unknown): void {
    this.remove(id);
    this.#subscriptions.set(id, {
      take: () => {
        throw error;
      },
      end: () => {},
    });
    this.#schedule();
  }

  remove(id: number): void {
    this.#subscriptions.get(id)?.end();
    this.#subscriptions.delete(id);
  }

  /** The window has worked through the last frame. */
  acknowledge(): void {
    this.#inFlight = false;
    this.#schedule();
  }

  [Symbol.dispose](): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    for (const id of [...this.#subscriptions.keys()]) this.remove(id);
  }

  #schedule(): void {
    if (this.#inFlight || this.#cancelTimer) return;
    const delay = Math.max(0, this.#lastFrame + this.#frameMs - this.#clock.now());
    this.#cancelTimer = this.#clock.setTimer(() => this.#flush(), delay);
  }

  #flush(): void {
    this.#cancelTimer = undefined;
    const frame: StreamFrame = [];
    for (const [id, subscription] of this.#subscriptions) {
      try {
        const message = subscription.take();
        if (message) frame.push([id, message]);
      } catch (thrown) {
        this.remove(id);
        frame.push([id, { kind: 'error', error: LatticeError.from(thrown).toShape() }]);
      }
    }
    if (frame.length === 0) return;
    this.#lastFrame = this.#clock.now();
    this.#inFlight = true;
    this.#send(frame);
  }
}

/** What one stream still has to tell: everything at first and after too many changes, else the changed keys. */
class PendingStream<T> implements Subscription {
  readonly #source: LiveSource<T>;
  readonly #key: (item: T) => string;
  readonly #limit: number;
  readonly #changed = new Map<string, { item: T } | 'removed'>();
  readonly #listening: Disposable;
  #snapshotDue = true;
  #seq = 0;

  constructor(source: LiveSource<T>, key: (item: T) => string, limit: number, wake: () => void) {
    this.#source = source;
    this.#key = key;
    this.#limit = limit;
    this.#listening = source.on((delta) => {
      this.#collect(delta);
      wake();
    });
  }

  take(): StreamMessage<T> | undefined {
    if (this.#snapshotDue) {
      this.#snapshotDue = false;
      return { kind: 'snapshot', seq: this.#seq++, items: this.#source.snapshot() };
    }
    if (this.#changed.size === 0) return undefined;
    const upserts: T[] = [];
    const removes: string[] = [];
    for (const [key, change] of this.#changed) {
      if (change === 'removed') removes.push(key);
      else upserts.push(change.item);
    }
    this.#changed.clear();
    return { kind: 'delta', seq: this.#seq++, upserts, removes };
  }

  end(): void {
    this.#listening[Symbol.dispose]();
    this.#changed.clear();
  }

  #collect(delta: LiveDelta<T>): void {
    if (this.#snapshotDue) return;
    for (const key of delta.removes) this.#changed.set(key, 'removed');
    for (const item of delta.upserts) this.#changed.set(this.#key(item), { item });
    if (this.#changed.size <= this.#limit) return;
    this.#changed.clear();
    this.#snapshotDue = true;
  }
}

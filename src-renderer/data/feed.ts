import { createStore, type StoreApi } from 'zustand/vanilla';
import { LatticeError } from '../../src-shared/errors.ts';
import type { StreamMessage } from '../../src-shared/ipc.ts';

/** Longest wait before a stream that failed is asked for again, in milliseconds. */
const RETRY_MAX_MS = 30_000;
const RETRY_FIRST_MS = 1_000;

/**
 * What a stream shows now: `loading` until the first snapshot, `live` while it follows, `stale` when old items are
 * kept while it is asked for again, `error` when there never were any.
 */
export interface LiveState<T> {
  items: ReadonlyMap<string, T>;
  state: 'loading' | 'live' | 'stale' | 'error';
  error: LatticeError | undefined;
}

export interface FeedOptions<T> {
  subscribe(listener: (message: StreamMessage<T>) => void): () => void;
  key(item: T): string;
  /** Runs `publish` soon, at most once per frame. */
  schedule(publish: () => void): void;
  /** How long it follows on after nobody holds it, in milliseconds, so that changing views does not reload. */
  lingerMs: number;
  /** Called when it stopped because nobody held it. */
  onIdle(): void;
}

/** Follows one stream while it is held, asks again on a gap, and publishes at most once per frame. */
export class Feed<T> {
  readonly store: StoreApi<LiveState<T>>;
  readonly #options: FeedOptions<T>;
  #items = new Map<string, T>();
  #state: LiveState<T>['state'] = 'loading';
  #error: LatticeError | undefined;
  #seq: number | undefined;
  #subscription = 0;
  #end: (() => void) | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #holders = 0;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FeedOptions<T>) {
    this.#options = options;
    this.store = createStore(() => ({ items: this.#items, state: this.#state, error: this.#error }));
  }

  /** Follows the stream until the result is called; all holders share one subscription. */
  hold(): () => void {
    clearTimeout(this.#linger);
    this.#holders += 1;
    if (this.#end === undefined && this.#retry === undefined) this.#subscribe();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holders -= 1;
      if (this.#holders === 0) this.#linger = setTimeout(() => this.#stop(), this.#options.lingerMs);
    };
  }

  #stop(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#unsubscribe();
    this.#options.onIdle();
  }

  #subscribe(): void {
    this.#retry = undefined;
    this.#seq = undefined;
    const own = ++this.#subscription;
    const end = this.#options.subscribe((message) => {
      if (own === this.#subscription) this.#receive(message);
    });
    if (own === this.#subscription) this.#end = end;
    else end();
  }

  #unsubscribe(): void {
    this.#subscription += 1;
    this.#end?.();
    this.#end = undefined;
  }

  #receive(message: StreamMessage<T>): void {
    if (message.kind === 'error') this.#fail(LatticeError.fromShape(message.error));
    else if (message.kind === 'snapshot') this.#restart(message.items, message.seq);
    else if (this.#seq !== undefined && message.seq > this.#seq) {
      if (message.seq === this.#seq + 1) this.#apply(message.upserts, message.removes, message.seq);
      else this.#resync();
    }
  }

  #restart(items: readonly T[], seq: number): void {
    this.#items = new Map(items.map((item) => [this.#options.key(item), item]));
    this.#state = 'live';
    this.#error = undefined;
    this.#failures = 0;
    this.#seq = seq;
    this.#options.schedule(this.#publish);
  }

  #apply(upserts: readonly T[], removes: readonly string[], seq: number): void {
    for (const key of removes) this.#items.delete(key);
    for (const item of upserts) this.#items.set(this.#options.key(item), item);
    this.#seq = seq;
    this.#options.schedule(this.#publish);
  }

  #resync(): void {
    this.#unsubscribe();
    this.#state = 'stale';
    this.#options.schedule(this.#publish);
    this.#subscribe();
  }

  #fail(error: LatticeError): void {
    const hadItems = this.#state === 'live' || this.#state === 'stale';
    this.#unsubscribe();
    this.#state = hadItems ? 'stale' : 'error';
    this.#error = error;
    this.#retry = setTimeout(
      () => this.#subscribe(),
      Math.min(RETRY_FIRST_MS * 2 ** this.#failures, RETRY_MAX_MS),
    );
    this.#failures += 1;
    this.#options.schedule(this.#publish);
  }

  // A copy, so that a selector sees a new map exactly when something changed.
  readonly #publish = (): void => {
    this.store.setState({ items: new Map(this.#items), state: this.#state, error: this.#error }, true);
  };
}

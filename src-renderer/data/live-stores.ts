import {
  type LatticeBridge,
  type StreamItem,
  type StreamMessage,
  type StreamName,
  type StreamParams,
  streams,
} from '../../src-shared/ipc.ts';
import { Feed } from './feed.ts';

export interface LiveStoresOptions {
  bridge: LatticeBridge;
  /** Runs a task soon, at most once per frame. */
  schedule(task: () => void): void;
  /** How long a stream that nobody watches is followed on, in milliseconds. */
  lingerMs: number;
}

/** All streams the window follows: one feed per name and parameters, shared by everyone who watches it. */
export class LiveStores {
  readonly #options: LiveStoresOptions;
  readonly #feeds = new Map<string, Feed<unknown>>();

  constructor(options: LiveStoresOptions) {
    this.#options = options;
  }

  /** How many streams are known; a test for leaks reads it. */
  get size(): number {
    return this.#feeds.size;
  }

  /** The feed of a stream; it follows only while someone holds it. */
  feed<N extends StreamName>(name: N, params: StreamParams<N>): Feed<StreamItem<N>> {
    const key = keyOf(name, params);
    const known = this.#feeds.get(key);
    if (known !== undefined) return known as Feed<unknown> as Feed<StreamItem<N>>;
    const feed = new Feed<StreamItem<N>>({
      subscribe: (listener) =>
        this.#options.bridge.subscribe(name, params, listener as (message: StreamMessage<unknown>) => void),
      key: streams[name].key as (item: StreamItem<N>) => string,
      schedule: this.#options.schedule,
      lingerMs: this.#options.lingerMs,
      onIdle: () => void this.#feeds.delete(key),
    });
    this.#feeds.set(key, feed as unknown as Feed<unknown>);
    return feed;
  }
}

/** The same text for the same stream and parameters, whatever the order of their keys. */
export function keyOf(name: StreamName, params: unknown): string {
  if (typeof params !== 'object' || params === null) return name;
  return `${name} ${JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}

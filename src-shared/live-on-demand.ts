import { type LiveDelta, LiveMap, type LiveSource } from './live.ts';

/** A collection that is filled only while someone listens: `fill` starts with the first listener and ends with the last. */
export class LiveOnDemand<T> implements LiveSource<T> {
  readonly #key: (item: T) => string;
  readonly #fill: (target: LiveMap<T>, signal: AbortSignal) => Promise<void>;
  #map: LiveMap<T>;
  #stop: AbortController | undefined;
  #listeners = 0;

  constructor(options: {
    key: (item: T) => string;
    fill(target: LiveMap<T>, signal: AbortSignal): Promise<void>;
  }) {
    this.#key = options.key;
    this.#fill = options.fill;
    this.#map = new LiveMap(this.#key);
  }

  snapshot(): T[] {
    return this.#map.snapshot();
  }

  on(listener: (delta: LiveDelta<T>) => void): Disposable {
    const own = this.#map.on(listener);
    this.#listeners++;
    if (this.#listeners === 1) this.#begin();
    let open = true;
    return {
      [Symbol.dispose]: () => {
        if (!open) return;
        open = false;
        own[Symbol.dispose]();
        this.#listeners--;
        if (this.#listeners === 0) this.#end();
      },
    };
  }

  #begin(): void {
    const stop = new AbortController();
    const map = this.#map;
    this.#stop = stop;
    // What stops a filler is told by the things it follows (the connection, the work); here it only ends.
    this.#fill(map, stop.signal).catch(() => undefined);
  }

  #end(): void {
    this.#stop?.abort();
    this.#map = new LiveMap(this.#key);
  }
}

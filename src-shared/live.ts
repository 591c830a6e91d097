import { Emitter } from './emitter.ts';

/** What changed in a live collection, by key; removes count before upserts. */
export interface LiveDelta<T> {
  upserts: T[];
  removes: string[];
}

/** Anything a stream can be made of: what is there now, and then what changes. */
export interface LiveSource<T> {
  snapshot(): T[];
  on(listener: (delta: LiveDelta<T>) => void): Disposable;
}

/** A keyed collection that tells what changes; items are replaced, never mutated. */
export class LiveMap<T> implements LiveSource<T> {
  readonly #items = new Map<string, T>();
  readonly #changes = new Emitter<LiveDelta<T>>();
  readonly #key: (item: T) => string;

  constructor(key: (item: T) => string) {
    this.#key = key;
  }

  get size(): number {
    return this.#items.size;
  }

  get(key: string): T | undefined {
    return this.#items.get(key);
  }

  values(): IterableIterator<T> {
    return this.#items.values();
  }

  snapshot(): T[] {
    return [...this.#items.values()];
  }

  on(listener: (delta: LiveDelta<T>) => void): Disposable {
    return this.#changes.on(listener);
  }

  /** Applies a change as one delta; removes that name no item are left out. */
  apply(upserts: readonly T[], removes: readonly string[] = []): void {
    const gone = removes.filter((key) => this.#items.delete(key));
    for (const item of upserts) this.#items.set(this.#key(item), item);
    if (upserts.length > 0 || gone.length > 0) this.#changes.emit({ upserts: [...upserts], removes: gone });
  }

  set(item: T): void {
    this.apply([item]);
  }

  delete(key: string): void {
    this.apply([], [key]);
  }
}

/** One value that tells when it changes. */
export class LiveValue<T> implements LiveSource<T> {
  readonly #changes = new Emitter<LiveDelta<T>>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    this.#changes.emit({ upserts: [value], removes: [] });
  }

  snapshot(): T[] {
    return [this.#value];
  }

  on(listener: (delta: LiveDelta<T>) => void): Disposable {
    return this.#changes.on(listener);
  }
}

/** The last `limit` items of a sequence; older ones are removed as new ones come. */
export class LiveLog<T extends { seq: number }> implements LiveSource<T> {
  readonly #items: T[] = [];
  readonly #changes = new Emitter<LiveDelta<T>>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  snapshot(): T[] {
    return [...this.#items];
  }

  on(listener: (delta: LiveDelta<T>) => void): Disposable {
    return this.#changes.on(listener);
  }

  append(...items: T[]): void {
    this.#items.push(...items);
    const removes = this.#items
      .splice(0, Math.max(0, this.#items.length - this.#limit))
      .map((item) => String(item.seq));
    this.#changes.emit({ upserts: items.slice(-this.#limit), removes });
  }
}

/** A source whose content comes from another one that may change or be absent; listeners see one continuous collection. */
export class LiveSwitch<T> implements LiveSource<T> {
  readonly #changes = new Emitter<LiveDelta<T>>();
  readonly #key: (item: T) => string;
  #source: LiveSource<T> | undefined;
  #subscription: Disposable | undefined;

  constructor(key: (item: T) => string) {
    this.#key = key;
  }

  snapshot(): T[] {
    return this.#source?.snapshot() ?? [];
  }

  /** Follows `source` only while someone listens here, so that a source that works on demand rests. */
  on(listener: (delta: LiveDelta<T>) => void): Disposable {
    const own = this.#changes.on(listener);
    this.#follow();
    return {
      [Symbol.dispose]: () => {
        own[Symbol.dispose]();
        if (this.#changes.size === 0) this.#unfollow();
      },
    };
  }

  /** Takes the content from `source` from now on; what the old one had goes, what the new one has comes, as one delta. */
  attach(source: LiveSource<T> | undefined): void {
    const before = new Set(this.snapshot().map(this.#key));
    this.#unfollow();
    this.#source = source;
    if (this.#changes.size > 0) this.#follow();
    const upserts = this.snapshot();
    for (const item of upserts) before.delete(this.#key(item));
    if (upserts.length > 0 || before.size > 0) this.#changes.emit({ upserts, removes: [...before] });
  }

  #follow(): void {
    this.#subscription ??= this.#source?.on((delta) => this.#changes.emit(delta));
  }

  #unfollow(): void {
    this.#subscription?.[Symbol.dispose]();
    this.#subscription = undefined;
  }
}

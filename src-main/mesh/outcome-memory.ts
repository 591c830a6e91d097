/** An outcome as it was sent, to be sent again when the connection was lost around it. */
export interface SentOutcome {
  /** The invocation. */
  readonly id: string;
  readonly reply: string;
  readonly data: Uint8Array;
  readonly at: number;
}

export interface OutcomeMemoryOptions {
  maxEntries: number;
  maxBytes: number;
  /** Milliseconds an outcome is kept. */
  maxAgeMs: number;
  now?: () => number;
}

/** The last outcomes by invocation id, bounded in number, bytes and age. */
export class OutcomeMemory {
  readonly #options: OutcomeMemoryOptions;
  readonly #entries = new Map<string, SentOutcome>();
  readonly #now: () => number;
  #bytes = 0;

  constructor(options: OutcomeMemoryOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  keep(id: string, reply: string, data: Uint8Array): void {
    this.#forget(id);
    this.#entries.set(id, { id, reply, data, at: this.#now() });
    this.#bytes += data.length;
    const { maxEntries, maxBytes } = this.#options;
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= maxEntries && this.#bytes <= maxBytes && !this.#isOld(entry)) break;
      this.#forget(oldest);
    }
  }

  get(id: string): SentOutcome | undefined {
    const entry = this.#entries.get(id);
    return entry && !this.#isOld(entry) ? entry : undefined;
  }

  all(): SentOutcome[] {
    return [...this.#entries.values()].filter((entry) => !this.#isOld(entry));
  }

  #isOld(entry: SentOutcome): boolean {
    return this.#now() - entry.at > this.#options.maxAgeMs;
  }

  #forget(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#bytes -= entry.data.length;
  }
}

export interface SilenceWatchOptions {
  /** Milliseconds without a sign of life until `onNotice`; twice as long until `onFail`. */
  limitMs: number;
  /** Whether silence is right now no wonder, because a person is asked. */
  isWaiting(): boolean;
  onNotice(): void;
  onFail(): void;
}

/** Notices when nothing is heard of a run any more. */
export class SilenceWatch implements Disposable {
  readonly #options: SilenceWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #heardAt = performance.now();
  #noticed = false;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#check(), Math.max(10, options.limitMs / 8));
  }

  /** A sign of life. */
  hear(): void {
    this.#heardAt = performance.now();
    this.#noticed = false;
  }

  #check(): void {
    const { limitMs, isWaiting, onNotice, onFail } = this.#options;
    if (isWaiting()) this.hear();
    const silent = performance.now() - this.#heardAt;
    if (silent >= limitMs * 2) {
      clearInterval(this.#timer);
      onFail();
    } else if (silent >= limitMs && !this.#noticed) {
      this.#noticed = true;
      onNotice();
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

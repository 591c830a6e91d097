/** Crashes further apart than this have nothing to do with each other, in milliseconds. */
const CALM_MS = 60_000;
const FIRST_DELAY_MS = 100;
const MAX_CRASHES = 5;

/** Says how long to wait before a crashed window is loaded again, growing with each crash in a row. */
export class ReloadBackoff {
  #crashes = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** The delay in milliseconds after a crash at `now`, or undefined when it crashes too often to try again. */
  next(now: number): number | undefined {
    if (now - this.#last > CALM_MS) this.#crashes = 0;
    this.#last = now;
    this.#crashes += 1;
    return this.#crashes > MAX_CRASHES ? undefined : FIRST_DELAY_MS * 4 ** (this.#crashes - 1);
  }
}

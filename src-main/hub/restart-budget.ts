export interface RestartBudgetOptions {
  firstMs: number;
  maxMs: number;
  /** This many exits within `windowMs` use the budget up. */
  limit: number;
  windowMs: number;
  /** From 0 up to 1; adds up to a fifth to each delay. */
  random: () => number;
}

/** Decides how long to wait before a restart, and when to stop trying. */
export class RestartBudget {
  readonly #options: RestartBudgetOptions;
  #exits: number[] = [];

  constructor(options: RestartBudgetOptions) {
    this.#options = options;
  }

  /** Notes an exit at `now` milliseconds of a steady clock; the delay in milliseconds, or undefined to give up. */
  next(now: number): number | undefined {
    const { firstMs, maxMs, limit, windowMs, random } = this.#options;
    this.#exits = [...this.#exits.filter((at) => now - at < windowMs), now];
    const count = this.#exits.length;
    if (count >= limit) return undefined;
    return Math.min(firstMs * 2 ** (count - 1), maxMs) * (1 + random() / 5);
  }

  reset(): void {
    this.#exits = [];
  }
}

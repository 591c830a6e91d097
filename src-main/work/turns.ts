import { LEVELS } from '../../src-shared/protocol/subjects.ts';

/** How many works of higher levels may go before a waiting level has its turn; by level. */
const PATIENCE: readonly number[] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 4, 8, 16, 32];

/** Decides which level goes next: the most urgent one, but a level that was passed over long enough has a turn. */
export class Turns {
  readonly #passed: number[] = LEVELS.map(() => 0);

  /** The levels to look at now, best first; `due` says that a level has its turn, which is one work long. */
  order(): { level: number; due: boolean }[] {
    const due = LEVELS.filter((level) => this.#isDue(level)).sort(
      (a, b) => this.#overdue(b) - this.#overdue(a),
    );
    const first = due[0];
    if (first === undefined) return LEVELS.map((level) => ({ level, due: false }));
    const rest = LEVELS.filter((level) => level !== first).map((level) => ({ level, due: false }));
    return [rest[0], { level: first, due: true }, ...rest.slice(1)].filter((turn) => turn !== undefined);
  }

  /** Notes that works of a level were taken; lower levels were passed over. */
  took(level: number, count: number): void {
    this.#passed[level] = 0;
    for (const other of LEVELS) if (other > level) this.#passed[other] = (this.#passed[other] ?? 0) + count;
  }

  /** Notes that nothing waits in a level, so that it is not owed a turn. */
  empty(level: number): void {
    this.#passed[level] = 0;
  }

  #isDue(level: number): boolean {
    return this.#overdue(level) >= 0;
  }

  #overdue(level: number): number {
    return (this.#passed[level] ?? 0) - (PATIENCE[level] ?? Number.POSITIVE_INFINITY);
  }
}

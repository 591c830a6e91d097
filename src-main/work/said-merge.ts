import type { WorkLine } from '../../src-shared/views/work.ts';

/** Something an attempt said; `order` counts what one attempt says, from 1. */
export interface Said {
  attempt: number;
  /** The station that said it. */
  station: string;
  order: number;
  line: WorkLine;
}

/** Puts what attempts say on two subjects into one order, once; a later attempt silences the earlier ones. */
export class SaidMerge {
  #waiting: Said[] = [];
  #attempt = 0;
  #order = 0;

  /** How much waits for what was said before it. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Takes something said, in any order; false when its attempt is dead, or when it was said before. */
  push(said: Said): boolean {
    if (!this.#isLater(said)) return false;
    if (this.#waiting.some((one) => one.attempt === said.attempt && one.order === said.order)) return false;
    const at = this.#waiting.findLastIndex(
      (one) => one.attempt < said.attempt || (one.attempt === said.attempt && one.order < said.order),
    );
    this.#waiting.splice(at + 1, 0, said);
    return true;
  }

  /** What can be told now, of attempts up to `upTo`; with `closeGap` also across what is missing. */
  take(upTo: number, closeGap: boolean): WorkLine[] {
    const lines: WorkLine[] = [];
    for (let next = this.#waiting[0]; next && next.attempt <= upTo; next = this.#waiting[0]) {
      const isNext = next.attempt === this.#attempt ? next.order === this.#order + 1 : next.order === 1;
      if (!isNext && !closeGap) break;
      this.#waiting.shift();
      this.#attempt = next.attempt;
      this.#order = next.order;
      lines.push(next.line);
    }
    return lines;
  }

  #isLater({ attempt, order }: Said): boolean {
    return attempt > this.#attempt || (attempt === this.#attempt && order > this.#order);
  }
}

import { randomUUID } from 'node:crypto';
import { LatticeError } from '../../src-shared/errors.ts';

/** Changes that can be taken back at most; older ones stay as they are. */
const KEPT = 50;

/** The last changes of the person at this machine, each with the way back. */
export class UndoList {
  readonly #ways = new Map<string, () => Promise<void>>();

  /** Keeps the way back from a change and names it. */
  keep(back: () => Promise<void>): string {
    const token = randomUUID();
    this.#ways.set(token, back);
    const [oldest] = this.#ways.keys();
    if (this.#ways.size > KEPT && oldest !== undefined) this.#ways.delete(oldest);
    return token;
  }

  /** Takes a change back, once. @throws LatticeError `not_found`, or why the way back is closed. */
  async undo(token: string): Promise<void> {
    const back = this.#ways.get(token);
    if (back === undefined)
      throw new LatticeError('not_found', 'This change cannot be taken back any more.', {
        hint: 'Change it by hand.',
      });
    this.#ways.delete(token);
    await back();
  }
}

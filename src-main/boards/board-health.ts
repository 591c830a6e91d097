import { setImmediate as breathe } from 'node:timers/promises';
import { Emitter } from '../../src-shared/emitter.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import type { BoardFinding } from '../../src-shared/views/board.ts';
import type { BoardEntry } from '../tracker/board-index.ts';
import { checkSnapshot } from '../tracker/check-task.ts';
import type { BoardFinding as Finding } from '../tracker/finding.ts';
import type { LocalBoard } from '../tracker/local-board.ts';

/** How many snapshots are read before others get their turn. */
const BATCH = 50;
/** Findings that the window gets. */
const MOST = 500;

/** What is wrong with the files of an open board, as far as it can be known cheaply. */
export class BoardHealth {
  /** Tells that something else is wrong now. */
  readonly changed = new Emitter<void>();
  readonly #storage: LocalBoard;
  /** Snapshots that do not say what their logs say, by task. */
  #drift = new Map<string, BoardFinding>();

  constructor(storage: LocalBoard) {
    this.#storage = storage;
  }

  /** A write brings the snapshots of these tasks up to date. */
  written(ids: Iterable<string>): void {
    for (const id of ids) this.#drift.delete(id);
  }

  findings(entries: Iterable<BoardEntry>): BoardFinding[] {
    const broken = [...this.#storage.broken()].map(
      ([task_id, error]): BoardFinding => ({ level: 'error', message: error.message, task_id }),
    );
    const damaged = [...entries].flatMap(({ id, task, damage }): BoardFinding[] =>
      damage === undefined
        ? []
        : [{ level: 'warning', message: `${task.short_id ?? id}: ${damage}`, task_id: id }],
    );
    return [...broken, ...damaged, ...this.#drift.values()].slice(0, MOST);
  }

  /**
   * Compares every snapshot with its log. What seems wrong is looked at twice: another program may just be between the
   * log and the snapshot.
   */
  async check(): Promise<void> {
    const suspects = await this.#drifted(await this.#storage.list());
    const again = suspects.size === 0 ? [] : await this.#storage.list();
    const found = await this.#drifted(again.filter(({ id }) => suspects.has(id)));
    if (found.size === 0 && this.#drift.size === 0) return;
    this.#drift = found;
    this.changed.emit();
  }

  /** Looks at every file of the board, and with `fix` repairs what loses nothing by it. */
  async doctor(fix: boolean): Promise<readonly Finding[]> {
    const { findings } = fix ? (await this.#storage.mend()).report : await this.#storage.doctor();
    await this.check();
    this.changed.emit();
    return findings;
  }

  async #drifted(entries: readonly BoardEntry[]): Promise<Map<string, BoardFinding>> {
    const found = new Map<string, BoardFinding>();
    for (const [index, { id, task, archived }] of entries.entries()) {
      if (index % BATCH === BATCH - 1) await breathe();
      const problem = this.#problemOf(task, archived);
      if (problem !== undefined)
        found.set(id, { level: 'warning', message: `${task.short_id ?? id}: ${problem}`, task_id: id });
    }
    return found;
  }

  #problemOf(task: BoardEntry['task'], archived: boolean): string | undefined {
    try {
      return checkSnapshot(this.#storage.paths, task, archived)?.message;
    } catch (error) {
      return LatticeError.from(error).message;
    }
  }
}

import { setImmediate as breathe } from 'node:timers/promises';
import { filterPredicate, type SearchableTask, searchable } from '../../src-shared/tracker/filter.ts';
import type { BoardEntry } from '../tracker/board-index.ts';
import type { BoardStorage, BoardTask } from '../tracker/board-storage.ts';

/** Logs that are read before others get their turn. */
const BATCH = 50;

/** Every task of a board with its log, one batch after the other; a log that cannot be read is left out. */
export async function allTasks(storage: BoardStorage, entries: Iterable<BoardEntry>): Promise<BoardTask[]> {
  const tasks: BoardTask[] = [];
  let read = 0;
  for (const { id } of [...entries]) {
    read += 1;
    if (read % BATCH === 0) await breathe();
    const task = await storage.get(id).catch(() => undefined);
    if (task !== undefined) tasks.push(task);
  }
  return tasks;
}

/** What every task of a board says, for searches; a task is read again only when it changed. */
export class TaskTexts {
  readonly #storage: BoardStorage;
  readonly #known = new Map<string, { last: string; text: SearchableTask }>();

  constructor(storage: BoardStorage) {
    this.#storage = storage;
  }

  /** Forgets what was read: a plan or notes changed, and nobody says of which task. */
  clear(): void {
    this.#known.clear();
  }

  /** Ids of the tasks that hold all words, in the board and its archive. */
  async find(words: string, entries: Iterable<BoardEntry>): Promise<string[]> {
    const accepts = filterPredicate({ text: words, archived: 'with' });
    const found: string[] = [];
    let read = 0;
    for (const entry of [...entries]) {
      let known = this.#known.get(entry.id);
      if (known?.last !== entry.task.last_event_id) {
        read += 1;
        if (read % BATCH === 0) await breathe();
        const text = await this.#read(entry.id);
        if (text === undefined) continue;
        known = { last: entry.task.last_event_id, text };
        this.#known.set(entry.id, known);
      }
      if (accepts(known.text)) found.push(entry.id);
    }
    return found;
  }

  async #read(id: string): Promise<SearchableTask | undefined> {
    try {
      const state = await this.#storage.get(id);
      const [plan, notes] = [
        await this.#storage.readText(id, 'plan'),
        await this.#storage.readText(id, 'notes'),
      ];
      return searchable(state, `${plan.text}\n${notes.text}`);
    } catch {
      return undefined;
    }
  }
}

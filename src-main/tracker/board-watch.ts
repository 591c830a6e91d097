import { type FSWatcher, watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BoardPaths } from './board-paths.ts';

/** What changed on a board since the last call. */
export interface BoardChange {
  /** Names of logs that were touched; undefined when the system does not say which. */
  readonly logs: ReadonlySet<string> | undefined;
  /** Other files that were touched, by the name of their folder. */
  readonly folders: ReadonlySet<string>;
}

/** How long a burst of changes is gathered, in milliseconds. */
const GATHER_MS = 10;

/** Folders whose files matter to a reader, relative to the board. */
const FOLDERS = [
  '.',
  'events',
  'archive/events',
  'plans',
  'notes',
  'archive/plans',
  'archive/notes',
  'artifacts/meta',
  'sessions',
];

/** Tells of every change to the files of a board, by whatever program. */
export class BoardWatch implements Disposable {
  readonly #paths: BoardPaths;
  readonly #changed: (change: BoardChange) => void;
  readonly #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;
  #logs = new Set<string>();
  #folders = new Set<string>();
  #unnamed = false;
  #disposed = false;

  private constructor(paths: BoardPaths, changed: (change: BoardChange) => void) {
    this.#paths = paths;
    this.#changed = changed;
  }

  /** Starts to watch; folders that a board gets later are made now, so that nothing in them is missed. */
  static async start(paths: BoardPaths, changed: (change: BoardChange) => void): Promise<BoardWatch> {
    const self = new BoardWatch(paths, changed);
    for (const folder of FOLDERS) await self.#add(folder);
    return self;
  }

  async #add(folder: string): Promise<void> {
    const path = join(this.#paths.folder, folder);
    // A board that cannot be written gets no new folders, so there is nothing to miss in them.
    await mkdir(path, { recursive: true, mode: 0o700 }).catch(() => undefined);
    const isLogs = basename(folder) === 'events';
    try {
      const watcher = watch(path, { persistent: false }, (_event, name) => this.#note(folder, isLogs, name));
      watcher.on('error', () => this.#lost());
      this.#watchers.push(watcher);
    } catch {
      return;
    }
  }

  #note(folder: string, isLogs: boolean, name: string | null): void {
    if (name?.startsWith('.tmp.') || name?.endsWith('.lock')) return;
    if (isLogs && name !== null) this.#logs.add(name);
    else if (isLogs) this.#unnamed = true;
    else this.#folders.add(folder);
    this.#schedule();
  }

  #lost(): void {
    this.#unnamed = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#disposed) return;
    this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS);
    this.#timer.unref();
  }

  #tell(): void {
    const change = { logs: this.#unnamed ? undefined : this.#logs, folders: this.#folders };
    this.#timer = undefined;
    this.#unnamed = false;
    this.#logs = new Set();
    this.#folders = new Set();
    this.#changed(change);
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.splice(0)) watcher.close();
  }
}

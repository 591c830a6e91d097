import { existsSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { isInside } from './project-file.ts';

/**
 * Milliseconds from a change on disk until it is told. An editor saves in several steps, and chokidar leaves out changes
 * of a file that come within 50 ms of the one before.
 */
const DEBOUNCE_MS = 75;

/** What to watch: absolute paths that need not exist yet. */
export interface WatchTargets {
  /** The folders that the rest lies in. */
  roots: readonly string[];
  files: readonly string[];
  /** A folder whose direct `.prompt` and `.md` files count. */
  agentsDir?: string;
}

/** Tells when one of a few files changed, came or went, also when its folders come later. */
export class ProjectWatcher implements AsyncDisposable {
  readonly #onChange: () => void;
  readonly #onError: (error: unknown) => void;
  #watcher: FSWatcher | undefined;
  #watched = '';
  #timer: NodeJS.Timeout | undefined;
  #more = false;
  #disposed = false;

  constructor(options: { onChange: () => void; onError: (error: unknown) => void }) {
    this.#onChange = options.onChange;
    this.#onError = options.onError;
  }

  /** Watches these targets from now on; a new look at the disk may miss changes, so it tells of one. */
  async watch(targets: WatchTargets): Promise<void> {
    const bases = [...new Set(targets.roots.map(nearestFolder))];
    const key = JSON.stringify([bases, targets]);
    if (key === this.#watched || this.#disposed) return;
    this.#watched = key;
    await this.#watcher?.close();
    const watcher = watch(bases, {
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path) => !isWanted(path, targets),
    });
    this.#watcher = watcher;
    watcher.on('all', () => this.#schedule());
    watcher.on('error', (error) => {
      this.#onError(error);
      this.#schedule();
    });
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
    this.#schedule();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#timer);
    await this.#watcher?.close();
  }

  #schedule(): void {
    if (this.#disposed) return;
    if (this.#timer !== undefined) {
      this.#more = true;
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#onChange();
      if (!this.#more) return;
      this.#more = false;
      this.#schedule();
    }, DEBOUNCE_MS);
  }
}

function isWanted(path: string, { files, agentsDir }: WatchTargets): boolean {
  if (files.some((file) => isInside(path, file))) return true;
  if (agentsDir === undefined) return false;
  return isInside(path, agentsDir) || (dirname(path) === agentsDir && /\.(prompt|md)$/.test(path));
}

/** The folder itself, or the nearest one above it that exists. */
function nearestFolder(path: string): string {
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder && isAbsolute(folder)) folder = dirname(folder);
  return folder;
}

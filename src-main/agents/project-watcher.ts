import { existsSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { isInside } from './project-file.ts';

/** What to watch: absolute paths that need not exist yet. */
export interface WatchTargets {
  root: string;
  files: readonly string[];
  /** A folder whose direct `.prompt` and `.md` files count. */
  agentsDir: string;
}

/** Tells when one of a few files of a project changes, comes or goes, also when its folders come later. */
export class ProjectWatcher implements AsyncDisposable {
  readonly #onChange: () => void;
  readonly #onError: (error: unknown) => void;
  #watcher: FSWatcher | undefined;
  #watched = '';

  constructor(options: { onChange: () => void; onError: (error: unknown) => void }) {
    this.#onChange = options.onChange;
    this.#onError = options.onError;
  }

  /** Watches these targets from now on; true when that needed a new look at the disk, so that changes may have been missed. */
  async watch(targets: WatchTargets): Promise<boolean> {
    const base = nearestFolder(targets.root);
    const key = JSON.stringify([base, targets]);
    if (key === this.#watched) return false;
    this.#watched = key;
    await this.#watcher?.close();
    const watcher = watch(base, {
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path) => !isWanted(path, targets),
    });
    this.#watcher = watcher;
    watcher.on('all', () => this.#onChange());
    watcher.on('error', (error) => this.#onError(error));
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watcher?.close();
  }
}

function isWanted(path: string, { files, agentsDir }: WatchTargets): boolean {
  if (files.some((file) => isInside(path, file)) || isInside(path, agentsDir)) return true;
  return dirname(path) === agentsDir && /\.(prompt|md)$/.test(path);
}

/** The folder itself, or the nearest one above it that exists. */
function nearestFolder(path: string): string {
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder && isAbsolute(folder)) folder = dirname(folder);
  return folder;
}

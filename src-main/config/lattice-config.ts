import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { LiveValue } from '../../src-shared/live.ts';
import { ProjectWatcher } from '../agents/project-watcher.ts';
import {
  LATTICE_FILE,
  type LatticeFiles,
  type LoadedLattice,
  readLatticeFiles,
  wholeFile,
} from './lattice-config-files.ts';
import { findProjectDir } from './project.ts';

/**
 * The configuration of one project, kept in step with the disk: lattice.yaml of this person under that of the project
 * under lattice.local.yaml. A part that gets a mistake stays as it last was, and the mistake is a diagnostic.
 */
export class LatticeConfig implements AsyncDisposable {
  /** What the files say now. */
  readonly current: LiveValue<LoadedLattice>;

  readonly #files: LatticeFiles;
  readonly #watcher: ProjectWatcher;
  #running: Promise<void> = Promise.resolve();
  #disposed = false;

  /** Reads the files of a project, which need not exist yet, and watches them. Never rejects for what the files say. */
  static async open(options: LatticeFiles): Promise<LatticeConfig> {
    const config = new LatticeConfig(options, await readLatticeFiles(options));
    await config.reload();
    return config;
  }

  private constructor(files: LatticeFiles, loaded: LoadedLattice) {
    this.#files = files;
    this.current = new LiveValue(loaded);
    this.#watcher = new ProjectWatcher({
      onChange: () => void this.reload(),
      onError: (error) => {
        this.#noteBlind(error);
      },
    });
  }

  /** Reads the files again now. Never rejects: what is wrong is in the diagnostics. */
  reload(): Promise<void> {
    this.#running = this.#running.then(() => (this.#disposed ? undefined : this.#read()));
    return this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await this.#running;
    await this.#watcher[Symbol.asyncDispose]();
  }

  #noteBlind(thrown: unknown): void {
    const loaded = this.current.value;
    const { message } = LatticeError.from(thrown);
    const blind = wholeFile(
      LATTICE_FILE,
      new LatticeError('io_failed', `Changes of the file may not be seen (${message}).`, {
        hint: 'Start Lattice again after a change.',
      }),
      'warning',
    );
    if (loaded.diagnostics.some((each) => each.message === blind.message)) return;
    this.current.set({ ...loaded, diagnostics: [...loaded.diagnostics, blind] });
  }

  async #read(): Promise<void> {
    const last = this.current.value;
    const loaded = await readLatticeFiles(this.#files, last);
    if (this.#disposed) return;
    if (loaded !== last) this.current.set(loaded);
    const { configDir } = this.#files;
    const own = configDir === undefined ? [] : await withTarget(resolve(configDir, LATTICE_FILE));
    const files = [...own, ...loaded.layers.map((layer) => layer.path)];
    const roots = [loaded.projectDir, ...own.map((file) => dirname(file))];
    await this.#watcher.watch({ roots, files });
  }
}

/** Reads the configuration of the project that `folder` lies in, once. Never rejects: what is wrong is in the diagnostics. */
export function loadLatticeConfig(
  options: Omit<LatticeFiles, 'projectDir'> & { folder: string },
): Promise<LoadedLattice> {
  const { folder, ...files } = options;
  return readLatticeFiles({ ...files, projectDir: findProjectDir(folder) });
}

/** Whether a variable of an environment has a value. */
export function hasVariable(env: Readonly<Record<string, string | undefined>>): (name: string) => boolean {
  return (name) => Object.hasOwn(env, name) && env[name] !== '';
}

/** A file and, where it is a link into a folder of settings kept elsewhere, what it leads to. */
async function withTarget(file: string): Promise<string[]> {
  const target = await realpath(file).catch(() => file);
  return target === file ? [file] : [file, target];
}

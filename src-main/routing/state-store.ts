import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { emptyState, type StateFile, stateFileSchema } from './state-file.ts';
import { TurnLock } from './turn-lock.ts';

/** A change of the state: what it becomes, and what the caller wants to know. The same state again means no write. */
export type StateChange<T> = (state: StateFile) => { state: StateFile; result: T };

export interface StateStoreOptions {
  /** `state.json`; its folder is made when it is not there. */
  file: string;
  /** Hears what a person should know, such as a damaged file that was set aside. */
  onProblem: (problem: LatticeError) => void;
  /** How long to wait for another process, in ms. */
  lockTimeoutMs?: number;
  /**
   * Whether a change waits for the disk, which it does where nothing else is said. Without it a change is safe from the
   * death of any process at once, and from a power cut a tenth of a second later.
   */
  waitForDisk?: boolean;
}

interface Snapshot {
  readonly identity: string;
  readonly state: StateFile;
}

/** A change that waits for its write. */
interface Pending {
  apply(state: StateFile): StateFile;
  settle(failure: LatticeError | undefined): void;
}

const NO_FILE = 'none';
/** How long a change may share its flush with the next ones, in ms. */
const FLUSH_AFTER_MS = 100;

/**
 * Keeps `state.json` right for any number of processes: each change happens under a lock, on the newest contents, and
 * reaches the disk whole or not at all. Changes that wait at the same time share one write.
 */
export class StateStore {
  readonly #options: StateStoreOptions;
  readonly #lock: TurnLock;
  #pending: Pending[] = [];
  #running = false;
  #seen: Snapshot | undefined;
  #swept = false;
  #flushing = false;

  constructor(options: StateStoreOptions) {
    this.#options = options;
    this.#lock = new TurnLock(`${options.file}.lock`, options.lockTimeoutMs ?? 10_000);
  }

  /** The contents now. A damaged file counts as empty, and is said. */
  read(): StateFile {
    return this.#load(false).state;
  }

  /**
   * Applies a change and resolves when it is on the disk, or with `waitForDisk: false` when every process sees it.
   * @throws what `change` throws; LatticeError `busy` when another process keeps the lock; `io_failed`.
   */
  update<T>(change: StateChange<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let outcome: { result: T } | undefined;
      this.#pending.push({
        apply(state) {
          try {
            const changed = change(state);
            outcome = { result: changed.result };
            return changed.state;
          } catch (error) {
            reject(error);
            return state;
          }
        },
        settle(failure) {
          if (failure !== undefined) reject(failure);
          else if (outcome !== undefined) resolve(outcome.result);
        },
      });
      if (!this.#running) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#running = true;
    while (this.#pending.length > 0) {
      let batch: Pending[] = [];
      let failure: LatticeError | undefined;
      try {
        const lock = await this.#lock.take();
        batch = this.#takePending();
        try {
          this.#apply(batch);
        } finally {
          lock[Symbol.dispose]();
        }
      } catch (error) {
        failure = this.#asFailure(error);
        if (batch.length === 0) batch = this.#takePending();
      }
      for (const each of batch) each.settle(failure);
    }
    this.#running = false;
  }

  #takePending(): Pending[] {
    const batch = this.#pending;
    this.#pending = [];
    return batch;
  }

  /**
   * Reads, changes and writes without a pause, so that nothing of this process comes between. The comparison before
   * the rename is for the rare lock that was taken for dead while its owner slept: then the changes are made again.
   */
  #apply(batch: readonly Pending[]): void {
    const { file, waitForDisk = true } = this.#options;
    this.#sweep();
    for (;;) {
      const before = this.#load(true);
      const state = batch.reduce((current, each) => each.apply(current), before.state);
      if (state === before.state) return;
      const draft = join(dirname(file), `${draftPrefix(file)}${randomUUID()}`);
      let isDraft = true;
      try {
        writeWhole(draft, `${JSON.stringify(state, undefined, 2)}\n`, waitForDisk);
        if (identityOf(file) !== before.identity) continue;
        renameSync(draft, file);
        isDraft = false;
        this.#seen = { identity: identityOf(file), state };
        if (!waitForDisk) this.#flushSoon();
        return;
      } finally {
        if (isDraft) rmSync(draft, { force: true });
      }
    }
  }

  /** While a disk brings one file down, making the next one waits for it: so changes share few flushes. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setTimeout(() => void this.#flush(), FLUSH_AFTER_MS).unref();
  }

  /** Brings the newest contents to the disk beside everything else. */
  async #flush(): Promise<void> {
    this.#flushing = false;
    try {
      const handle = await open(this.#options.file, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      // A state that was removed meanwhile has nothing to bring down.
      if (!isMissing(error)) this.#options.onProblem(this.#asFailure(error));
    }
  }

  /** Drafts are written under the lock only, so the ones found there are of writers that were killed. */
  #sweep(): void {
    if (this.#swept) return;
    this.#swept = true;
    const { file } = this.#options;
    for (const name of readdirSync(dirname(file))) {
      if (name.startsWith(draftPrefix(file))) rmSync(join(dirname(file), name), { force: true });
    }
  }

  #load(setAside: boolean): Snapshot {
    const { file } = this.#options;
    const identity = identityOf(file);
    if (this.#seen?.identity === identity) return this.#seen;
    const snapshot = identity === NO_FILE ? { identity, state: emptyState } : this.#parse(identity, setAside);
    this.#seen = snapshot.identity === identity ? snapshot : undefined;
    return snapshot;
  }

  /** Only who holds the lock may set a damaged file aside: anyone else could move a good one that was just written. */
  #parse(identity: string, setAside: boolean): Snapshot {
    const { file, onProblem } = this.#options;
    const text = readFileSync(file, 'utf8');
    try {
      return { identity, state: stateFileSchema.parse(JSON.parse(text)) };
    } catch (cause) {
      const aside = `${file}.damaged-${new Date().toISOString().replaceAll(/[-:.]/g, '')}`;
      if (setAside) renameSync(file, aside);
      const fate = setAside ? `was set aside as ${basename(aside)}` : 'will be set aside at the next call';
      onProblem(
        new LatticeError('io_failed', `${file} is damaged. It ${fate}.`, {
          hint: 'Routing begins at the first position again. What was used is in the usage log and is not lost.',
          cause,
        }),
      );
      return { identity: NO_FILE, state: emptyState };
    }
  }

  #asFailure(error: unknown): LatticeError {
    if (error instanceof LatticeError) return error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return new LatticeError('io_failed', `${this.#options.file} cannot be written (${code}).`, {
      hint: 'Look at the space on the disk and the rights of the folder.',
      cause: error,
    });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function draftPrefix(file: string): string {
  return `.${basename(file)}.draft-`;
}

/** Tells one version of a file from any other: every write makes a new file. */
function identityOf(file: string): string {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? NO_FILE : `${stats.ino}:${stats.mtimeNs}:${stats.size}`;
}

function writeWhole(file: string, text: string, sync: boolean): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
    if (sync) fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

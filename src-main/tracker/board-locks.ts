import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LatticeError } from '../../src-shared/errors.ts';
import { fileError, isMissing } from './file-error.ts';
import { type LockMode, tryLockFile, type Unlock } from './file-lock.ts';

const TIMEOUT_MS = 10_000;
const FIRST_WAIT_MS = 1;
const LONGEST_WAIT_MS = 20;

/** Every task write shares it and whole-board work takes it alone; always the outermost lock. */
const GATE = 'task_gate';

export interface BoardLocksOptions {
  /** The board's `locks` folder. */
  folder: string;
  /** How long to wait for one lock, in milliseconds; 10 s without it. */
  timeoutMs?: number;
}

/** The lock files of a board, the same ones that every other program on the board takes, in the same order. */
export class BoardLocks {
  readonly #folder: string;
  readonly #timeoutMs: number;
  /** Waiters of this process stand in line per key, so that they do not poll against each other. */
  readonly #lines = new Map<string, Promise<void>>();

  constructor(options: BoardLocksOptions) {
    this.#folder = options.folder;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  /**
   * Runs `work` while this process holds the locks `keys`, taken in sorted order and released in reverse, inside the shared gate.
   * @throws LatticeError `busy` when another program keeps a lock for too long, `io_failed` when the locks cannot be written.
   */
  async with<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    return this.#hold([{ key: GATE, mode: 'shared' }, ...sorted(keys)], work);
  }

  /** Runs `work` while no other task write goes on anywhere on the board. */
  async withWholeBoard<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    return this.#hold([{ key: GATE, mode: 'exclusive' }, ...sorted(keys)], work);
  }

  /** Runs `work` under further locks, from inside {@link with}; the caller keeps to an order that no other writer reverses. */
  async within<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    return this.#hold(sorted(keys), work);
  }

  async #hold<T>(wanted: readonly { key: string; mode: LockMode }[], work: () => Promise<T>): Promise<T> {
    const held: Unlock[] = [];
    try {
      for (const { key, mode } of wanted) held.push(await this.#acquire(key, mode));
      return await work();
    } finally {
      for (const unlock of held.reverse()) unlock();
    }
  }

  async #acquire(key: string, mode: LockMode): Promise<Unlock> {
    if (mode === 'shared') return this.#poll(key, mode);
    const before = this.#lines.get(key);
    let leave: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const line = (before ?? Promise.resolve()).then(() => turn);
    this.#lines.set(key, line);
    const end = () => {
      leave();
      if (this.#lines.get(key) === line) this.#lines.delete(key);
    };
    try {
      await before;
      const unlock = await this.#poll(key, mode);
      return () => {
        unlock();
        end();
      };
    } catch (error) {
      end();
      throw error;
    }
  }

  async #poll(key: string, mode: LockMode): Promise<Unlock> {
    const path = join(this.#folder, `${key}.lock`);
    const deadline = performance.now() + this.#timeoutMs;
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const unlock = await this.#try(path, mode);
      if (unlock) return unlock;
      if (performance.now() >= deadline) throw busy(path, this.#timeoutMs);
      await delay(wait * (0.5 + Math.random()));
    }
  }

  async #try(path: string, mode: LockMode): Promise<Unlock | undefined> {
    try {
      return tryLockFile(path, mode);
    } catch (error) {
      if (!isMissing(error)) throw fileError(error, path);
    }
    try {
      await mkdir(this.#folder, { recursive: true });
      return tryLockFile(path, mode);
    } catch (error) {
      throw fileError(error, path);
    }
  }
}

function sorted(keys: readonly string[]): { key: string; mode: LockMode }[] {
  return [...new Set(keys)].sort().map((key) => ({ key, mode: 'exclusive' }));
}

function busy(path: string, timeoutMs: number): LatticeError {
  return new LatticeError(
    'busy',
    `The board is in use: ${path} was not given free within ${timeoutMs / 1000} s.`,
    {
      hint: 'Another program writes to this board. Try again, or end that program.',
      details: { lock: path },
    },
  );
}

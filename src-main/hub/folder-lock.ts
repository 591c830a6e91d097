import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { isAlive, type ProcessIdentity, processIdentitySchema } from './process-identity.ts';

const lockSchema = z.object({
  owner: z.string(),
  supervisor: processIdentitySchema,
  hub: processIdentitySchema.optional(),
});
type Lock = z.infer<typeof lockSchema>;

/** What a folder is for: two servers on one store are not noticed by nats-server itself. */
export type LockedFolder = 'store' | 'runtime';

/**
 * Keeps a second hub off a folder. It holds while the supervisor or the hub lives, so a hub that outlived its
 * supervisor still guards its data.
 */
export class FolderLock {
  readonly #file: string;
  readonly #folder: string;
  readonly #supervisor: ProcessIdentity;
  readonly #owner = randomUUID();

  constructor(folder: string, kind: LockedFolder, supervisor: ProcessIdentity) {
    this.#folder = `${kind} folder ${folder}`;
    this.#file = join(folder, `lattice-${kind}.lock`);
    this.#supervisor = supervisor;
  }

  /**
   * Takes the lock; `ours` is a hub without a supervisor that may be taken over with it.
   * @throws LatticeError `conflict` that names who holds the folder, `io_failed` when it cannot be written.
   */
  async acquire(ours: ProcessIdentity | undefined): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      if (await this.#create()) return;
      const text = await readFile(this.#file, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      await this.#refuseHeld(parseLock(text), ours);
      await this.#removeStale(text);
    }
    throw new LatticeError('conflict', `Another hub is taking the ${this.#folder}.`, {
      hint: 'Stop the other hub, or choose another folder.',
    });
  }

  /**
   * Notes the hub that uses the folder now.
   * @throws LatticeError `conflict` when the lock is not ours any more.
   */
  async assign(hub: ProcessIdentity): Promise<void> {
    if (!(await this.#isOurs())) throw new LatticeError('conflict', `Another hub took the ${this.#folder}.`);
    await writeFileAtomic(this.#file, this.#text(hub), { mode: 0o600 });
  }

  /** Gives the folder free; a lock of somebody else stays. */
  async release(): Promise<void> {
    if (await this.#isOurs()) await rm(this.#file, { force: true });
  }

  /** The lock appears whole or not at all, so nobody takes a half-written one for stale. */
  async #create(): Promise<boolean> {
    const draft = `${this.#file}.${this.#owner}.new`;
    try {
      await writeFile(draft, this.#text(undefined), { mode: 0o600 });
      await linkOrCopy(draft, this.#file);
      return true;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EEXIST') return false;
      throw new LatticeError('io_failed', `The ${this.#folder} cannot be written (${code}).`, {
        hint: 'Choose a folder you may write to, or make room on the disk.',
        cause: error,
      });
    } finally {
      await rm(draft, { force: true }).catch(() => undefined);
    }
  }

  async #refuseHeld(lock: Lock | undefined, ours: ProcessIdentity | undefined): Promise<void> {
    if (lock === undefined) return;
    const { supervisor, hub } = lock;
    const adoptable = hub !== undefined && hub.pid === ours?.pid && hub.start_time === ours.start_time;
    if (await isAlive(supervisor)) throw this.#held('lattice', supervisor.pid);
    if (hub !== undefined && !adoptable && (await isAlive(hub))) throw this.#held('nats-server', hub.pid);
  }

  #held(name: string, pid: number): LatticeError {
    return new LatticeError('conflict', `The ${this.#folder} is used by ${name} (pid ${pid}).`, {
      hint: 'Stop the other hub, or choose another folder.',
      details: { holder: name, pid },
    });
  }

  /** Takes a stale lock away; when a live one slipped in between, it is put back. */
  async #removeStale(text: string): Promise<void> {
    const aside = `${this.#file}.${this.#owner}`;
    try {
      await rename(this.#file, aside);
    } catch {
      return;
    }
    const taken = await readFile(aside, 'utf8').catch(() => text);
    if (taken !== text) await linkOrCopy(aside, this.#file).catch(() => undefined);
    await rm(aside, { force: true });
  }

  async #isOurs(): Promise<boolean> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    return parseLock(text)?.owner === this.#owner;
  }

  #text(hub: ProcessIdentity | undefined): string {
    const lock: Lock = { owner: this.#owner, supervisor: this.#supervisor, ...(hub ? { hub } : {}) };
    return `${JSON.stringify(lock)}\n`;
  }
}

/** Not every file system has hard links; there a copy that refuses to overwrite must do. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

function parseLock(text: string): Lock | undefined {
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

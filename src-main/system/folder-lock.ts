import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { isAlive, type ProcessIdentity, processIdentitySchema } from './process-identity.ts';

const claimSchema = z.object({
  /** False while its maker still looks whether the folder is free. */
  held: z.boolean(),
  supervisor: processIdentitySchema,
  hub: processIdentitySchema.optional(),
});
type Claim = z.infer<typeof claimSchema>;

/** What a folder is for: two servers on one store are not noticed by nats-server itself, two stations must not share an id. */
export type LockedFolder = 'store' | 'runtime' | 'station';

const ROUNDS = 40;

/**
 * Keeps a second process off a folder. It holds while the supervisor or the hub lives, so a hub that outlived its supervisor
 * still guards its data. Each contender writes a claim under a name of its own and then looks for others: of two at the
 * same time at least one sees the other and steps back, and no name is used twice, so a stale claim can be removed by
 * anyone without taking a fresh one with it.
 */
export class FolderLock {
  readonly #folder: string;
  readonly #kind: LockedFolder;
  readonly #supervisor: ProcessIdentity;
  readonly #name: string;
  #inherited: string[] = [];

  constructor(folder: string, kind: LockedFolder, supervisor: ProcessIdentity) {
    this.#folder = folder;
    this.#kind = kind;
    this.#supervisor = supervisor;
    this.#name = `lattice-${kind}.${randomUUID()}.lock`;
  }

  /**
   * Takes the lock; `ours` is a hub without a supervisor that may be taken over with it.
   * @throws LatticeError `conflict` that names who holds the folder, `io_failed` when it cannot be written.
   */
  async acquire(ours: ProcessIdentity | undefined): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      await this.#write({ held: false, supervisor: this.#supervisor });
      const rival = await this.#findRival(ours);
      if (!rival) {
        await this.#write({ held: true, supervisor: this.#supervisor });
        return;
      }
      await this.release();
      if (rival.held) throw this.#conflict(`is used by ${rival.name} (pid ${rival.pid})`, rival);
      await delay(5 + Math.random() * 45);
    }
    throw this.#conflict('is wanted by several processes at once');
  }

  /**
   * Notes the hub that uses the folder now.
   * @throws LatticeError `conflict` when the lock is not ours any more.
   */
  async assign(hub: ProcessIdentity): Promise<void> {
    if (!(await readClaim(this.#path(this.#name)))) throw this.#conflict('was unlocked by somebody');
    await this.#write({ held: true, supervisor: this.#supervisor, hub });
    for (const name of this.#inherited.splice(0)) await rm(this.#path(name), { force: true });
  }

  /** Gives the folder free; locks of others stay. */
  async release(): Promise<void> {
    await rm(this.#path(this.#name), { force: true });
  }

  async #findRival(ours: ProcessIdentity | undefined) {
    this.#inherited = [];
    const pattern = claimName(this.#kind);
    for (const name of await readdir(this.#folder)) {
      if (name === this.#name || !pattern.test(name)) continue;
      const claim = await readClaim(this.#path(name));
      if (claim && (await isAlive(claim.supervisor)))
        return { held: claim.held, name: 'lattice', pid: claim.supervisor.pid };
      const hub = claim?.hub;
      if (hub && (await isAlive(hub))) {
        if (hub.pid !== ours?.pid || hub.start_time !== ours.start_time)
          return { held: true, name: 'nats-server', pid: hub.pid };
        // It guards the store until our own claim names the hub.
        this.#inherited.push(name);
      } else await rm(this.#path(name), { force: true });
    }
    return undefined;
  }

  async #write(claim: Claim): Promise<void> {
    try {
      await writeFileAtomic(this.#path(this.#name), JSON.stringify(claim), { mode: 0o600, fsync: false });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : error;
      throw new LatticeError(
        'io_failed',
        `The ${this.#kind} folder ${this.#folder} cannot be written (${code}).`,
        {
          hint: 'Choose a folder you may write to, or make room on the disk.',
          cause: error,
        },
      );
    }
  }

  #conflict(what: string, rival?: { name: string; pid: number }): LatticeError {
    return new LatticeError('conflict', `The ${this.#kind} folder ${this.#folder} ${what}.`, {
      hint: 'Stop the other hub, or choose another folder.',
      ...(rival && { details: { holder: rival.name, pid: rival.pid } }),
    });
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

/** Whether a living process holds a folder. */
export async function isLocked(folder: string, kind: LockedFolder): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => claimName(kind).test(each))) {
    const claim = await readClaim(join(folder, name));
    if (claim?.held && (await isAlive(claim.supervisor))) return true;
  }
  return false;
}

function claimName(kind: LockedFolder): RegExp {
  return new RegExp(`^lattice-${kind}\\.[0-9a-f-]{36}\\.lock$`);
}

/** A claim that cannot be read counts as none: claims appear whole, so it was never a claim of ours. */
async function readClaim(file: string): Promise<Claim | undefined> {
  try {
    return claimSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { isAlive, startTimeOf } from './process-info.ts';

const ownerSchema = z.object({ pid: z.int().min(1), started: z.string() });
export type Owner = z.infer<typeof ownerSchema>;

/** Held until disposed; the file names the holder, so that a lock of a dead process is taken over. */
export type OwnerLock = AsyncDisposable;

/**
 * Takes the lock file for this process.
 * @returns the lock, or the living owner that has it.
 */
export async function takeOwnerLock(file: string): Promise<{ lock: OwnerLock } | { owner: Owner }> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const own: Owner = { pid: process.pid, started: (await startTimeOf(process.pid)) ?? '' };
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    for (let round = 0; round < 20; round++) {
      if (await linked(draft, file)) return { lock: { [Symbol.asyncDispose]: () => release(file, own) } };
      const owner = await readOwner(file);
      if (owner && (await isLiving(owner))) return { owner };
      await removeStale(file);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new Error(`The lock ${file} changes hands too fast.`);
}

/** The living process that holds a lock file; undefined when nobody does. */
export async function ownerOf(file: string): Promise<Owner | undefined> {
  const owner = await readOwner(file);
  return owner && (await isLiving(owner)) ? owner : undefined;
}

async function isLiving(owner: Owner): Promise<boolean> {
  return isAlive(owner.pid) && ((await startTimeOf(owner.pid)) ?? '') === owner.started;
}

/** A hard link appears whole or not at all, so no reader sees a half-written owner. */
async function linked(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function readOwner(file: string): Promise<Owner | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Moves the file aside before it goes: if a living owner came between look and move, it gets its lock back. */
async function removeStale(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  const owner = await readOwner(aside);
  if (owner && (await isLiving(owner))) await linked(aside, file);
  await rm(aside, { force: true });
}

async function release(file: string, own: Owner): Promise<void> {
  const owner = await readOwner(file);
  if (owner?.pid === own.pid && owner.started === own.started) await rm(file, { force: true });
}

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { LatticeError } from '../../src-shared/errors.ts';
import type { RoutingConflict } from '../../src-shared/views/routing.ts';
import { readTextFile } from '../agents/project-file.ts';
import type { LatticeLayer } from '../config/lattice-config-files.ts';

/** A name for the contents of a file. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether a file can be written: one that a person marked as read-only counts as such, also for the superuser. */
export async function isWritable(path: string): Promise<boolean> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o222) === 0) return false;
    await access(path, constants.W_OK);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

/**
 * Replaces the contents of a file of the configuration at once, when they still are what was edited; gives the new digest.
 * @throws LatticeError `conflict` with what is on disk (see `routingConflictSchema`), `io_failed`.
 */
export async function saveLatticeFile(
  { scope, path }: Pick<LatticeLayer, 'scope' | 'path'>,
  text: string,
  base: string,
): Promise<string> {
  const name = basename(path);
  const now = await readTextFile(path).catch((error: unknown) => {
    if (LatticeError.from(error).code === 'not_found') return undefined;
    throw error;
  });
  const digest = now === undefined ? '' : digestOf(now);
  if (digest !== base) {
    const conflict: RoutingConflict = { scope, text: now ?? '', digest };
    throw new LatticeError('conflict', `${name} was changed outside of this window while you edited it.`, {
      hint: 'Keep yours, take the one on disk, or look at both.',
      details: { ...conflict },
    });
  }
  if (!(await isWritable(path)))
    throw new LatticeError('io_failed', `${name} is read-only.`, { hint: `Allow writing to ${path}.` });
  try {
    const target = await realpath(path).catch(() => path);
    await mkdir(dirname(target), { recursive: true });
    await writeFileAtomic(target, text);
  } catch (cause) {
    throw new LatticeError('io_failed', `${name} cannot be written.`, {
      hint: 'Look at the space on the disk and the rights of the folder. What you edited is still here.',
      cause,
    });
  }
  return digestOf(text);
}

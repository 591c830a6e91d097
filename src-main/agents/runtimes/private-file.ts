import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LatticeError } from '../../../src-shared/errors.ts';

/** Writes a file that only this user can read; returns its path. @throws LatticeError `io_failed`. */
export async function writePrivate(dir: string, name: string, content: string): Promise<string> {
  const path = join(dir, name);
  try {
    await writeFile(path, content, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new LatticeError('io_failed', `${path} cannot be written.`, { cause: error });
  }
  return path;
}

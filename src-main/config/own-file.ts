import { lstat, readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { isInside } from '../agents/project-file.ts';

/**
 * A file of a project as text, or undefined when there is none; `root` is a real path.
 * @throws LatticeError `unsafe` for a place outside of the project, a link, or one behind a link; `conflict` when it is no file.
 */
export async function readOwnFile(root: string, path: string): Promise<string | undefined> {
  const file = join(root, path);
  if (!isInside(root, file)) throw new LatticeError('unsafe', `${path} lies outside of the project.`);
  const folder = await realpath(dirname(file)).catch(() => dirname(file));
  const stats = await lstat(file).catch(() => undefined);
  if (relative(folder, dirname(file)) !== '' || stats?.isSymbolicLink())
    throw new LatticeError(
      'unsafe',
      `${path} is a link, or lies behind one; nothing was written through it.`,
    );
  if (stats === undefined) return undefined;
  if (!stats.isFile()) throw new LatticeError('conflict', `${path} is not a file.`);
  return readFile(file, 'utf8');
}

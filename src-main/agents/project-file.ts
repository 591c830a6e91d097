import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';

/** The largest file that is read as a part of an agent. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * The real path of a file of a project; `root` is a real path.
 * @throws LatticeError `unsafe` when it lies outside the project, also through a link; `not_found`; `io_failed`.
 */
export async function resolveInProject(root: string, path: string): Promise<string> {
  const wanted = resolve(root, path);
  if (!isInside(root, wanted)) throw outside(path);
  try {
    const real = await realpath(wanted);
    if (!isInside(root, real)) throw outside(path);
    return real;
  } catch (error) {
    throw asFileError(error, path);
  }
}

/**
 * Reads a text file that has to lie inside the project.
 * @throws LatticeError `unsafe`, `not_found`, `too_large` beyond 1 MiB, `io_failed`.
 */
export async function readInProject(root: string, path: string): Promise<string> {
  return readTextFile(await resolveInProject(root, path), path);
}

/**
 * Reads a text file wherever it is; `shownAs` is its name for people.
 * @throws LatticeError `not_found`, `invalid_input` when it is no file, `too_large` beyond 1 MiB, `io_failed`.
 */
export async function readTextFile(file: string, shownAs: string = file): Promise<string> {
  try {
    const stats = await stat(file);
    // A pipe or a device would never end, or never begin.
    if (!stats.isFile()) throw new LatticeError('invalid_input', `${shownAs} is not a file.`);
    if (stats.size > MAX_FILE_BYTES)
      throw new LatticeError(
        'too_large',
        `${shownAs} has ${stats.size.toLocaleString('en')} bytes; the limit is 1 MiB.`,
      );
    return await readFile(file, 'utf8');
  } catch (error) {
    throw asFileError(error, shownAs);
  }
}

/** Whether `path` is `folder` or lies below it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function outside(path: string): LatticeError {
  return new LatticeError('unsafe', `${path} lies outside the project folder.`, {
    hint: 'Move the file into the project.',
  });
}

function asFileError(error: unknown, path: string): LatticeError {
  if (error instanceof LatticeError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new LatticeError('not_found', `There is no file ${path}.`, { cause: error });
  return new LatticeError('io_failed', `${path} cannot be read (${String(code ?? error)}).`, {
    cause: error,
  });
}

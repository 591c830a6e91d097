import { constants } from 'node:fs';
import { mkdir, open, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { LatticeError } from '../../../src-shared/errors.ts';
import { isInside } from '../project-file.ts';

/** The largest file a runtime may read or write through us. */
const MAX_BYTES = 10 * 1024 ** 2;

/**
 * The real path of a file in a folder, which need not exist yet; `root` is a real path.
 * @throws LatticeError `unsafe` when it lies outside, also through a link.
 */
export async function resolveInFolder(root: string, path: string): Promise<string> {
  const wanted = isAbsolute(path) ? path : resolve(root, path);
  if (path.includes('\0')) throw outside(path);
  const missing: string[] = [];
  let there = wanted;
  for (;;) {
    try {
      there = await realpath(there);
      break;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || dirname(there) === there) throw unreadable(path, error);
      // A link that leads nowhere could be made to lead anywhere.
      missing.unshift(basename(there));
      there = dirname(there);
    }
  }
  const real = join(there, ...missing);
  if (!isInside(root, real)) throw outside(path);
  return real;
}

/**
 * Reads text of a file in a folder, from `line` (1 is the first), `limit` lines of it.
 * @throws LatticeError `unsafe`, `not_found`, `too_large` beyond 10 MiB, `io_failed`.
 */
export async function readTextIn(
  root: string,
  path: string,
  part: { line?: number | null | undefined; limit?: number | null | undefined },
): Promise<string> {
  const file = await open(
    await resolveInFolder(root, path),
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  ).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new LatticeError('invalid_input', `${path} is not a file.`);
    if (stats.size > MAX_BYTES) throw tooLarge(path);
    const text = await file.readFile('utf8');
    if ((part.line ?? 1) <= 1 && (part.limit ?? undefined) === undefined) return text;
    const from = Math.max(0, (part.line ?? 1) - 1);
    return text
      .split('\n')
      .slice(from, part.limit === null || part.limit === undefined ? undefined : from + part.limit)
      .join('\n');
  } finally {
    await file.close();
  }
}

/**
 * Writes a text file in a folder, with the folders above it.
 * @throws LatticeError `unsafe`, `too_large` beyond 10 MiB, `io_failed`.
 */
export async function writeTextIn(root: string, path: string, content: string): Promise<void> {
  if (Buffer.byteLength(content) > MAX_BYTES) throw tooLarge(path);
  const real = await resolveInFolder(root, path);
  try {
    await mkdir(dirname(real), { recursive: true });
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
    const file = await open(real, flags | constants.O_NONBLOCK, 0o644);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new LatticeError('io_failed', `${path} cannot be written (${codeOf(error)}).`, { cause: error });
  }
}

function outside(path: string): LatticeError {
  return new LatticeError('unsafe', `${path} lies outside the working folder.`);
}

function tooLarge(path: string): LatticeError {
  return new LatticeError('too_large', `${path} is larger than 10 MiB.`);
}

function unreadable(path: string, error: unknown): LatticeError {
  if (error instanceof LatticeError) return error;
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? new LatticeError('not_found', `There is no file ${path}.`, { cause: error })
    : new LatticeError('io_failed', `${path} cannot be read (${code}).`, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

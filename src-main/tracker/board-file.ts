import { randomUUID } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { fileError, isMissing } from './file-error.ts';

/** The largest file of a board that is read, in bytes. */
export const MAX_FILE_BYTES = 50 * 1024 * 1024;

const MODE = 0o600;
const FOLDER_MODE = 0o700;
const NEWLINE = 0x0a;

/** Windows has neither flag and no links or pipes in an ordinary folder. */
const NO_FOLLOW = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a file of a board whole, or answers `undefined` when there is none. Board files are small and many, and reading
 * them one after the other without waiting is many times faster than handing each to another thread.
 * @throws LatticeError `unsafe` for a link, a pipe or a device, `too_large`, `io_failed`.
 */
export function readBoardFile(path: string, maxBytes: number = MAX_FILE_BYTES): Buffer | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | NO_FOLLOW);
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new LatticeError('unsafe', `${path} is not a file.`);
    if (stat.size > maxBytes) throw tooLarge(path, stat.size, maxBytes);
    return readFileSync(fd);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError(error, path);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * Puts a file in place whole: a reader sees the old one or the new one, also after a crash at any point.
 * @throws LatticeError `io_failed`; the old file is then untouched.
 */
export async function writeBoardFile(path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.tmp.${randomUUID()}`);
  try {
    const file = await openIn(folder, temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(error, path);
  }
}

/**
 * Appends to a log and waits until the disk has it. A line that lacks its newline gets it first. What was appended in part, because the
 * disk is full, is taken back.
 * @throws LatticeError `io_failed`, `unsafe`, `too_large`; the log is then as it was.
 */
export async function appendBoardFile(path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  try {
    const file = await openIn(folder, path, constants.O_RDWR | constants.O_CREAT | NO_FOLLOW);
    let fresh = false;
    try {
      const { size } = await file.stat();
      fresh = size === 0;
      await appendTo(file, size, path, Buffer.from(content));
    } finally {
      await file.close();
    }
    if (fresh) await syncFolder(folder);
  } catch (error) {
    throw fileError(error, path);
  }
}

async function appendTo(file: FileHandle, size: number, path: string, content: Buffer): Promise<void> {
  if (size + content.length > MAX_FILE_BYTES) throw tooLarge(path, size + content.length, MAX_FILE_BYTES);
  const repaired = (await endsLine(file, size)) ? content : Buffer.concat([Buffer.of(NEWLINE), content]);
  try {
    let written = 0;
    while (written < repaired.length) {
      const step = await file.write(repaired, written, repaired.length - written, size + written);
      written += step.bytesWritten;
    }
    await file.sync();
  } catch (error) {
    await file.truncate(size);
    throw error;
  }
}

async function endsLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last[0] === NEWLINE;
}

async function openIn(folder: string, path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags, MODE);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    return open(path, flags, MODE);
  }
}

/** Makes new names in a folder last; some systems cannot, and then the names last when the system writes them. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, constants.O_RDONLY);
    await handle.sync().finally(() => handle.close());
  } catch {
    return;
  }
}

/** Moves a file inside a board, making the target's folder; answers false when there is none to move. */
export async function moveBoardFile(from: string, to: string): Promise<boolean> {
  try {
    await mkdir(dirname(to), { recursive: true, mode: FOLDER_MODE });
    await rename(from, to);
  } catch (error) {
    if (isMissing(error)) return false;
    throw fileError(error, from);
  }
  await syncFolder(dirname(to));
  await syncFolder(dirname(from));
  return true;
}

function tooLarge(path: string, size: number, limit: number): LatticeError {
  const mebibytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024);
  return new LatticeError(
    'too_large',
    `${path} has ${mebibytes(size)} MB; Lattice handles ${mebibytes(limit)} MB.`,
    { hint: 'Archive the task and go on in a new one. Nothing was changed.', details: { path, size } },
  );
}

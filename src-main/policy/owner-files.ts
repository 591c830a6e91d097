import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import {
  type ApprovalView,
  approvalAnswerSchema,
  approvalViewSchema,
} from '../../src-shared/views/approval.ts';

/** A task of a million characters may take four bytes and an escape each. */
const MAX_REQUEST_BYTES = 16 * 1_048_576;
const MAX_ANSWER_BYTES = 4_096;

/** The answer of a command, with the process that gives it. */
const ownerAnswerSchema = approvalAnswerSchema.extend({ pid: z.int().min(1) });
export type OwnerAnswer = z.infer<typeof ownerAnswerSchema>;

/** The folder through which commands of this user answer for a station. */
export function approvalsFolder(stationDir: string): string {
  return join(stationDir, 'approvals');
}

/** Makes the folder new, so that nothing of an earlier process counts. @throws LatticeError `io_failed`. */
export async function freshFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw LatticeError.from(error, 'io_failed');
  }
}

export function requestFile(folder: string, id: string): string {
  return join(folder, `${id}.json`);
}

export function answerFile(folder: string, id: string): string {
  return join(folder, `${id}.answer`);
}

/** Shows a run that waits to the commands of this user. */
export async function writeRequest(folder: string, view: ApprovalView): Promise<void> {
  await writeFileAtomic(requestFile(folder, view.id), JSON.stringify(view), { mode: 0o600 });
}

/** The runs that wait, as their station shows them, the oldest first; what cannot be read is left out. */
export async function readRequests(folder: string): Promise<ApprovalView[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name) => {
        const text = await readPrivate(join(folder, name), MAX_REQUEST_BYTES).catch(() => undefined);
        const view = approvalViewSchema.safeParse(parsed(text));
        return view.success && name === `${view.data.id}.json` ? [view.data] : [];
      }),
  );
  return found.flat().sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Puts an answer where the station looks for it. */
export async function writeAnswer(folder: string, answer: OwnerAnswer): Promise<void> {
  await writeFileAtomic(answerFile(folder, answer.id), JSON.stringify(answer), { mode: 0o600 });
}

/** The answer to a run that waits, if there is one. @throws LatticeError `unsafe`, `too_large`, `invalid_input` for one that must not count. */
export async function readAnswer(folder: string, id: string): Promise<OwnerAnswer | undefined> {
  const text = await readPrivate(answerFile(folder, id), MAX_ANSWER_BYTES);
  if (text === undefined) return undefined;
  const answer = ownerAnswerSchema.safeParse(parsed(text));
  if (answer.success && answer.data.id === id) return answer.data;
  throw new LatticeError('invalid_input', 'The file is not an answer to what waits.');
}

/** A file of this user alone as text, or undefined when there is none. @throws LatticeError `unsafe`, `too_large`, `io_failed`. */
async function readPrivate(file: string, maxBytes: number): Promise<string | undefined> {
  let handle: FileHandle;
  try {
    // A pipe would wait for ever for somebody who writes.
    handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw new LatticeError('unsafe', 'The file is a link.');
    throw LatticeError.from(error, 'io_failed');
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new LatticeError('unsafe', 'It is not a file.');
    const own = process.getuid?.();
    if (own !== undefined && stats.uid !== own)
      throw new LatticeError('unsafe', 'The file belongs to another user.');
    if (own !== undefined && (stats.mode & 0o077) !== 0)
      throw new LatticeError('unsafe', 'Other users may read or write the file.');
    if (stats.size > maxBytes) throw new LatticeError('too_large', 'The file is too large.');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

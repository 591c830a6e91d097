import { createHash } from 'node:crypto';
import { LatticeError } from '../../src-shared/errors.ts';
import { readBoardFile, writeBoardFile } from './board-file.ts';
import type { BoardPaths, TextKind } from './board-paths.ts';
import type { BoardText } from './board-storage.ts';

/** The longest plan or notes that are read, in bytes. */
const MAX_TEXT_BYTES = 5 * 1024 * 1024;

/** The text of a task's plan file; null when there is none. */
export function readPlan(paths: BoardPaths, id: string, archived: boolean): string | null {
  return readBoardFile(paths.text('plan', id, archived), MAX_TEXT_BYTES)?.toString('utf8') ?? null;
}

/** The plan or notes of a task with a digest of what is there. */
export function readBoardText(paths: BoardPaths, kind: TextKind, id: string, archived: boolean): BoardText {
  const bytes = readBoardFile(paths.text(kind, id, archived), MAX_TEXT_BYTES);
  const text = bytes?.toString('utf8') ?? '';
  return { text, exists: bytes !== undefined, digest: digestOf(text) };
}

/**
 * Saves a plan or notes. The caller holds the task's locks.
 * @throws LatticeError `conflict` when `digest` names something else than what is there.
 */
export async function writeBoardText(
  paths: BoardPaths,
  kind: TextKind,
  id: string,
  text: string,
  digest: string | undefined,
): Promise<BoardText> {
  const before = readBoardText(paths, kind, id, false);
  if (digest !== undefined && digest !== before.digest)
    throw new LatticeError('conflict', `The ${kind} of ${id} changed while you wrote.`, {
      hint: 'Look at what is there now, then save again.',
      details: { digest: before.digest },
    });
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES)
    throw new LatticeError('too_large', `The ${kind} has more than 5 MB.`, { hint: 'Attach it as a file.' });
  await writeBoardFile(paths.text(kind, id), text);
  return { text, exists: true, digest: digestOf(text) };
}

/** Adds to a plan file, as a move back in the workflow does. */
export async function appendPlan(
  paths: BoardPaths,
  id: string,
  archived: boolean,
  text: string,
): Promise<void> {
  const before = readPlan(paths, id, archived) ?? '';
  await writeBoardFile(paths.text('plan', id, archived), before + text);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { BoardAuthor } from '../board-storage.ts';
import { initBoard } from '../init-board.ts';
import { LocalBoard, type LocalBoardOptions } from '../local-board.ts';

/** A folder that goes with the test that asked for it. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lattice-board-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A board of its own in such a folder, as a person at the command line makes it. */
export async function tempBoard(options: Partial<LocalBoardOptions> = {}): Promise<LocalBoard> {
  const root = await tempFolder();
  await initBoard(root, { projectCode: 'LAT', defaultActor: 'human:ann' });
  return openBoard(root, options);
}

/** The board in a folder, until the test ends. */
export function openBoard(root: string, options: Partial<LocalBoardOptions> = {}): LocalBoard {
  const board = new LocalBoard({ root, hooks: false, ...options });
  onTestFinished(() => board[Symbol.asyncDispose]());
  return board;
}

export const ann: BoardAuthor = { actor: 'human:ann' };
export const codex: BoardAuthor = { actor: 'agent:codex-1' };

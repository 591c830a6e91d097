import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';

/** The folder that a board is, inside the folder it belongs to. */
export const BOARD_FOLDER = '.lattice';

/** Whether a folder holds a board. */
export function hasBoard(folder: string): boolean {
  return existsSync(join(folder, BOARD_FOLDER, 'config.json'));
}

/**
 * The folder that holds the board for `from`: what `LATTICE_ROOT` names, else the nearest folder upwards, else the main worktree of a
 * linked git worktree.
 * @throws LatticeError `invalid_input` when `LATTICE_ROOT` names no board, `not_found` when there is none.
 */
export function findBoardRoot(from: string, env: NodeJS.ProcessEnv = process.env): string {
  if (env.LATTICE_ROOT !== undefined) return namedRoot(env.LATTICE_ROOT);
  let worktree: string | undefined;
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (hasBoard(folder)) return folder;
    worktree ??= mainWorktree(folder);
    if (dirname(folder) === folder) break;
  }
  if (worktree !== undefined && hasBoard(worktree)) return worktree;
  throw new LatticeError('not_found', `There is no board in ${resolve(from)} or above it.`, {
    hint: 'Make one with: lattice board init --project-code LAT --actor human:you',
    details: { board_code: 'NOT_INITIALIZED' },
  });
}

function namedRoot(root: string): string {
  if (root !== '' && hasBoard(resolve(root))) return resolve(root);
  throw new LatticeError(
    'invalid_input',
    root === ''
      ? 'LATTICE_ROOT is set but empty.'
      : `LATTICE_ROOT is ${root}, which holds no board (no ${BOARD_FOLDER}/config.json).`,
    {
      hint: 'Set it to the folder that contains .lattice, or unset it.',
      details: { board_code: 'NOT_INITIALIZED' },
    },
  );
}

/** The main worktree when `folder` is the top of a linked one, whose `.git` is a file that says where it belongs. */
function mainWorktree(folder: string): string | undefined {
  const git = join(folder, '.git');
  if (statSync(git, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const gitdir = /^gitdir: (.+)$/m.exec(readFileSync(git, 'utf8'))?.[1]?.trim();
  if (gitdir === undefined) return undefined;
  const match = /^(.*)[/\\]\.git[/\\]worktrees[/\\][^/\\]+$/.exec(resolve(folder, gitdir));
  return match?.[1];
}

import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkspaceKind } from '../runner.ts';
import { holdWorktree } from './worktrees.ts';

/** The working folder of one run. */
export interface Workspace extends AsyncDisposable {
  /** A real path. */
  dir: string;
  /** Said to the person, when there is something to know about the folder. */
  note: string | undefined;
}

export interface WorkspaceOptions {
  kind: WorkspaceKind;
  /** The project folder, a real path. */
  root: string;
  workId: string;
}

/**
 * Opens the working folder of a run. A worktree stays after the run, so that what was made in it can be looked at;
 * the next attempt of the work goes on in it.
 * @throws LatticeError `unsupported` when the project is no git repository with a commit.
 */
export async function openWorkspace({ kind, root, workId }: WorkspaceOptions): Promise<Workspace> {
  const nothing = async () => undefined;
  if (kind === 'project') return { dir: root, note: undefined, [Symbol.asyncDispose]: nothing };
  if (kind === 'temporary') {
    const dir = await realpath(await mkdtemp(join(tmpdir(), 'lattice-run-')));
    return {
      dir,
      note: undefined,
      [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true, maxRetries: 3 }),
    };
  }
  const worktree = await holdWorktree(root, workId);
  return { ...worktree, note: `Works in the git worktree ${worktree.dir}.` };
}

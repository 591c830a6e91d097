import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { LatticeError } from '../../../src-shared/errors.ts';
import type { WorkspaceKind } from '../runner.ts';

const run = promisify(execFile);
const GIT_TIMEOUT_MS = 60_000;

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
 * @throws LatticeError `unsupported` when the project is no git repository with a commit, `io_failed`.
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
  const dir = await openWorktree(root, workId);
  return { dir, note: `Works in the git worktree ${dir}.`, [Symbol.asyncDispose]: nothing };
}

async function openWorktree(root: string, workId: string): Promise<string> {
  const name = workId.replace(/[^A-Za-z0-9_-]/g, '_');
  try {
    const shared = (await git(root, 'rev-parse', '--path-format=absolute', '--git-common-dir')).trim();
    const dir = join(shared, 'lattice-worktrees', name);
    const known = await git(root, 'worktree', 'list', '--porcelain', '-z');
    if (known.split('\0').includes(`worktree ${dir}`)) return dir;
    await mkdir(dirname(dir), { recursive: true });
    await git(root, 'worktree', 'add', '--detach', '--quiet', dir);
    return await realpath(dir);
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new LatticeError('unsupported', `No git worktree can be made for this work (${said}).`, {
      hint: 'Use workspace: project, or make the project a git repository with a commit.',
      cause: error,
    });
  }
}

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', [...args], { cwd, timeout: GIT_TIMEOUT_MS, windowsHide: true });
  return stdout;
}

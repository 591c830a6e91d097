import { execFile } from 'node:child_process';
import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { LatticeError } from '../../../src-shared/errors.ts';
import {
  identify,
  isAlive,
  type ProcessIdentity,
  processIdentitySchema,
} from '../../system/process-identity.ts';
import { safeEnvironment } from '../command-environment.ts';

const run = promisify(execFile);
const GIT_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 64 * 1_048_576;

/** A git worktree that a work was run in. */
export interface WorkTree {
  /** The id of the work, as a folder can be named. */
  work: string;
  dir: string;
  /** Files in it that are changed or new. */
  changed: number;
  /** Commits made in it that no branch, remote or tag has. */
  commits: number;
  /** A run works in it now. */
  in_use: boolean;
}

/**
 * The worktree of a work, made when it is not there, and kept from being removed until it is disposed.
 * @throws LatticeError `unsupported` when the project is no git repository with a commit.
 */
export async function holdWorktree(root: string, workId: string): Promise<{ dir: string } & AsyncDisposable> {
  try {
    const dir = await openWorktree(root, workId);
    await git(root, 'worktree', 'unlock', dir).catch(() => undefined);
    await git(root, 'worktree', 'lock', '--reason', JSON.stringify(await identify(process.pid)), dir);
    return {
      dir,
      [Symbol.asyncDispose]: async () => {
        await git(root, 'worktree', 'unlock', dir).catch(() => undefined);
      },
    };
  } catch (error) {
    throw new LatticeError('unsupported', `No git worktree can be made for this work (${saidBy(error)}).`, {
      hint: 'Use workspace: project, or make the project a git repository with a commit.',
      cause: error,
    });
  }
}

/** The worktrees that works left in a repository. @throws LatticeError `unsupported` when the folder is in none. */
export async function listWorktrees(root: string): Promise<WorkTree[]> {
  const listed = await git(root, 'worktree', 'list', '--porcelain', '-z').catch((error: unknown) => {
    throw new LatticeError('unsupported', `${root} is in no git repository (${saidBy(error)}).`, {
      cause: error,
    });
  });
  const shared = await worktreesIn(root);
  const trees = listed
    .split('\0\0')
    .map((entry) => Object.fromEntries(entry.split('\0').map(keyAndValue)))
    .filter(({ worktree }) => worktree !== undefined && dirname(worktree) === shared);
  return Promise.all(
    trees.map(async ({ worktree: dir = '', locked }) => ({
      work: basename(dir),
      dir,
      changed: await linesOf(dir, 'status', '--porcelain'),
      commits: await linesOf(dir, 'rev-list', 'HEAD', '--not', '--branches', '--remotes', '--tags'),
      in_use: await holds(locked),
    })),
  );
}

/**
 * Removes a worktree; one that holds something of its own only with `force`.
 * @throws LatticeError `busy` while a run works in it, `io_failed`, also when it was changed meanwhile.
 */
export async function removeWorktree(
  root: string,
  { dir, work, in_use }: WorkTree,
  { force }: { force: boolean },
): Promise<void> {
  if (in_use)
    throw new LatticeError('busy', `A run of work ${work} uses its worktree now.`, {
      hint: `Wait for it, or stop it with lattice work cancel ${work}.`,
    });
  try {
    await git(root, 'worktree', 'unlock', dir).catch(() => undefined);
    await git(root, 'worktree', 'remove', ...(force ? ['--force'] : []), dir);
  } catch (error) {
    throw new LatticeError('io_failed', `The worktree ${dir} cannot be removed (${saidBy(error)}).`, {
      cause: error,
    });
  }
}

async function openWorktree(root: string, workId: string): Promise<string> {
  const dir = join(await worktreesIn(root), workId.replace(/[^A-Za-z0-9_-]/g, '_'));
  const known = await git(root, 'worktree', 'list', '--porcelain', '-z');
  if (known.split('\0').includes(`worktree ${dir}`)) return dir;
  await mkdir(dirname(dir), { recursive: true });
  await git(root, 'worktree', 'add', '--detach', '--quiet', dir);
  return realpath(dir);
}

async function worktreesIn(root: string): Promise<string> {
  const shared = await git(root, 'rev-parse', '--path-format=absolute', '--git-common-dir');
  return join(shared.trim(), 'lattice-worktrees');
}

/** A folder that cannot be asked counts as changed, so that nothing in it is taken for nothing. */
async function linesOf(dir: string, ...args: readonly string[]): Promise<number> {
  try {
    return (await git(dir, ...args)).split('\n').filter((line) => line !== '').length;
  } catch {
    return 1;
  }
}

/** Whether the process that locked a worktree still runs; the lock of one that was killed holds nobody. */
async function holds(reason: string | undefined): Promise<boolean> {
  const holder = holderOf(reason);
  return holder !== undefined && isAlive(holder);
}

function holderOf(reason: string | undefined): ProcessIdentity | undefined {
  try {
    return processIdentitySchema.parse(JSON.parse(reason ?? ''));
  } catch {
    return undefined;
  }
}

function keyAndValue(line: string): [string, string] {
  const space = line.indexOf(' ');
  return space === -1 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}

function saidBy(error: unknown): string {
  return error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
}

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', [...args], {
    cwd,
    env: safeEnvironment(process.env),
    timeout: GIT_TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
    windowsHide: true,
  });
  return stdout;
}

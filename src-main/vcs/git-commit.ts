import { LatticeError } from '../../src-shared/errors.ts';
import { gitArgv } from './git-argv.ts';
import { LATTICE_EMAIL, LATTICE_IDENTITY } from './git-checkpoints.ts';
import { type GitHead, type GitRepository, nulList, rawPath, shownPath } from './git-repository.ts';
import type { CommitRequest, Committed } from './vcs.ts';

const BRANCHES = 'refs/heads/';
const TRIES = 100;

/**
 * Commits changed files on the branch of Lattice beside the one that is checked out, which then is checked out instead;
 * the files stay untouched. Other staged files stay staged. No hook runs and nothing is signed.
 * @throws LatticeError `conflict` during a merge or the like, `io_failed`.
 */
export async function commitFiles(
  git: GitRepository,
  request: CommitRequest,
): Promise<Committed | undefined> {
  const ongoing = git.ongoing();
  if (ongoing !== undefined) {
    throw new LatticeError('conflict', `A ${ongoing} is under way, and its commit is yours to make.`, {
      hint: `End it with git ${ongoing} --continue or --abort, then commit.`,
    });
  }
  const wanted = request.files === undefined ? undefined : new Set(request.files.map(rawPath));
  const files = (await git.changed()).filter((path) => wanted?.has(path) ?? true);
  if (files.length === 0) return undefined;
  const message = request.message.replaceAll('\0', ' ').trim() || 'Changes by an agent';
  const head = await git.head();
  const branch = await ownBranch(git, head);
  if (branch !== undefined) await git.bytes(gitArgv.attach(branch));
  try {
    const input = nulList(files);
    await git.bytes(gitArgv.stage, { input });
    await git.bytes(gitArgv.commit(message), { input, env: await identity(git) });
  } catch (error) {
    if (branch !== undefined) await goBack(git, head);
    throw error;
  }
  const { commit = '', branch: on = '' } = await git.head();
  return { id: commit, on: on.slice(BRANCHES.length), message, files: files.map(shownPath) };
}

/** The branch to switch to, made or moved to HEAD already; nothing when HEAD can stay. */
async function ownBranch(git: GitRepository, head: GitHead): Promise<string | undefined> {
  if (head.commit === undefined || head.branch?.startsWith(`${BRANCHES}lattice/`)) return undefined;
  const base = head.branch?.slice(BRANCHES.length) ?? `detached-${head.commit.slice(0, 8)}`;
  const taken = await git.text(gitArgv.worktrees);
  for (let count = 1; count <= TRIES; count++) {
    const name = `${BRANCHES}lattice/${base}${count === 1 ? '' : `-${count}`}`;
    const tip = await git.commitOf(name);
    if (tip === undefined) {
      await git.bytes(gitArgv.createRef(name, head.commit));
      return name;
    }
    const isOpen = taken.split('\0').includes(`branch ${name}`);
    if (isOpen || (await git.try(gitArgv.isAncestor(tip, head.commit))).code !== 0) continue;
    await git.bytes(gitArgv.moveRef(name, head.commit, tip));
    return name;
  }
  throw new LatticeError('conflict', `Every branch lattice/${base} up to -${TRIES} is taken.`, {
    hint: 'Merge or delete those that you do not need any more.',
  });
}

async function goBack(git: GitRepository, head: GitHead): Promise<void> {
  if (head.branch !== undefined) await git.try(gitArgv.attach(head.branch));
  else if (head.commit !== undefined) await git.try(gitArgv.detach(head.commit));
}

/** The person is the author where git knows who that is; Lattice is always the committer. */
async function identity(git: GitRepository): Promise<Record<string, string>> {
  const known = await git.try(gitArgv.identity);
  if (known.code !== 0) return { ...LATTICE_IDENTITY };
  const { GIT_COMMITTER_NAME = 'Lattice' } = LATTICE_IDENTITY;
  return { GIT_COMMITTER_NAME, GIT_COMMITTER_EMAIL: LATTICE_EMAIL };
}

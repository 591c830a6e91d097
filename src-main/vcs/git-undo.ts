import { readdirSync } from 'node:fs';
import { rmdir, unlink } from 'node:fs/promises';
import { LatticeError } from '../../src-shared/errors.ts';
import { gitArgv } from './git-argv.ts';
import { addCheckpoint, type GitCheckpoint, LATTICE_EMAIL, listCheckpoints } from './git-checkpoints.ts';
import { restoreIndex } from './git-index-state.ts';
import {
  absolutePath,
  type GitHead,
  type GitRepository,
  type RawPath,
  shownPath,
  statOf,
} from './git-repository.ts';
import type { GitSnapshots, TreeChange } from './git-snapshot.ts';
import { checkpointNumbered, nothingToUndo, undoTargets } from './undo-target.ts';
import type { Undone } from './vcs.ts';

const OWN_BRANCHES = 'refs/heads/lattice/';

/**
 * Brings the files of a checkpoint back. What is there now is kept first, so that the undo can be undone. A branch goes
 * back only over commits that Lattice made and nobody has pushed.
 * @throws LatticeError `not_found`, `conflict` before anything has changed.
 */
export async function undoTo(
  git: GitRepository,
  snapshots: GitSnapshots,
  number: number | undefined,
): Promise<Undone> {
  const ongoing = git.ongoing();
  if (ongoing !== undefined && ongoing !== 'merge') {
    throw new LatticeError('conflict', `A ${ongoing} is under way in this repository.`, {
      hint: `End it with git ${ongoing} --continue or --abort, then undo.`,
    });
  }
  const { target, nowTree } = await chosen(git, snapshots, number);
  const head = await git.head();
  refuseOtherBranch(head, target);
  const changes = await snapshots.compare(nowTree, target.tree);
  refuseBlocked(git, changes);
  const before = await addCheckpoint(git, {
    kind: 'undo',
    message: `before undo to ${target.number}`,
    tree: nowTree,
    undid: target.number,
  });
  const gone = changes.filter((change) => change.kind === 'deleted').map((change) => change.path);
  const written = changes.filter((change) => change.kind !== 'deleted').map((change) => change.path);
  for (const path of gone) await remove(git, path);
  await snapshots.write(target.tree, written);
  const notes: string[] = [];
  const stays = await moveHead(git, head, target.head);
  if (stays === undefined) await restoreIndex(git, target.index);
  else notes.push(stays);
  return { to: target, before, files: changes.map((change) => shownPath(change.path)), notes };
}

/** The checkpoint to go to, and the files as they are now with those that the checkpoint has and git ignores today. */
async function chosen(git: GitRepository, snapshots: GitSnapshots, number: number | undefined) {
  const all = await listCheckpoints(git);
  const plain = await snapshots.take();
  const head = await git.head();
  const targets = number === undefined ? undoTargets(all) : [checkpointNumbered(all, number)];
  const target = targets.find(
    (each) => number !== undefined || each.tree !== plain || !isSameHead(each.head, head),
  );
  if (target === undefined) throw nothingToUndo();
  const missing = (await snapshots.compare(plain, target.tree)).filter((change) => change.kind === 'added');
  const nowTree = missing.length === 0 ? plain : await snapshots.take(missing.map((change) => change.path));
  return { target, nowTree };
}

function isSameHead(a: GitHead, b: GitHead): boolean {
  return a.branch === b.branch && a.commit === b.commit;
}

/** Files of one branch are not laid over another one that a person has switched to. */
function refuseOtherBranch(now: GitHead, { head, number }: GitCheckpoint): void {
  if (now.branch === head.branch && (now.branch !== undefined || now.commit === head.commit)) return;
  const isOurs = (branch: string | undefined) => branch?.startsWith(OWN_BRANCHES) === true;
  if (isOurs(now.branch) || isOurs(head.branch)) return;
  const name = (place: GitHead) =>
    place.branch?.replace('refs/heads/', '') ?? place.commit?.slice(0, 12) ?? '';
  throw new LatticeError(
    'conflict',
    `Checkpoint ${number} is of ${name(head)}, and ${name(now)} is checked out.`,
    {
      hint: `Switch with git switch ${head.branch === undefined ? '--detach ' : ''}${name(head)}, then undo.`,
    },
  );
}

/** A folder with files that nobody has kept must not give way to a file. */
function refuseBlocked(git: GitRepository, changes: readonly TreeChange[]): void {
  const gone = new Set(changes.flatMap((change) => (change.kind === 'deleted' ? [change.path] : [])));
  for (const { path, kind } of changes) {
    if (kind === 'deleted') continue;
    const kept = survivor(git, path, gone) ?? linkedParent(git, path, gone);
    if (kept === undefined) continue;
    throw new LatticeError(
      'conflict',
      `${shownPath(path)} cannot come back: ${shownPath(kept)} is in its way.`,
      {
        hint: 'Move it away, then undo.',
      },
    );
  }
}

/** A file in the folder `path` that would be lost; nothing when `path` is no folder. */
function survivor(git: GitRepository, path: RawPath, gone: ReadonlySet<RawPath>): RawPath | undefined {
  if (!statOf(git, path)?.isDirectory()) return undefined;
  for (const entry of readdirSync(absolutePath(git, path), { encoding: 'buffer' })) {
    const child = `${path}/${entry.toString('latin1')}`;
    const isFolder = statOf(git, child)?.isDirectory() === true;
    const found = isFolder ? survivor(git, child, gone) : gone.has(child) ? undefined : child;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A file or link that stands where `path` needs a folder. */
function linkedParent(git: GitRepository, path: RawPath, gone: ReadonlySet<RawPath>): RawPath | undefined {
  const steps = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= steps.length; depth++) {
    const parent = steps.slice(0, depth).join('/');
    const stats = statOf(git, parent);
    if (stats === undefined) return undefined;
    if (!stats.isDirectory()) return gone.has(parent) ? undefined : parent;
  }
  return undefined;
}

async function remove(git: GitRepository, path: RawPath): Promise<void> {
  await unlink(absolutePath(git, path));
  const steps = path.split('/');
  const floor = git.scope === '.' ? 0 : git.scope.split('/').length;
  for (let depth = steps.length - 1; depth > floor; depth--) {
    try {
      await rmdir(absolutePath(git, steps.slice(0, depth).join('/')));
    } catch {
      // Other files are in it.
      return;
    }
  }
}

/** Puts HEAD and its branch back where they were; says why when they have to stay. */
async function moveHead(git: GitRepository, now: GitHead, then: GitHead): Promise<string | undefined> {
  if (isSameHead(now, then)) return undefined;
  if (now.commit === undefined) return 'The branch has no commit now and had one then; it stays.';
  const tip = then.branch === undefined ? then.commit : await git.commitOf(then.branch);
  if (then.branch !== undefined && tip !== then.commit) {
    if (tip === undefined) return `The branch ${then.branch.replace('refs/heads/', '')} is gone; HEAD stays.`;
    const why = await whyKept(git, then.commit, tip);
    if (why !== undefined) return why;
    if (then.commit === undefined) await git.bytes(gitArgv.dropRef(then.branch, tip));
    else await git.bytes(gitArgv.moveRef(then.branch, then.commit, tip));
  }
  if (then.branch !== undefined) await git.bytes(gitArgv.attach(then.branch));
  else if (then.commit !== undefined) await git.bytes(gitArgv.detach(then.commit));
  return undefined;
}

/** Why the commits after `from` have to stay on their branch; nothing when Lattice made them all and nobody has them. */
async function whyKept(
  git: GitRepository,
  from: string | undefined,
  tip: string,
): Promise<string | undefined> {
  if (from !== undefined && (await git.try(gitArgv.isAncestor(from, tip))).code !== 0)
    return 'The branch was rewritten since the checkpoint; its commits stay, and only the files went back.';
  const committers = (await git.text(gitArgv.committers(from, tip))).split('\n');
  if (committers.some((email) => email !== LATTICE_EMAIL))
    return 'Commits of yours came after the checkpoint; they stay, and only the files went back.';
  if ((await git.text(gitArgv.onRemotes(tip))) !== '')
    return 'The commits after the checkpoint are pushed; they stay, and only the files went back.';
  return undefined;
}

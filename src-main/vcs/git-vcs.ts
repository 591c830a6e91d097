import { addCheckpoint, listCheckpoints } from './git-checkpoints.ts';
import { commitFiles } from './git-commit.ts';
import { pushBranch } from './git-push.ts';
import { type GitOptions, GitRepository, shownPath } from './git-repository.ts';
import { GitSnapshots } from './git-snapshot.ts';
import { undoTo } from './git-undo.ts';
import { checkpointNumbered } from './undo-target.ts';
import type { Checkpoint, CommitRequest, Committed, Pushed, Undone, Vcs, VcsStatus } from './vcs.ts';

/** The preset `git-stash`: checkpoints are objects under refs/lattice, and neither they nor an undo use the stash. */
export class GitVcs implements Vcs {
  readonly preset = 'git-stash';
  readonly #git: GitRepository;
  readonly #snapshots: GitSnapshots;

  private constructor(git: GitRepository) {
    this.#git = git;
    this.#snapshots = new GitSnapshots(git);
  }

  /** @throws what {@link GitRepository.open} throws. */
  static async open(options: GitOptions): Promise<GitVcs> {
    return new GitVcs(await GitRepository.open(options));
  }

  async status(): Promise<VcsStatus> {
    const git = this.#git;
    const { branch, commit } = await git.head();
    const name = branch?.replace('refs/heads/', '') ?? `${commit?.slice(0, 12) ?? ''} without a branch`;
    const ongoing = git.ongoing();
    const [lastCheckpoint] = await listCheckpoints(git);
    return {
      preset: this.preset,
      at: commit === undefined ? `${name}, no commit yet` : name,
      changed: (await git.changed()).map(shownPath),
      ...(ongoing === undefined ? {} : { ongoing }),
      ...(lastCheckpoint === undefined ? {} : { lastCheckpoint: plain(lastCheckpoint) }),
    };
  }

  async list(): Promise<Checkpoint[]> {
    return (await listCheckpoints(this.#git)).map(plain);
  }

  async checkpoint(message: string): Promise<Checkpoint> {
    const tree = await this.#snapshots.take();
    return plain(await addCheckpoint(this.#git, { kind: 'checkpoint', message, tree }));
  }

  async filesChanged(since?: Checkpoint): Promise<string[]> {
    if (since === undefined) return (await this.#git.changed()).map(shownPath);
    const { tree } = checkpointNumbered(await listCheckpoints(this.#git), since.number);
    const changes = await this.#snapshots.compare(tree, await this.#snapshots.take());
    return changes.map((change) => shownPath(change.path));
  }

  commit(request: CommitRequest): Promise<Committed | undefined> {
    return commitFiles(this.#git, request);
  }

  async undo(to?: number): Promise<Undone> {
    const undone = await undoTo(this.#git, this.#snapshots, to);
    return { ...undone, to: plain(undone.to), before: plain(undone.before) };
  }

  push({ dryRun }: { dryRun: boolean }): Promise<Pushed> {
    return pushBranch(this.#git, dryRun);
  }
}

/** What everybody may see of a checkpoint. */
function plain({ number, kind, message, time, undid }: Checkpoint): Checkpoint {
  return { number, kind, message, time, ...(undid === undefined ? {} : { undid }) };
}

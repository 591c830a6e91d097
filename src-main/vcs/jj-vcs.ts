import { LatticeError } from '../../src-shared/errors.ts';
import { jjArgv } from './jj-argv.ts';
import { type JjCheckpoint, JjCheckpoints } from './jj-checkpoints.ts';
import { type JjOptions, JjTool } from './jj-tool.ts';
import type { JjWorkspaces } from './jj-workspaces.ts';
import { checkpointNumbered, nothingToUndo, undoTargets } from './undo-target.ts';
import type { Checkpoint, CommitRequest, Committed, Pushed, Undone, Vcs, VcsStatus } from './vcs.ts';

export interface JjVcsOptions extends JjOptions {
  /** Gives every checkpoint a workspace of its own; without it all work is in one working copy. */
  workspaces?: JjWorkspaces | undefined;
}

/** The presets `jj-checkpoint` and `jj-workspace`: each checkpoint is a jj operation, and an undo restores it. */
export class JjVcs implements Vcs {
  readonly preset: 'jj-checkpoint' | 'jj-workspace';
  readonly #jj: JjTool;
  readonly #folder: string;
  readonly #workspaces: JjWorkspaces | undefined;
  readonly #checkpoints: JjCheckpoints;

  private constructor(options: JjVcsOptions, root: string) {
    this.#jj = new JjTool(options);
    this.#folder = options.folder;
    this.#workspaces = options.workspaces;
    this.#checkpoints = new JjCheckpoints(root);
    this.preset = options.workspaces === undefined ? 'jj-checkpoint' : 'jj-workspace';
  }

  /** @throws LatticeError `not_found` without jj, `io_failed` outside a jj repository. */
  static async open(options: JjVcsOptions): Promise<JjVcs> {
    return new JjVcs(options, await new JjTool(options).text(jjArgv.root));
  }

  async status(): Promise<VcsStatus> {
    const folder = await this.#place();
    await this.#jj.text(jjArgv.status, folder);
    const [lastCheckpoint] = await this.#checkpoints.list();
    return {
      preset: this.preset,
      at: await this.#jj.text(jjArgv.at, folder),
      changed: await this.#jj.lines(jjArgv.files, folder),
      ...(lastCheckpoint === undefined ? {} : { lastCheckpoint: plain(lastCheckpoint) }),
    };
  }

  async list(): Promise<Checkpoint[]> {
    return (await this.#checkpoints.list()).map(plain);
  }

  async checkpoint(message: string): Promise<Checkpoint> {
    const operation = await this.#operation();
    if (this.#workspaces === undefined) {
      await this.#jj.text(jjArgv.newChange(message));
      return plain(await this.#checkpoints.add({ kind: 'checkpoint', message, operation }));
    }
    const { workspace } = await this.#workspaces.add(this.#jj, message);
    return plain(await this.#checkpoints.add({ kind: 'checkpoint', message, operation, workspace }));
  }

  async filesChanged(since?: Checkpoint): Promise<string[]> {
    return this.#jj.lines(jjArgv.files, await this.#place(since));
  }

  async commit({ message, files, since }: CommitRequest): Promise<Committed | undefined> {
    const folder = await this.#place(since);
    await this.#workspaces?.checkGate(this.#jj, folder);
    const changed = await this.#jj.lines(jjArgv.files, folder);
    const chosen = files === undefined ? changed : changed.filter((file) => files.includes(file));
    if (chosen.length === 0) return undefined;
    await this.#jj.text(jjArgv.commit(message, files === undefined ? [] : chosen), folder);
    const id = await this.#jj.text(jjArgv.committed, folder);
    const on = this.#workspaces?.nameOf(folder) ?? 'the working copy';
    return { id, on, message, files: chosen };
  }

  async undo(to?: number): Promise<Undone> {
    const all = await this.#checkpoints.list();
    const target = to === undefined ? undoTargets(all)[0] : checkpointNumbered(all, to);
    if (target === undefined) throw nothingToUndo();
    // A workspace is a part of what comes back, so its files are taken into jj first.
    const folder = await this.#place(target);
    if (folder !== this.#folder) await this.#jj.text(jjArgv.status, folder);
    const operation = await this.#operation();
    const before = await this.#checkpoints.add({
      kind: 'undo',
      message: `before undo to ${target.number}`,
      operation,
      undid: target.number,
    });
    const files = await this.#jj.lines(jjArgv.files, folder);
    await this.#jj.text(jjArgv.restore(target.operation));
    const notes =
      folder === this.#folder
        ? []
        : [`The folder ${folder} stays until you delete it; jj does not use it now.`];
    return { to: plain(target), before: plain(before), files, notes };
  }

  async push({ dryRun }: { dryRun: boolean }): Promise<Pushed> {
    const folder = await this.#place();
    const { stdout, stderr } = await this.#jj.run(jjArgv.push(dryRun), folder);
    const said = `${stdout.toString('utf8')}${stderr}`.trim();
    const cleaned = dryRun ? undefined : await this.#workspaces?.cleanUp(this.#jj, folder);
    return {
      remote: 'the git remote of jj',
      branch: 'the last commit',
      dryRun,
      said,
      notes: cleaned === undefined ? [] : [cleaned],
    };
  }

  /** The id of the operation that has the files as they are now. */
  async #operation(): Promise<string> {
    await this.#jj.text(jjArgv.status);
    const operation = await this.#jj.text(jjArgv.operation);
    if (/^[0-9a-f]{8,}$/.test(operation)) return operation;
    throw new LatticeError('io_failed', 'jj did not name its last operation.', {
      hint: 'Update jj; Lattice needs jj op log with templates.',
    });
  }

  /** Where the work of a checkpoint, or else of the last one, is. */
  async #place(checkpoint?: Checkpoint): Promise<string> {
    if (this.#workspaces === undefined) return this.#folder;
    const last = checkpoint ?? (await this.#checkpoints.list()).find((each) => each.kind === 'checkpoint');
    return this.#workspaces.folderOf(last?.workspace) ?? this.#folder;
  }
}

function plain({ operation: _operation, ...checkpoint }: JjCheckpoint): Checkpoint {
  return checkpoint;
}

import { LatticeError } from '../../src-shared/errors.ts';
import type { Checkpoint, Committed, Pushed, Undone, Vcs, VcsStatus } from './vcs.ts';

/** The preset `none`: nothing is kept, and whoever asks for it hears so. */
export class NoVcs implements Vcs {
  readonly preset = 'none';

  async status(): Promise<VcsStatus> {
    return { preset: this.preset, at: 'no version control', changed: [] };
  }

  async list(): Promise<Checkpoint[]> {
    return [];
  }

  async checkpoint(): Promise<Checkpoint> {
    return refuse('make a checkpoint');
  }

  async filesChanged(): Promise<string[]> {
    return [];
  }

  async commit(): Promise<Committed | undefined> {
    return refuse('commit');
  }

  async undo(): Promise<Undone> {
    return refuse('undo');
  }

  async push(): Promise<Pushed> {
    return refuse('push');
  }
}

function refuse(what: string): never {
  throw new LatticeError('unsupported', `Without version control Lattice cannot ${what}.`, {
    hint: 'Set vcs.preset in lattice.yaml: git-stash, jj-checkpoint or jj-workspace.',
  });
}

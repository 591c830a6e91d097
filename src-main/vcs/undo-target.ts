import { LatticeError } from '../../src-shared/errors.ts';
import type { Checkpoint } from './vcs.ts';

/**
 * The checkpoints that an undo without a number may go back to, the nearest first: each undo in a row goes further back,
 * and an undo that was itself undone counts for nothing. `newestFirst` holds every checkpoint.
 */
export function undoTargets<T extends Checkpoint>(newestFirst: readonly T[]): T[] {
  let left = newestFirst;
  for (let last = left[0]; last?.kind === 'undo'; last = left[0]) {
    const { undid = 0 } = last;
    left = left.filter((each) => each.number < undid);
  }
  return left.filter((each) => each.kind === 'checkpoint');
}

/** The checkpoint with a number. @throws LatticeError `not_found`. */
export function checkpointNumbered<T extends Checkpoint>(all: readonly T[], number: number): T {
  const found = all.find((each) => each.number === number);
  if (found !== undefined) return found;
  throw new LatticeError('not_found', `There is no checkpoint ${number}.`, {
    hint: 'lattice vcs list shows which there are.',
  });
}

export function nothingToUndo(): LatticeError {
  return new LatticeError('not_found', 'There is nothing to undo: the files are as at every checkpoint.', {
    hint: 'lattice vcs list shows the checkpoints; lattice vcs undo --to NUMBER goes to one of them.',
  });
}

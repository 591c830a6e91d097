import { LatticeError } from '../src-shared/errors.ts';

/** For what needs a lattice while there is none. */
export function noLattice(): LatticeError {
  return new LatticeError('not_connected', 'This machine is not part of a lattice.', {
    hint: 'Host a lattice, join one, or use just this machine.',
  });
}

/** For what only the machine with the hub can do. */
export function hubElsewhere(): LatticeError {
  return new LatticeError('unsupported', 'The hub of this lattice runs on another machine.', {
    hint: 'Start, stop and share it there.',
  });
}

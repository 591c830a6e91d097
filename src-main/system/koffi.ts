import { createRequire } from 'node:module';
import { LatticeError } from '../../src-shared/errors.ts';

type Koffi = typeof import('koffi/indirect');

let loaded: Koffi | undefined;

/**
 * The foreign function interface, loaded when it is first needed: a native module cannot be bundled, so it lies beside the bundles.
 * @throws LatticeError `unsupported` when it is not there for this platform.
 */
export function loadKoffi(): Koffi {
  try {
    loaded ??= createRequire(import.meta.url)('koffi/indirect') as Koffi;
    return loaded;
  } catch (cause) {
    throw new LatticeError(
      'unsupported',
      `The module koffi does not load on ${process.platform}-${process.arch}.`,
      { hint: 'Install Lattice again, or run npm ci in its source folder.', cause },
    );
  }
}

import { LatticeError } from '../../src-shared/errors.ts';
import { formatDiagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import { loadLatticeConfig } from '../config/lattice-config.ts';
import type { LoadedLattice } from '../config/lattice-config-files.ts';

/**
 * Reads the configuration of the project that `folder` lies in, for routing. Parts with mistakes are left out and are in
 * `diagnostics`.
 * @throws LatticeError `not_found` without any file, `invalid_input` when one cannot be read.
 */
export async function loadRouting(source: Parameters<typeof loadLatticeConfig>[0]): Promise<LoadedLattice> {
  const loaded = await loadLatticeConfig(source);
  if (!loaded.layers.some((layer) => layer.exists)) {
    throw new LatticeError('not_found', `There is no lattice.yaml in ${loaded.projectDir} or above it.`, {
      hint: 'Write one with lattice init.',
    });
  }
  if (loaded.broken) {
    const first = loaded.diagnostics.find((each) => each.severity === 'error');
    const message = first === undefined ? 'lattice.yaml cannot be read.' : formatDiagnostic(first);
    throw new LatticeError('invalid_input', message);
  }
  return loaded;
}

import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMap } from '../../src-shared/lattice-yaml/merge.ts';
import { LATTICE_FILE, type LatticeLayer, type LoadedLattice } from '../config/lattice-config-files.ts';

export const DEFAULT_AGENTS_DIR = 'agents';

/** Where the prompt of an agent is. */
export interface PromptPlace {
  /** The real folder that it has to lie in. */
  root: string;
  /** From the project folder, or absolute when it is one of the person's own. */
  path: string;
}

/**
 * Finds the prompt that an agent of lattice.yaml names. It is in the agents folder of the project, or in that beside the
 * person's own lattice.yaml when only that file names it.
 */
export async function promptPlace(
  loaded: LoadedLattice,
  agent: string,
  path: string,
  agentsDir: string,
): Promise<PromptPlace> {
  const naming = loaded.layers.filter((layer) => inLayer(layer, 'agents', agent, 'path') !== undefined);
  const own = naming.length === 1 && naming[0]?.scope === 'global' ? naming[0] : undefined;
  if (own === undefined) return { root: loaded.projectDir, path: join(agentsDir, path) };
  const folder = dirname(own.path);
  const root = await realpath(folder).catch(() => folder);
  const dir = inLayer(own, 'defaults', 'agents_dir');
  return { root, path: join(root, typeof dir === 'string' ? dir : DEFAULT_AGENTS_DIR, path) };
}

/** The file that defines an agent of lattice.yaml: that of the project, or the person's own when only that one does. */
export function sourceOf(loaded: LoadedLattice, agent: string): string {
  const defining = loaded.layers.filter((layer) => inLayer(layer, 'agents', agent) !== undefined);
  return defining.length === 1 && defining[0]?.scope === 'global' ? defining[0].path : LATTICE_FILE;
}

function inLayer(layer: LatticeLayer, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    layer.yaml?.value,
  );
}

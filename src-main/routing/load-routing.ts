import { readFile, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { type Diagnostic, formatDiagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import { type Layer, readLatticeYaml } from '../../src-shared/lattice-yaml/read.ts';
import { type RoutingDocument, routingDocument } from '../../src-shared/routing/document.ts';
import { LATTICE_FILES } from '../agents/load-project.ts';
import { readInProject } from '../agents/project-file.ts';

/** Where lattice.yaml and what lies under it are. */
export interface RoutingSource {
  projectDir: string;
  /** The file of this user that lies under every project; it does not have to be there. */
  globalFile?: string;
}

/** What the files say about routing, with everything that is wrong in them. */
export interface RoutingReading {
  document: RoutingDocument;
  diagnostics: Diagnostic[];
}

/**
 * Reads the routing of a project: the file of the user, lattice.yaml and lattice.local.yaml, the strongest last. Parts
 * with mistakes are left out and are in `diagnostics`.
 * @throws LatticeError `not_found` without any file, `invalid_input` when one cannot be read as YAML, `unsafe`, `io_failed`.
 */
export async function loadRouting(source: RoutingSource): Promise<RoutingReading> {
  const root = await realpath(source.projectDir).catch(() => resolve(source.projectDir));
  const layers = [
    await globalLayer(source.globalFile),
    ...(await Promise.all(LATTICE_FILES.map((name) => projectLayer(root, name)))),
  ].filter((layer) => layer !== undefined);
  if (layers.length === 0) {
    throw new LatticeError('not_found', `There is no lattice.yaml in ${root} or above it.`, {
      hint: 'Write one with lattice init.',
    });
  }
  const { value, diagnostics } = readLatticeYaml(layers);
  if (value === undefined) {
    const first = diagnostics.find((each) => each.severity === 'error');
    const message = first === undefined ? 'lattice.yaml cannot be read.' : formatDiagnostic(first);
    throw new LatticeError('invalid_input', message);
  }
  return { document: routingDocument(value), diagnostics };
}

async function projectLayer(root: string, name: string): Promise<Layer | undefined> {
  try {
    return { source: name, text: await readInProject(root, name) };
  } catch (error) {
    if (LatticeError.from(error).code === 'not_found') return undefined;
    throw error;
  }
}

async function globalLayer(file: string | undefined): Promise<Layer | undefined> {
  if (file === undefined) return undefined;
  try {
    return { source: file, text: await readFile(file, 'utf8') };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new LatticeError('io_failed', `${file} cannot be read.`, { cause });
  }
}

import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import type { Diagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import { checkMeaning } from '../../src-shared/lattice-yaml/meaning.ts';
import type { MachineFacts } from '../../src-shared/lattice-yaml/meaning-machine.ts';
import { type ParsedYaml, parseYaml } from '../../src-shared/lattice-yaml/parse-yaml.ts';
import { readLatticeYaml } from '../../src-shared/lattice-yaml/read.ts';
import type { LatticeYaml } from '../../src-shared/lattice-yaml/schema.ts';
import { type RoutingDocument, routingDocument } from '../../src-shared/routing/document.ts';
import { readInProject, readTextFile } from '../agents/project-file.ts';

/** The name of the file in a project, and in the folder of settings of a person. */
export const LATTICE_FILE = 'lattice.yaml';
const LOCAL_FILE = 'lattice.local.yaml';

/** Where a file of the configuration counts: for this person, for the project, for the project on this machine. */
type LayerScope = 'global' | 'project' | 'local';

/** One file of the configuration as it is on disk. */
export interface LatticeLayer {
  readonly scope: LayerScope;
  /** Absolute, also while there is no such file. */
  readonly path: string;
  /** Empty while the file is not there or cannot be read. */
  readonly text: string;
  readonly exists: boolean;
  /** The text taken apart, for whoever points into it; nothing while the file is not there or cannot be read. */
  readonly yaml: ParsedYaml | undefined;
}

/** The configuration of a project: what its files say together. */
export interface LoadedLattice {
  /** The real path of the project where it exists. */
  readonly projectDir: string;
  /** All layers laid over each other. Texts keep `${NAME}`; where a part is wrong it is as it last was, or left out. */
  readonly document: LatticeYaml;
  readonly routing: RoutingDocument;
  /** The weakest first; files that are not there are in it too. */
  readonly layers: readonly LatticeLayer[];
  readonly diagnostics: readonly Diagnostic[];
  /** True while a file cannot be read at all, so that `document` is that of before. */
  readonly broken: boolean;
}

/** Where the files of a configuration are. */
export interface LatticeFiles extends MachineFacts {
  projectDir: string;
  /** The folder of this person's settings, whose lattice.yaml lies under every project. */
  configDir?: string | undefined;
}

interface FileReading {
  scope: LayerScope;
  path: string;
  /** The file as a person knows it. */
  source: string;
  read: () => Promise<string>;
}

/**
 * Reads the layers of a project as they are now, the person's own file first. Never rejects: what is wrong is in
 * `diagnostics`. `last` is what was read before and stands in for what is wrong now; it is returned itself when nothing changed.
 */
export async function readLatticeFiles(files: LatticeFiles, last?: LoadedLattice): Promise<LoadedLattice> {
  const projectDir = await realpath(files.projectDir).catch(() => resolve(files.projectDir));
  const readings = await Promise.all(layersOf(projectDir, files.configDir).map(readLayer));
  if (last !== undefined && isSame(projectDir, readings, last)) return last;
  const there = readings.filter(({ layer, error }) => layer.exists && error === undefined);
  const { value, diagnostics, layers } = readLatticeYaml(
    there.map(({ source, layer }) => ({ source, text: layer.text })),
    last?.document,
  );
  const failures = readings.flatMap(({ source, error }) =>
    error === undefined ? [] : [wholeFile(source, error)],
  );
  const [first, ...others] = layers;
  if (value !== undefined && first !== undefined)
    diagnostics.push(...checkMeaning(value, [first, ...others], files));
  const broken = failures.length > 0 || value === undefined;
  const document = broken ? (last?.document ?? {}) : value;
  return {
    projectDir,
    document,
    routing: routingDocument(document),
    layers: readings.map(({ layer }) => {
      const index = there.findIndex((each) => each.layer === layer);
      return { ...layer, yaml: layers[index] };
    }),
    diagnostics: [...failures, ...diagnostics],
    broken,
  };
}

/** A file that cannot be read, as a diagnostic at its start. */
export function wholeFile(
  source: string,
  error: LatticeError,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic {
  return parseYaml('', source).diagnostic(severity, [0, 0], error.message, { suggestion: error.hint });
}

function layersOf(projectDir: string, configDir: string | undefined): FileReading[] {
  const inProject = (scope: LayerScope, name: string): FileReading => ({
    scope,
    path: join(projectDir, name),
    source: name,
    read: () => readInProject(projectDir, name),
  });
  const project = [inProject('project', LATTICE_FILE), inProject('local', LOCAL_FILE)];
  if (configDir === undefined) return project;
  const path = resolve(configDir, LATTICE_FILE);
  return [{ scope: 'global', path, source: path, read: () => readTextFile(path) }, ...project];
}

interface LayerReading {
  source: string;
  layer: LatticeLayer;
  /** Set when the file is there and cannot be read. */
  error: LatticeError | undefined;
}

async function readLayer({ scope, path, source, read }: FileReading): Promise<LayerReading> {
  try {
    return {
      source,
      layer: { scope, path, text: await read(), exists: true, yaml: undefined },
      error: undefined,
    };
  } catch (thrown) {
    const error = LatticeError.from(thrown);
    const exists = error.code !== 'not_found';
    return {
      source,
      layer: { scope, path, text: '', exists, yaml: undefined },
      error: exists ? error : undefined,
    };
  }
}

function isSame(projectDir: string, readings: readonly LayerReading[], last: LoadedLattice): boolean {
  return (
    projectDir === last.projectDir &&
    readings.length === last.layers.length &&
    readings.every(({ layer, error }, index) => {
      const before = last.layers[index];
      const unread = before?.exists === true && before.yaml === undefined;
      return (
        before?.exists === layer.exists && before.text === layer.text && unread === (error !== undefined)
      );
    })
  );
}

import { basename } from 'node:path';
import type { LoadedLattice } from './lattice-config-files.ts';

/** A file of the configuration that says something else than before. */
export interface ConfigChange {
  /** Where the file counts: for this person, for the project, for the project on this machine. */
  readonly scope: LoadedLattice['layers'][number]['scope'];
  /** Its name without folders. */
  readonly file: string;
  /** The agents that are new, gone or defined in another way, in the order of their names. */
  readonly agents: readonly string[];
}

/** What changed between two states of one project; nothing when the project is another one or a file cannot be read. */
export function configChanges(before: LoadedLattice, after: LoadedLattice): ConfigChange[] {
  if (before.projectDir !== after.projectDir || after.broken) return [];
  const agents = changedNames(before.document.agents ?? {}, after.document.agents ?? {});
  return after.layers.flatMap(({ scope, path, text }) => {
    const last = before.layers.find((layer) => layer.scope === scope);
    return last === undefined || last.text === text ? [] : [{ scope, file: basename(path), agents }];
  });
}

function changedNames(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const says = (agents: Readonly<Record<string, unknown>>, name: string) =>
    Object.hasOwn(agents, name) ? JSON.stringify(agents[name]) : undefined;
  return [...names].filter((name) => says(before, name) !== says(after, name)).sort();
}

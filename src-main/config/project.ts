import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What makes a folder a project. */
const MARKS = ['lattice.yaml', '.lattice'];

/** The nearest folder at or above `from` with a lattice.yaml or a `.lattice` folder; `from` itself when there is none. */
export function findProjectDir(from: string): string {
  return projectAround(from) ?? resolve(from);
}

/** The project that `from` lies in; nothing where there is none. */
export function projectAround(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (MARKS.some((mark) => existsSync(join(folder, mark)))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

import { stringify } from 'yaml';
import type { YamlPath } from '../lattice-yaml/diagnostic.ts';
import { applyEdits, type PlainValue } from '../lattice-yaml/edit/edit.ts';
import { plainAt } from '../lattice-yaml/edit/find.ts';
import { fragmentOf, writeFragment } from '../lattice-yaml/edit/fragment.ts';
import { fieldEdits } from './form-edits.ts';
import type { Place } from './places.ts';

/** What stands at a path of a file, as a person wrote it; written out where it comes from elsewhere, and empty where nothing stands. */
export function fieldText(text: string, places: readonly Place[], said: PlainValue, path: YamlPath): string {
  const place = places.find(
    (each) => each.path.length === path.length && each.path.every((step, index) => step === path[index]),
  );
  if (place !== undefined) return fragmentOf(text, place);
  const value = plainAt(said, path);
  return value === null ? '' : stringify(value, { lineWidth: 0 }).trimEnd();
}

/**
 * The text of a file with what a person wrote into a field; an empty field takes its key along. A key that is new goes
 * where the schema has it.
 * @throws LatticeError what {@link writeFragment} and applying an edit throw.
 */
export function withFieldText(text: string, said: PlainValue, path: YamlPath, written: string): string {
  if (written.trim() === '') return applyEdits(text, fieldEdits(said, path, undefined));
  const isThere = plainAt(said, path) !== null;
  return writeFragment(isThere ? text : applyEdits(text, fieldEdits(said, path, 'new')), path, written);
}

import { LatticeError } from '../../errors.ts';
import type { YamlPath } from '../diagnostic.ts';
import type { Edit, PlainMap, PlainValue } from './edit.ts';

/** What an edit means, told on plain data: the same result as reading the edited text. @throws LatticeError `invalid_input`. */
export function applyPlain(value: PlainValue, edit: Edit): PlainValue {
  switch (edit.kind) {
    case 'set':
      return replaceAt(value, edit.path, () => edit.value);
    case 'insert':
      return replaceAt(value, edit.path, (list) => {
        const items = list === undefined || list === null ? [] : asList(list, edit.path);
        return [...items.slice(0, edit.index), edit.value, ...items.slice(edit.index)];
      });
    case 'remove':
      return changeEntries(value, edit.path, (entries, index) => entries.filter((_, each) => each !== index));
    case 'rename':
      return changeEntries(value, edit.path, (entries, index) => {
        refuseTaken(entries, edit.name);
        return entries.map((entry, each) => (each === index ? [edit.name, entry[1]] : entry));
      });
    case 'duplicate':
      return changeEntries(value, edit.path, (entries, index) => {
        refuseTaken(entries, edit.name);
        const copy = entries[index];
        return copy === undefined ? entries : entries.toSpliced(index + 1, 0, [edit.name, copy[1]]);
      });
    case 'move':
      return replaceAt(value, edit.path, (found) => {
        if (found === undefined || found === null) throw leadsNowhere(edit.path);
        return isList(found)
          ? moved(found, edit)
          : Object.fromEntries(moved(Object.entries(asMap(found, edit.path)), edit));
      });
    default:
      return edit satisfies never;
  }
}

type Entry = [name: string, value: PlainValue];

function changeEntries(
  value: PlainValue,
  path: YamlPath,
  change: (entries: Entry[], index: number) => Entry[],
): PlainValue {
  const name = path.at(-1);
  if (name === undefined) throw leadsNowhere(path);
  return replaceAt(value, path.slice(0, -1), (found) => {
    if (found !== undefined && isList(found)) {
      const entries = found.map((item, index): Entry => [String(index), item]);
      if (Number(name) >= entries.length) throw leadsNowhere(path);
      return change(entries, Number(name)).map(([, item]) => item);
    }
    const entries = Object.entries(asMap(found ?? null, path));
    const index = entries.findIndex(([key]) => key === String(name));
    if (index < 0) throw leadsNowhere(path);
    return Object.fromEntries(change(entries, index));
  });
}

function replaceAt(
  value: PlainValue | undefined,
  path: YamlPath,
  next: (found: PlainValue | undefined) => PlainValue,
): PlainValue {
  const [step, ...rest] = path;
  if (step === undefined) return next(value);
  if (value !== undefined && isList(value)) {
    if (!(Number(step) < value.length)) throw leadsNowhere(path);
    return value.map((item, index) => (index === Number(step) ? replaceAt(item, rest, next) : item));
  }
  const map = value === undefined || value === null ? {} : asMap(value, path);
  const own = Object.hasOwn(map, String(step)) ? map[String(step)] : undefined;
  return { ...map, [String(step)]: replaceAt(own, rest, next) };
}

/** The items with the one at `from` at `to`. @throws LatticeError `invalid_input`. */
export function moved<T>(items: readonly T[], { from, to }: { from: number; to: number }): T[] {
  const [item] = items.slice(from, from + 1);
  if (item === undefined || from < 0 || to < 0 || to >= items.length) throw leadsNowhere([from, to]);
  return items.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** Whether two values say the same; the order of keys does not count, and an empty map is an empty document. */
export function samePlain(a: PlainValue | undefined, b: PlainValue | undefined): boolean {
  if (a === b || (isBare(a) && isBare(b))) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (isList(a) || isList(b)) {
    if (!isList(a) || !isList(b)) return false;
    return a.length === b.length && a.every((item, index) => samePlain(item, b[index]));
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && samePlain(a[key], b[key]))
  );
}

function isBare(value: PlainValue | undefined): boolean {
  return (
    value === null ||
    value === undefined ||
    (typeof value === 'object' && !isList(value) && Object.keys(value).length === 0)
  );
}

/** Whether a value is a list. */
export function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}

function asList(value: PlainValue, path: YamlPath): readonly PlainValue[] {
  if (isList(value)) return value;
  throw new LatticeError('invalid_input', `${path.join('.')} is no list.`);
}

function asMap(value: PlainValue, path: YamlPath): PlainMap {
  if (typeof value === 'object' && value !== null && !isList(value)) return value;
  throw new LatticeError('invalid_input', `What ${path.join('.')} stands in is no map of keys.`);
}

function refuseTaken(entries: readonly Entry[], name: string): void {
  if (entries.some(([key]) => key === name))
    throw new LatticeError('invalid_input', `${name} is there already.`, { hint: 'Choose another name.' });
}

/** The error for a path that is not in the document. */
export function leadsNowhere(path: YamlPath): LatticeError {
  return new LatticeError('invalid_input', `There is no ${path.join('.')} in the file.`);
}

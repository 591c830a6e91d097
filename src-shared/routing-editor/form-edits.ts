import type { YamlPath } from '../lattice-yaml/diagnostic.ts';
import { applyEdits, type Edit, type PlainValue } from '../lattice-yaml/edit/edit.ts';
import { plainAt } from '../lattice-yaml/edit/find.ts';
import { applyPlain } from '../lattice-yaml/edit/plain.ts';
import type { LayerScope } from '../views/routing.ts';
import { type DraftProblem, readDraft } from './draft-reading.ts';
import { isPlainMap } from './gestures.ts';
import { type DraftLayer, type LayerValues, originOf } from './layers.ts';
import { keysAt } from './schema-walk.ts';

/** Steps of a path to the `run` of an agent. */
const RUN_DEPTH = 3;
const NAMED_SECTIONS = ['agents', 'providers', 'mcp', 'commands', 'plugin_config'];

/** What the strongest file says at a path; null where none says anything. */
export function saidAt(values: LayerValues, path: YamlPath): PlainValue {
  const scope = originOf(values, path);
  return saidIn(values, scope ?? 'project', path);
}

/** What one file says at a path; null where it says nothing. */
export function saidIn(values: LayerValues, scope: LayerScope, path: YamlPath): PlainValue {
  return plainAt(values.find((each) => each.scope === scope)?.value ?? null, path);
}

/** The file that a change at a path goes into: the one that says it, or the one that says the nearest thing it stands in. */
export function scopeFor(values: LayerValues, path: YamlPath): LayerScope {
  const least = isInEntry(path) ? entryDepth(path) : path.length;
  for (let depth = path.length; depth >= least; depth--) {
    const origin = originOf(values, path.slice(0, depth));
    if (origin !== undefined) return origin;
  }
  return 'project';
}

/**
 * The edits that make a field say `value`, in a file that says `said`. A key that is new goes where the schema has it
 * among its neighbours; undefined takes the key out, and with it what would be left empty.
 */
export function fieldEdits(said: PlainValue, path: YamlPath, value: PlainValue | undefined): Edit[] {
  if (value === undefined) return plainAt(said, path) === null ? [] : removeEdits(said, path);
  if (startsRun(said, path)) {
    const run = applyPlain({ model: true }, { kind: 'set', path: path.slice(RUN_DEPTH), value });
    return fieldEdits(said, path.slice(0, RUN_DEPTH), run);
  }
  const edits: Edit[] = [{ kind: 'set', path, value }];
  const depth = path.findIndex((key, index) => !hasKey(plainAt(said, path.slice(0, index)), key));
  const parent = path.slice(0, Math.max(0, depth));
  const siblings = plainAt(said, parent);
  const key = path[depth];
  if (parent.length === 0 || !isPlainMap(siblings) || typeof key !== 'string') return edits;
  const names = Object.keys(siblings);
  const to = placeAmong(
    names,
    key,
    keysAt(parent).map(({ name }) => name),
  );
  return to === names.length ? edits : [...edits, { kind: 'move', path: parent, from: names.length, to }];
}

function hasKey(value: PlainValue, key: string | number): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, String(key));
}

/** An agent without `run` is a prompt; before it says more of how it runs, it has to say that. */
function startsRun(said: PlainValue, path: YamlPath): boolean {
  const isInRun = path[0] === 'agents' && path[2] === 'run' && path.length > RUN_DEPTH;
  return isInRun && plainAt(said, path.slice(0, RUN_DEPTH)) === null;
}

/** The edits that take out what stands at a path, and the list or section that would be left empty. */
export function removeEdits(said: PlainValue, path: YamlPath): Edit[] {
  let gone = path;
  while (gone.length > 1) {
    const holder = gone.slice(0, -1);
    const held = plainAt(said, holder);
    if (held === null || Object.keys(held).length > 1 || isEntry(holder)) break;
    gone = holder;
  }
  return [{ kind: 'remove', path: gone }];
}

/** Why edits would leave something wrong at a path, in words; undefined when they may be made. */
export function problemAfter(
  layers: readonly DraftLayer[],
  scope: LayerScope,
  edits: readonly Edit[],
  path: YamlPath,
): string | undefined {
  const text = layers.find((layer) => layer.scope === scope)?.text ?? '';
  return problemIn(layers, scope, applyEdits(text, edits), path);
}

/** What would be wrong at a path if one of the files said `text`, in words; undefined when it may. */
export function problemIn(
  layers: readonly DraftLayer[],
  scope: LayerScope,
  text: string,
  path: YamlPath,
): string | undefined {
  const after = layers.map((layer) => (layer.scope === scope ? { ...layer, text } : layer));
  const { readable, diagnostics } = readDraft(after, 0);
  if (!readable) return undefined;
  return problemWords(
    diagnostics.filter(({ severity }) => severity === 'error'),
    path,
  );
}

/** What a text in a field for figures stands for: a number, or the word it is. */
export function figureOf(text: string): number | string {
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

/** What is wrong at a path or below it, in words. */
export function problemWords(problems: readonly DraftProblem[], path: YamlPath): string | undefined {
  const found = problems.find((each) => startsWith(each.path, path));
  if (found === undefined) return undefined;
  return found.suggestion === undefined ? found.message : `${found.message} ${found.suggestion}`;
}

/** Whether a path leads to `prefix` or below it. */
export function startsWith(path: YamlPath, prefix: YamlPath): boolean {
  return prefix.every((step, index) => String(step) === String(path[index]));
}

/** Whether a path is an entry of its own, which stays when it is empty: a provider, a command, an action of a hook. */
function isEntry(path: YamlPath): boolean {
  return isInEntry(path) && path.length === entryDepth(path);
}

function isInEntry(path: YamlPath): boolean {
  const [section] = path;
  return (section === 'hooks' || NAMED_SECTIONS.includes(String(section))) && path.length >= entryDepth(path);
}

function entryDepth([section]: YamlPath): number {
  return section === 'hooks' ? 3 : 2;
}

/** After the last neighbour that the schema has before it; a key that the schema does not know goes to the end. */
function placeAmong(names: readonly string[], key: string, order: readonly string[]): number {
  const rank = order.indexOf(key);
  if (rank < 0) return names.length;
  const before = names.findLastIndex((name) => order.includes(name) && order.indexOf(name) < rank);
  if (before >= 0) return before + 1;
  const after = names.findIndex((name) => order.indexOf(name) > rank);
  return after < 0 ? names.length : after;
}

import type { YamlPath } from '../lattice-yaml/diagnostic.ts';
import type { Edit, PlainMap, PlainValue } from '../lattice-yaml/edit/edit.ts';
import { isList } from '../lattice-yaml/edit/plain.ts';
import type { Strategy } from '../routing/plan.ts';
import { type Run, resizeRun } from './runs.ts';

/** A change that a person makes in the picture of one routing. */
export type Gesture =
  | { readonly kind: 'strategy'; readonly to: Strategy }
  /** Changes the row of models or slots. */
  | { readonly kind: 'move'; readonly from: number; readonly to: number }
  | { readonly kind: 'add'; readonly model: string; readonly index?: number }
  | { readonly kind: 'remove'; readonly index: number }
  | { readonly kind: 'paint'; readonly index: number; readonly model: string }
  | { readonly kind: 'resize'; readonly run: Run; readonly size: number }
  | { readonly kind: 'fill'; readonly models: readonly string[] }
  | { readonly kind: 'weights'; readonly weights: Readonly<Record<string, number>> }
  /** Sets a key of the routing; undefined takes it out. */
  | { readonly kind: 'option'; readonly key: RoutingOption; readonly value: PlainValue | undefined };

/** Keys of a routing that a picture sets on their own. */
export type RoutingOption =
  | 'on_unavailable'
  | 'fallback_models'
  | 'sticky'
  | 'iterate'
  | 'final'
  | 'burst_size'
  | 'final_trigger';

/** The edits that a gesture means for the routing that stands at `path` and says `routing` now. */
export function editsOf(gesture: Gesture, path: YamlPath, routing: PlainValue): Edit[] {
  const row = rowOf(routing);
  const rowPath = row.key === undefined ? path : [...path, row.key];
  switch (gesture.kind) {
    case 'move':
      return [{ kind: 'move', path: rowPath, from: gesture.from, to: gesture.to }];
    case 'add': {
      const index = gesture.index ?? row.models.length;
      return [{ kind: 'insert', path: rowPath, index, value: gesture.model }];
    }
    case 'remove':
      return [{ kind: 'remove', path: [...rowPath, gesture.index] }];
    case 'paint':
      return [{ kind: 'set', path: [...rowPath, gesture.index], value: gesture.model }];
    case 'resize':
      return resizing(gesture.run, gesture.size, row.models, rowPath);
    case 'fill':
      return [{ kind: 'set', path: rowPath, value: [...gesture.models] }];
    case 'weights':
      return [{ kind: 'set', path: [...path, 'weights'], value: gesture.weights }];
    case 'option':
      return option(gesture.key, gesture.value, path, routing);
    case 'strategy':
      return strategyEdits(gesture.to, path, routing);
    default:
      return gesture satisfies never;
  }
}

/** A run grows and shrinks at its end, so that the comments of its other slots stay. */
function resizing(run: Run, size: number, models: readonly string[], path: YamlPath): Edit[] {
  const wanted = resizeRun(models, run, size).length - (models.length - run.size);
  const end = run.start + run.size;
  return Array.from(
    { length: Math.abs(wanted - run.size) },
    (_, step): Edit =>
      wanted > run.size
        ? { kind: 'insert', path, index: end + step, value: run.model }
        : { kind: 'remove', path: [...path, end - 1 - step] },
  );
}

function option(
  key: RoutingOption,
  value: PlainValue | undefined,
  path: YamlPath,
  routing: PlainValue,
): Edit[] {
  if (value === undefined)
    return isPlainMap(routing) && Object.hasOwn(routing, key)
      ? [{ kind: 'remove', path: [...path, key] }]
      : [];
  if (isPlainMap(routing)) return [{ kind: 'set', path: [...path, key], value }];
  const models = rowOf(routing).models;
  return [{ kind: 'set', path, value: { strategy: 'fallback', models, [key]: value } }];
}

const ROW_KEYS: Partial<Record<Strategy, string>> = {
  fallback: 'models',
  pattern: 'pattern',
  round_robin: 'models',
  least_cost: 'models',
  lowest_latency: 'models',
};
const OWN_KEYS = ['models', 'pattern', 'weights', 'iterate', 'final', 'burst_size', 'final_trigger', 'seed'];

/** Another strategy over the same models; a key that only has another name is renamed, so that its comments stay. */
function strategyEdits(to: Strategy, path: YamlPath, routing: PlainValue): Edit[] {
  const models = modelsOf(routing);
  const before = isPlainMap(routing) ? routing : undefined;
  if (routing === null && to === 'fallback') return [{ kind: 'set', path, value: [] }];
  if (before?.strategy === to || (before === undefined && to === 'fallback')) return [];
  const own = partsOf(to, models);
  if (before === undefined) {
    return [{ kind: 'set', path, value: { strategy: to, ...own } }];
  }
  const oldRow = ['pattern', 'models'].find((each) => Object.hasOwn(before, each));
  const newRow = ROW_KEYS[to];
  const edits: Edit[] = [{ kind: 'set', path: [...path, 'strategy'], value: to }];
  const renamed = oldRow !== undefined && newRow !== undefined;
  if (renamed && oldRow !== newRow) edits.push({ kind: 'rename', path: [...path, oldRow], name: newRow });
  for (const key of OWN_KEYS)
    if (Object.hasOwn(before, key) && !Object.hasOwn(own, key) && !(renamed && key === oldRow))
      edits.push({ kind: 'remove', path: [...path, key] });
  for (const [key, value] of Object.entries(own)) edits.push({ kind: 'set', path: [...path, key], value });
  return edits;
}

/** What a strategy needs, over these models. */
function partsOf(strategy: Strategy, models: readonly string[]): PlainMap {
  const distinct = [...new Set(models)];
  switch (strategy) {
    case 'pattern':
      return { pattern: models };
    case 'weighted':
      return { weights: Object.fromEntries(distinct.map((model) => [model, 1])) };
    case 'burst':
      return { iterate: distinct[0] ?? '', final: distinct[1] ?? distinct[0] ?? '', burst_size: 5 };
    case 'fallback':
    case 'round_robin':
    case 'least_cost':
    case 'lowest_latency':
      return { models: distinct };
    default:
      return strategy satisfies never;
  }
}

/** The row of models that a routing holds: under which key, and which. */
function rowOf(routing: PlainValue): { key: string | undefined; models: string[] } {
  if (!isPlainMap(routing)) return { key: undefined, models: texts(routing) };
  const key = ['pattern', 'models'].find((each) => Object.hasOwn(routing, each));
  return { key: key ?? 'models', models: key === undefined ? [] : texts(routing[key] ?? null) };
}

/** Every model that a routing names, slots repeated. */
export function modelsOf(routing: PlainValue): string[] {
  if (!isPlainMap(routing)) return texts(routing);
  const { models } = rowOf(routing);
  const weights = isPlainMap(routing.weights ?? null) ? Object.keys(routing.weights as PlainMap) : [];
  return [...models, ...weights, ...texts([routing.iterate ?? null, routing.final ?? null])];
}

function texts(value: PlainValue): string[] {
  return isList(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** Whether a plain value is a map of keys. */
export function isPlainMap(value: PlainValue | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !isList(value);
}

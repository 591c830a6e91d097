import type { YamlPath } from '../lattice-yaml/diagnostic.ts';
import { applyEdit, type PlainValue } from '../lattice-yaml/edit/edit.ts';
import { plainAt } from '../lattice-yaml/edit/find.ts';
import { mergeLayers } from '../lattice-yaml/merge.ts';
import type { LayerScope } from '../views/routing.ts';

/** One file of the configuration as it is being edited. */
export interface DraftLayer {
  readonly scope: LayerScope;
  /** The file as a person knows it. */
  readonly name: string;
  readonly text: string;
}

/** What each layer says, the weakest first; null for one that cannot be read. */
export type LayerValues = readonly { readonly scope: LayerScope; readonly value: PlainValue }[];

/** Which file says what holds at a path: the strongest that says anything there. */
export function originOf(values: LayerValues, path: YamlPath): LayerScope | undefined {
  return values.findLast(({ value }) => plainAt(value, path) !== null)?.scope;
}

/** What the files say together at a path; null where none says anything. */
export function mergedAt(values: LayerValues, path: YamlPath): PlainValue {
  const merged = values.reduce<unknown>((below, { value }) => mergeLayers(below, plainAt(value, path)), null);
  return merged as PlainValue;
}

/** Every file that says something at a path, the weakest first. */
export function saidBy(values: LayerValues, path: YamlPath): LayerScope[] {
  return values.filter(({ value }) => plainAt(value, path) !== null).map(({ scope }) => scope);
}

/**
 * The files after what one of them says at a path moved into `lattice.local.yaml`, where it holds for this machine only.
 * @throws LatticeError what applying an edit throws; `invalid_input` when `from` says nothing there.
 */
export function moveToLocal(
  layers: readonly DraftLayer[],
  values: LayerValues,
  path: YamlPath,
  from: LayerScope,
): DraftLayer[] {
  const said = plainAt(values.find(({ scope }) => scope === from)?.value ?? null, path);
  return layers.map((layer) => {
    if (layer.scope === from) return { ...layer, text: applyEdit(layer.text, { kind: 'remove', path }).text };
    if (layer.scope === 'local')
      return { ...layer, text: applyEdit(layer.text, { kind: 'set', path, value: said }).text };
    return layer;
  });
}

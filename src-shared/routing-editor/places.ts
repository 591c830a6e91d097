import { type Document, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { YamlPath } from '../lattice-yaml/diagnostic.ts';

/** Where a value stands in its text; `from` is where its key or its dash's value begins. */
export interface Place {
  readonly path: YamlPath;
  readonly from: number;
  readonly to: number;
}

const MOST_PLACES = 20_000;
const DEEPEST = 6;

/** Where every key and every item of a document stands, the outer before the inner. */
export function placesOf(document: Document | undefined): Place[] {
  const places: Place[] = [];
  const walk = (node: unknown, path: YamlPath) => {
    if (path.length >= DEEPEST || places.length >= MOST_PLACES) return;
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        if (!isScalar(key) || !key.range) continue;
        const to = isNode(value) && value.range ? Math.max(key.range[1], value.range[1]) : key.range[1];
        const inner = [...path, String(key.value)];
        places.push({ path: inner, from: key.range[0], to });
        walk(value, inner);
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        if (!isNode(item) || !item.range) continue;
        places.push({ path: [...path, index], from: item.range[0], to: item.range[1] });
        walk(item, [...path, index]);
      }
    }
  };
  walk(document?.contents, []);
  return places;
}

/** The innermost path at an offset. */
export function pathAt(places: readonly Place[], offset: number): YamlPath | undefined {
  return places.findLast(({ from, to }) => from <= offset && offset <= to)?.path;
}

/** Where a path stands, or the part of it that is there. */
export function placeOf(places: readonly Place[], path: YamlPath): Place | undefined {
  let best: Place | undefined;
  for (const place of places) {
    if (place.path.length > path.length || place.path.length <= (best?.path.length ?? 0)) continue;
    if (place.path.every((step, index) => String(step) === String(path[index]))) best = place;
  }
  return best;
}

import { isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import type { YamlPath } from '../diagnostic.ts';
import type { PlainValue } from './edit.ts';
import { isList } from './plain.ts';
import type { YamlSource } from './source.ts';

/** A map or a list of a tree. */
export type Collection = YAMLMap | YAMLSeq;

/** An entry of a collection, by its place. */
export interface Slot {
  readonly node: Collection;
  readonly index: number;
}

/** Whether a node of a tree is a map or a list. */
export function isCollectionNode(node: unknown): node is Collection {
  return isMap(node) || isSeq(node);
}

/** The collection at a path, when the way to it goes through no alias and no merge. */
export function collectionAt({ document }: YamlSource, path: YamlPath): Collection | undefined {
  let node: unknown = document.contents;
  for (const step of path) {
    if (!isCollectionNode(node)) return undefined;
    const index = indexOf(node, step);
    if (index < 0) return undefined;
    node = nodeOf({ node, index });
  }
  return isCollectionNode(node) ? node : undefined;
}

/** The place of a key or of an index in a collection; -1 when it is not there. */
export function indexOf(node: Collection, step: string | number): number {
  if (isSeq(node)) return Number(step) < node.items.length ? Number(step) : -1;
  return node.items.findIndex((_, index) => keyOf({ node, index }) === String(step));
}

/** The key of an entry; nothing for an item of a list. */
export function keyOf({ node, index }: Slot): string | undefined {
  if (!isMap(node)) return undefined;
  const key = node.items[index]?.key;
  return isScalar(key) ? String(key.value) : undefined;
}

/** The node that an entry holds. */
export function nodeOf({ node, index }: Slot): unknown {
  return isMap(node) ? node.items[index]?.value : node.items[index];
}

/** The plain value at a path; null when there is none. */
export function plainAt(value: PlainValue, path: YamlPath): PlainValue {
  let found: PlainValue | undefined = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return null;
    found = isList(found) ? found[Number(step)] : found[String(step)];
  }
  return found ?? null;
}

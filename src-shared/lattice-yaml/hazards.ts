import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import type { TextRange, YamlPath } from './diagnostic.ts';

/** How many values a document may hold once its aliases are followed. */
const MAX_VALUES = 100_000;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Something that must not become plain data. */
export interface Hazard {
  message: string;
  range: TextRange;
  path: YamlPath;
}

interface Walk {
  /** How many values stand behind each anchor, or `open` while it is being read. */
  anchors: Map<string, number | 'open'>;
  hazard: Hazard | undefined;
}

/** The first thing in a document that would harm its reader: an alias bomb, a loop, a key of the prototype. */
export function findHazard(document: Document): Hazard | undefined {
  const walk: Walk = { anchors: new Map(), hazard: undefined };
  measure(document.contents, [], walk);
  return walk.hazard;
}

/** How many values a node stands for; stops early once there is a hazard. */
function measure(node: unknown, path: YamlPath, walk: Walk): number {
  if (walk.hazard !== undefined || !isNode(node)) return 0;
  const range: TextRange = node.range ? [node.range[0], node.range[1]] : [0, 0];
  const refuse = (message: string) => {
    walk.hazard ??= { message, range, path };
    return 0;
  };
  if (isAlias(node)) {
    const size = walk.anchors.get(node.source);
    if (size === undefined) return refuse(`The alias *${node.source} has no anchor before it.`);
    if (size === 'open') return refuse(`The alias *${node.source} stands inside its own anchor.`);
    if (size > MAX_VALUES) return refuse(tooMany(node.source));
    return size;
  }
  const anchor = node.anchor;
  if (anchor !== undefined) walk.anchors.set(anchor, 'open');
  let size = 1;
  const add = (more: number) => {
    size += more;
    if (size > MAX_VALUES) refuse(tooMany(anchor));
  };
  if (isMap(node)) {
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      if (FORBIDDEN_KEYS.has(key)) {
        const place = isScalar(pair.key) ? pair.key.range : undefined;
        walk.hazard ??= {
          message: `The key ${key} is not allowed.`,
          range: place ? [place[0], place[1]] : range,
          path: [...path, key],
        };
      }
      add(measure(pair.value, [...path, key], walk));
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries())
      add(measure(isPair(item) ? item.value : item, [...path, index], walk));
  }
  if (anchor !== undefined) walk.anchors.set(anchor, size);
  return size;
}

function tooMany(anchor: string | undefined): string {
  const limit = MAX_VALUES.toLocaleString('en');
  return anchor === undefined
    ? `The document stands for more than ${limit} values; aliases may repeat too much.`
    : `The alias *${anchor} repeats too much: the document would have more than ${limit} values.`;
}

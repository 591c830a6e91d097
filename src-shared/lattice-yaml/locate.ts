import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import type { TextRange, YamlPath } from './diagnostic.ts';

/** A range of a document that stands for the first `depth` steps of a path. */
export interface Place {
  range: TextRange;
  depth: number;
  /** True when the text of the value begins one character later. */
  isQuoted?: boolean;
}

/** Where a path is in a document, or how far it goes; a value that is missing is pointed at by the key that lacks it. */
export function locate(document: Document, path: YamlPath, of: 'key' | 'value'): Place | undefined {
  let node: Node | null | undefined = document.contents;
  let place: Place | undefined = node?.range
    ? { range: [node.range[0], node.range[0]], depth: 0 }
    : undefined;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const last = index === path.length - 1;
    const child: { key: unknown; value: unknown } | undefined = isMap(node)
      ? node.items.find((pair) => (isScalar(pair.key) ? String(pair.key.value) : '') === String(step))
      : isSeq(node)
        ? { key: undefined, value: node.items[Number(step)] }
        : undefined;
    if (child === undefined || (isSeq(node) && child.value === undefined)) return place;
    const target = last && of === 'value' && hasText(child.value) ? child.value : (child.key ?? child.value);
    if (isNode(target) && target.range)
      place = {
        range: [target.range[0], target.range[1]],
        depth: index + 1,
        isQuoted: isScalar(target) && (target.type === 'QUOTE_DOUBLE' || target.type === 'QUOTE_SINGLE'),
      };
    node = isNode(child.value) ? child.value : null;
  }
  return place;
}

function hasText(value: unknown): boolean {
  return (
    isNode(value) && value.range !== null && value.range !== undefined && value.range[1] > value.range[0]
  );
}

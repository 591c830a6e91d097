import { isNode, visit } from 'yaml';
import { chunksOf } from './chunks.ts';
import { type Collection, nodeOf } from './find.ts';
import { entriesOfFlow } from './flow-entries.ts';
import { scalarText } from './render.ts';
import type { YamlSource } from './source.ts';
import { applyChanges, type TextChange } from './text-change.ts';

/** The text of a map entry under another name. Anchors stay with the original, as an anchor belongs to one place. */
export function copyOf(source: YamlSource, node: Collection, index: number, name: string): string {
  const { text } = source;
  const place = node.flow ? entriesOfFlow(text, node)[index] : chunksOf(source, node)[index];
  if (place === undefined) return scalarText(name, node.flow === true);
  const start = 'head' in place ? place.head : place.start;
  const slice = text.slice(start, place.end).trimEnd();
  const value = nodeOf({ node, index });
  const anchors: TextChange[] = [];
  if (isNode(value)) {
    visit(value, {
      Node(_, inner) {
        if (!('anchor' in inner) || inner.anchor === undefined || !inner.range) return;
        const mark = `&${inner.anchor}`;
        const from = text.lastIndexOf(mark, inner.range[0]) - start;
        if (from >= 0) anchors.push({ from: from - 1, to: from + mark.length, insert: '' });
      },
    });
  }
  const colon = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^:]|:(?!\s|$))*/.exec(slice)?.[0].length ?? 0;
  const key: TextChange = { from: 0, to: colon, insert: scalarText(name, node.flow === true) };
  return applyChanges(slice, [key, ...anchors]);
}

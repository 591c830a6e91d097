import { isScalar, isSeq, type Node, visit } from 'yaml';
import type { PlainValue } from './edit.ts';
import { keyOf, nodeOf, type Slot } from './find.ts';
import { afterDash, afterKey, flowText } from './render.ts';
import { blockColumn, contentEnd, entryHead, lineEnd, type YamlSource } from './source.ts';
import type { TextChange } from './text-change.ts';

/** Writes the value of an entry anew; what follows it on its line stays, and items that come back keep their comments. */
export function replaceWhole(source: YamlSource, slot: Slot, value: PlainValue): TextChange[] {
  const { text, style } = source;
  const { node: holder, index } = slot;
  const node = nodeOf(slot) as Node | null | undefined;
  const key = keyOf(slot);
  const head = entryHead(holder, index);
  if (holder.flow) {
    const range = node?.range;
    const inline = flowText(value, style);
    if (range && range[1] > range[0]) return [{ from: range[0], to: range[1], insert: inline }];
    return [{ from: head, to: head, insert: text[head - 1] === ':' ? ` ${inline}` : `: ${inline}` }];
  }
  const writing = { style, comments: itemComments(text, node) };
  const column = blockColumn(holder);
  const insert =
    key === undefined ? ` ${afterDash(value, column, writing)}` : afterKey(key, value, column, writing);
  const end = contentEnd(text, node, head);
  const isMultiline = insert.startsWith(style.eol);
  const starts = node?.range?.[0] ?? head;
  const standsBelow = end > head && starts > lineEnd(text, head);
  if (standsBelow) {
    const below = { from: lineEnd(text, head), to: lineEnd(text, end) };
    return isMultiline
      ? [{ ...below, insert }]
      : [
          { from: head, to: head, insert },
          { ...below, insert: '' },
        ];
  }
  if (!isMultiline) return [{ from: head, to: end, insert }];
  const after = lineEnd(text, end);
  return [
    { from: head, to: end, insert: '' },
    { from: after, to: after, insert },
  ];
}

/** The comments behind the items of the lists in a node, by the item as JSON. */
function itemComments(text: string, node: Node | null | undefined): Map<string, string> {
  const comments = new Map<string, string>();
  if (!node) return comments;
  visit(node, {
    Scalar(_, scalar, path) {
      const list = path.at(-1);
      if (!isSeq(list) || list.flow || !isScalar(scalar) || !scalar.range) return;
      const rest = text.slice(scalar.range[1], lineEnd(text, scalar.range[1]));
      const comment = /^[ \t]+#.*$/.exec(rest)?.[0];
      const item = JSON.stringify(scalar.value);
      if (comment !== undefined && !comments.has(item)) comments.set(item, comment);
    },
  });
  return comments;
}

import { isMap, isNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { entryHead, entryToken } from './source.ts';

/** One entry between brackets and what parts it from the next one. */
export interface FlowEntry {
  readonly start: number;
  readonly end: number;
  /** From its end to the start of the next; empty for the last. */
  readonly gap: string;
}

/** The entries of a collection in brackets. */
export function entriesOfFlow(text: string, node: YAMLMap | YAMLSeq): FlowEntry[] {
  const places = node.items.map((item, index) => {
    const token = entryToken(node, index);
    const mark = token?.start.find(({ type }) => ['anchor', 'tag', 'explicit-key-ind'].includes(type));
    const value = isMap(node) ? node.items[index]?.value : item;
    const valueEnd = isNode(value) && value.range ? value.range[1] : 0;
    const start = mark?.offset ?? token?.key?.offset ?? token?.value?.offset ?? entryHead(node, index);
    return { start, end: Math.max(valueEnd, entryHead(node, index)) };
  });
  return places.map((place, index) => {
    const next = places[index + 1];
    return { ...place, gap: next === undefined ? '' : text.slice(place.end, next.start) };
  });
}

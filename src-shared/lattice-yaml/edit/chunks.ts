import { isMap, type YAMLMap, type YAMLSeq } from 'yaml';
import { contentEnd, entryHead, entryToken, lineStart, nextLine, type YamlSource } from './source.ts';

/** The text of one entry of a block collection. */
export interface Chunk {
  /** Where it begins: the first of its comments, or its own line; its key where it shares the line with a dash. */
  readonly start: number;
  /** Where its key or dash stands. */
  readonly head: number;
  /** Where the line after it begins. */
  readonly end: number;
}

/** The chunks of a block collection in their order. */
export function chunksOf({ text }: YamlSource, node: YAMLMap | YAMLSeq): Chunk[] {
  const chunks: Chunk[] = [];
  let before: number | undefined;
  for (const index of node.items.keys()) {
    const head = headOf(node, index);
    const line = lineStart(text, head);
    const column = head - line;
    const value = isMap(node) ? node.items[index]?.value : node.items[index];
    const last = Math.max(head, contentEnd(text, value, entryHead(node, index)));
    const end = withInnerComments(text, nextLine(text, last), column);
    const shared = text.slice(line, head).trim() !== '';
    const start = shared ? head : before === undefined ? line : withComments(text, line, column, before);
    chunks.push({ start, head, end });
    before = end;
  }
  return chunks;
}

function headOf(node: YAMLMap | YAMLSeq, index: number): number {
  const token = entryToken(node, index);
  const mark = token?.start.find(({ type }) =>
    ['seq-item-ind', 'explicit-key-ind', 'anchor', 'tag'].includes(type),
  );
  return mark?.offset ?? token?.key?.offset ?? node.range?.[0] ?? 0;
}

/** A line that draws a rule is the headline of a section, not the comment of one entry. */
const BANNER = /([-=#*~_─═━])\1{2,}/;

/** Goes up over the comment lines that stand right above an entry, down to the last headline. */
function withComments(text: string, line: number, column: number, floor: number): number {
  let start = line;
  while (start > floor) {
    const above = lineStart(text, start - 1);
    const words = text.slice(above, start).trimEnd();
    if (above < floor || !words.trimStart().startsWith('#') || words.search(/\S/) !== column) break;
    if (BANNER.test(words)) break;
    start = above;
  }
  return start;
}

/** Goes down over comments that stand deeper than the entry, blank lines between them included. */
function withInnerComments(text: string, end: number, column: number): number {
  let reached = end;
  for (let at = end; at < text.length; ) {
    const next = nextLine(text, at);
    const line = text.slice(at, next);
    const indent = line.search(/\S/);
    if (indent >= 0 && (line[indent] !== '#' || indent <= column)) break;
    if (indent >= 0) reached = next;
    at = next;
  }
  return reached;
}

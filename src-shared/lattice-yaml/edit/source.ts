import {
  type CST,
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { LatticeError } from '../../errors.ts';
import { parseYaml } from '../parse-yaml.ts';
import type { PlainValue } from './edit.ts';

/** How a file is written, so that new text looks like the old. */
export interface YamlStyle {
  /** Columns from a key to the keys inside it. */
  readonly indent: number;
  /** Columns from a key to the dashes of its list. */
  readonly listIndent: number;
  readonly eol: string;
  /** What stands between a bracket and the first item. */
  readonly padding: string;
  /** Whether lists of this key are written in brackets. */
  isFlowList(key: string): boolean;
}

/** A text with its tree. */
export interface YamlSource {
  readonly text: string;
  readonly document: Document;
  readonly style: YamlStyle;
  plain(): PlainValue;
}

/** Lists of short words, which people write in brackets. */
const FLOW_KEYS = new Set(['triggers', 'capabilities', 'tags', 'command', 'args']);

/** Reads a text to be edited. @throws LatticeError `invalid_input` when it has mistakes. */
export function sourceOf(text: string): YamlSource {
  const { diagnostics, value } = parseYaml(text, 'The file');
  const mistake = diagnostics.find((each) => each.severity === 'error');
  if (mistake !== undefined) {
    throw new LatticeError('invalid_input', `Line ${mistake.line} cannot be read: ${mistake.message}`, {
      hint: 'Mend it in the text first.',
    });
  }
  const document = parseDocument(text, { keepSourceTokens: true, stringKeys: true, merge: true });
  return { text, document, style: styleOf(document, text), plain: () => (value ?? null) as PlainValue };
}

function styleOf(document: Document, text: string): YamlStyle {
  let indent: number | undefined;
  let listIndent: number | undefined;
  let padding: string | undefined;
  const flowVotes = new Map<string, number>();
  visit(document, {
    Pair(_, { key, value }, path) {
      const holder = path.at(-1);
      if (!isScalar(key) || !key.range || !isMap(holder) || holder.flow) return;
      const column = columnOf(text, key.range[0]);
      const name = String(key.value);
      if (isSeq(value) && value.items.length > 0) {
        flowVotes.set(name, (flowVotes.get(name) ?? 0) + (value.flow ? 1 : -1));
        if (!value.flow) listIndent ??= Math.max(0, blockColumn(value) - column);
      }
      if (isMap(value) && !value.flow && value.items.length > 0)
        indent ??= Math.max(1, blockColumn(value) - column);
    },
    Seq(_, { flow, range, items }) {
      if (flow && range && items.length > 0)
        padding ??= /^\s/.test(text.slice(range[0] + 1)) && text[range[0] + 1] === ' ' ? ' ' : '';
    },
  });
  const step = indent ?? (listIndent === undefined || listIndent === 0 ? 2 : listIndent);
  return {
    indent: step,
    listIndent: listIndent ?? step,
    eol: /\r?\n/.exec(text)?.[0] ?? '\n',
    padding: padding ?? '',
    isFlowList(key) {
      const votes = flowVotes.get(key) ?? 0;
      return votes === 0 ? FLOW_KEYS.has(key) : votes > 0;
    },
  };
}

/** The column of the keys or dashes of a block collection. */
export function blockColumn(node: YAMLMap | YAMLSeq): number {
  const token = node.srcToken;
  return token !== undefined && 'indent' in token ? token.indent : 0;
}

/** The column of an offset. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line of an offset ends, its line break not included. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

/** Where the next line begins. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** The tokens of the entry at `index` of a collection. */
export function entryToken(node: YAMLMap | YAMLSeq, index: number): CST.CollectionItem | undefined {
  const token = node.srcToken;
  if (token === undefined || !('items' in token)) return undefined;
  return (token.items as CST.CollectionItem[]).filter((item) => hasEntry(item))[index];
}

function hasEntry(item: CST.CollectionItem): boolean {
  return (
    (item.key !== undefined && item.key !== null) ||
    item.value !== undefined ||
    item.sep !== undefined ||
    item.start.some(({ type }) => type === 'seq-item-ind' || type === 'explicit-key-ind')
  );
}

/** Where a value really ends, its trailing comments and blank lines not included; `bare` where there is none. */
export function contentEnd(text: string, node: unknown, bare: number): number {
  if (isMap(node) || isSeq(node)) {
    if (node.flow) return node.range?.[1] ?? bare;
    const index = node.items.length - 1;
    const item = node.items[index];
    if (item === undefined) return bare;
    const value = isMap(node) ? node.items[index]?.value : item;
    return contentEnd(text, value, entryHead(node, index));
  }
  const range = (node as Node | null)?.range;
  if (!range || range[1] <= range[0]) return bare;
  const end = text.slice(range[0], range[1]).trimEnd();
  return range[0] + end.length;
}

/** Where the head of an entry ends: after the colon or the dash, and after anchor and tag. */
export function entryHead(node: YAMLMap | YAMLSeq, index: number): number {
  const token = entryToken(node, index);
  if (token === undefined) return node.range?.[0] ?? 0;
  const marks = [...token.start, ...(token.sep ?? [])].filter(({ type }) =>
    ['seq-item-ind', 'map-value-ind', 'anchor', 'tag'].includes(type),
  );
  const last = marks.at(-1);
  if (last !== undefined) return last.offset + last.source.length;
  return token.key !== undefined && token.key !== null ? endOfToken(token.key) : (node.range?.[0] ?? 0);
}

function endOfToken(token: CST.Token): number {
  return token.offset + ('source' in token ? token.source.length : 0);
}

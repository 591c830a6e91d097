import { type Document, isMap, isNode, isScalar, isSeq, parseDocument, visit } from 'yaml';
import { LatticeError } from '../../errors.ts';
import type { YamlPath } from '../diagnostic.ts';
import { parseYaml } from '../parse-yaml.ts';
import { applyEdit, type PlainValue } from './edit.ts';
import { collectionAt, indexOf, nodeOf, plainAt, type Slot } from './find.ts';
import { applyPlain, samePlain } from './plain.ts';
import {
  blockColumn,
  columnOf,
  contentEnd,
  entryHead,
  lineEnd,
  lineStart,
  sourceOf,
  type YamlSource,
} from './source.ts';
import { applyChanges, type TextChange } from './text-change.ts';

const BY_HAND = { hint: 'Change it in the text.' };

/**
 * The value of an entry as it is written in its file, with its comments, and without the indentation that it has there.
 * `from` is where its key begins, `to` where it ends.
 */
export function fragmentOf(text: string, { from, to }: { from: number; to: number }): string {
  const part = ' '.repeat(columnOf(text, from)) + text.slice(from, to);
  const { contents } = parse(part);
  const [pair] = isMap(contents) ? contents.items : [];
  if (!isMap(contents) || !isNode(pair?.value) || !pair.value.range) return '';
  const [start] = pair.value.range;
  const end = contentEnd(part, pair.value, start);
  if (!isBlock(pair.value)) return unindented(part.slice(start, end), 1);
  const below = lineEnd(part, entryHead(contents, 0));
  const shift = lineStart(text, from);
  const lines = text.slice(shift + below, lineEnd(text, shift + end));
  return unindented(lines.replace(/^\r?\n/, ''), 0);
}

/**
 * The text with `fragment` as what stands at a path, in its own words and with its comments; everything else stays, byte
 * for byte. The key has to be there.
 * @throws LatticeError `invalid_input` for a fragment that is no YAML, `unsupported` when it cannot stand there without
 * changing other things too.
 */
export function writeFragment(text: string, path: YamlPath, fragment: string): string {
  const source = sourceOf(text);
  const alone = parseYaml(fragment, 'The field');
  const mistake = alone.diagnostics.find(({ severity }) => severity === 'error');
  const parent = collectionAt(source, path.slice(0, -1));
  const index = parent === undefined ? -1 : indexOf(parent, path.at(-1) ?? '');
  if (parent === undefined || index < 0 || (parent.flow === true && isBelow(parse(fragment)))) {
    if (mistake !== undefined) throw unreadable(mistake);
    if (hasComments(parse(fragment)))
      throw new LatticeError('unsupported', 'No comment can stand in this part of the file.', BY_HAND);
    return applyEdit(text, { kind: 'set', path, value: (alone.value ?? null) as PlainValue }).text;
  }
  const after = applyChanges(text, fragmentChanges(source, { node: parent, index }, fragment));
  const { value, diagnostics } = parseYaml(after, 'The file');
  const broken = diagnostics.find(({ severity }) => severity === 'error');
  if (broken !== undefined)
    throw mistake === undefined ? new LatticeError('invalid_input', broken.message) : unreadable(mistake);
  const said = (value ?? null) as PlainValue;
  const own = mistake === undefined ? ((alone.value ?? null) as PlainValue) : plainAt(said, path);
  if (!samePlain(said, applyPlain(source.plain(), { kind: 'set', path, value: own })))
    throw new LatticeError('unsupported', 'Other parts of the file go by what stands here.', BY_HAND);
  return after;
}

/** Splices a fragment in: a block goes on the lines below its key, all else beside it. */
function fragmentChanges(source: YamlSource, slot: Slot, fragment: string): TextChange[] {
  const { text, style } = source;
  const old = nodeOf(slot);
  const head = entryHead(slot.node, slot.index);
  const content = contentEnd(text, old, head);
  const end = isBlock(old) ? lineEnd(text, content) : content;
  const tree = parse(fragment);
  const below = isBelow(tree);
  const isList = isSeq(tree.contents);
  const at =
    isBlock(old) && isSeq(old) === isList
      ? blockColumn(old)
      : columnOfKey(source, slot) + (isList ? style.listIndent : style.indent);
  const body = unindented(fragment.trimEnd(), 0)
    .split(/\r?\n/)
    .map((line, place) => (line === '' || (place === 0 && !below) ? line : ' '.repeat(at) + line))
    .join(style.eol);
  const line = lineEnd(text, isBlock(old) ? head : end);
  const from = isBlock(old) ? line : head;
  if (below)
    return [
      { from, to: end, insert: '' },
      { from: Math.max(line, end), to: Math.max(line, end), insert: style.eol + body },
    ];
  return [
    { from: head, to: head, insert: ` ${body}` },
    { from, to: end, insert: '' },
  ];
}

function columnOfKey({ text }: YamlSource, { node, index }: Slot): number {
  const key = isMap(node) ? node.items[index]?.key : undefined;
  return isScalar(key) && key.range ? columnOf(text, key.range[0]) : blockColumn(node);
}

function parse(text: string): Document {
  return parseDocument(text, { keepSourceTokens: true, stringKeys: true });
}

/** Whether a fragment stands below its key: a block, or nothing but comments. */
function isBelow({ contents }: Document): boolean {
  return contents === null || isBlock(contents);
}

function isBlock(node: unknown): node is Slot['node'] {
  return (isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0;
}

function hasComments(tree: Document): boolean {
  let found = Boolean(tree.comment ?? tree.commentBefore);
  visit(tree, {
    Node(_, node) {
      found ||= Boolean(node.comment ?? node.commentBefore);
    },
  });
  return found;
}

function unreadable({ line, message }: { line: number; message: string }): LatticeError {
  return new LatticeError('invalid_input', `Line ${line}: ${message}`);
}

/** The lines from `first` on without the spaces they have in common. */
function unindented(text: string, first: number): string {
  const lines = text.split(/\r?\n/);
  const own = lines.slice(first).filter((line) => line.trim() !== '');
  const least = Math.min(...own.map((line) => /^ */.exec(line)?.[0].length ?? 0));
  return lines.map((line, place) => (place < first ? line : line.slice(least))).join('\n');
}

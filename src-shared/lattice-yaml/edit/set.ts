import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { YamlPath } from '../diagnostic.ts';
import { alignLists } from './align.ts';
import type { PlainMap, PlainValue } from './edit.ts';
import { type Collection, indexOf, isCollectionNode, keyOf, nodeOf, plainAt, type Slot } from './find.ts';
import { applyPlain, isList, leadsNowhere, samePlain } from './plain.ts';
import { rearrange, type Segment } from './rearrange.ts';
import { entryText, flowText, isCollection, itemText, scalarText } from './render.ts';
import { replaceWhole } from './replace-whole.ts';
import { blockColumn, type YamlSource } from './source.ts';
import type { TextChange } from './text-change.ts';

/** The changes that make `path` say `value`. @throws LatticeError `invalid_input` for a path that leads nowhere. */
export function setChanges(source: YamlSource, path: YamlPath, value: PlainValue): TextChange[] {
  let node: unknown = source.document.contents;
  let slot: Slot | undefined;
  for (const [depth, step] of path.entries()) {
    const rest = path.slice(depth + 1);
    if (!isCollectionNode(node) || (node.items.length === 0 && !isSeq(node))) {
      const said = plainAt(source.plain(), path.slice(0, depth));
      const whole = applyPlain(said, { kind: 'set', path: path.slice(depth), value });
      return slot === undefined ? intoEmptyFile(source, whole) : replaceWhole(source, slot, whole);
    }
    const index = indexOf(node, step);
    if (index < 0) {
      if (isSeq(node)) throw leadsNowhere(path);
      const nested = rest.length === 0 ? value : applyPlain(null, { kind: 'set', path: rest, value });
      return rearrange(source, node, [...keepAll(node), newEntry(source, node, String(step), nested)]);
    }
    slot = { node, index };
    node = nodeOf(slot);
  }
  if (slot === undefined) {
    if (isCollectionNode(node) && isCollection(value) && !isList(value))
      return diffMap(source, node, path, value);
    return intoEmptyFile(source, value);
  }
  return replace(source, slot, path, value);
}

function replace(source: YamlSource, slot: Slot, path: YamlPath, value: PlainValue): TextChange[] {
  const node = nodeOf(slot);
  const said = plainAt(source.plain(), path);
  if (samePlain(said, value) && typeof said === typeof value) return [];
  if (
    isMap(node) &&
    node.items.length > 0 &&
    isCollection(value) &&
    !isList(value) &&
    Object.keys(value).length > 0
  )
    return diffMap(source, node, path, value);
  if (isSeq(node) && node.items.length > 0 && isList(said) && isList(value) && value.length > 0)
    return diffList(source, node, path, said, value);
  if (
    isScalar(node) &&
    !isAlias(node) &&
    !isCollection(value) &&
    node.range &&
    node.range[1] > node.range[0]
  ) {
    const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
    if (!isBlock) {
      const insert = scalarText(value, slot.node.flow === true, node.type ?? null);
      return [{ from: node.range[0], to: node.range[1], insert }];
    }
  }
  return replaceWhole(source, slot, value);
}

function diffMap(source: YamlSource, node: Collection, path: YamlPath, value: PlainMap): TextChange[] {
  const said = plainAt(source.plain(), path);
  const inner: TextChange[] = [];
  const segments: Segment[] = [];
  const own = new Set<string>();
  let merges = false;
  for (const index of node.items.keys()) {
    const key = keyOf({ node, index }) ?? '';
    own.add(key);
    const next = Object.hasOwn(value, key) ? value[key] : undefined;
    if (key === '<<') merges = true;
    if (next === undefined && key !== '<<') continue;
    segments.push({ keep: index });
    if (next !== undefined) inner.push(...replace(source, { node, index }, [...path, key], next));
  }
  for (const [key, each] of Object.entries(value)) {
    if (own.has(key) || (merges && samePlain(plainAt(said, [key]), each))) continue;
    segments.push(newEntry(source, node, key, each));
  }
  const stays = segments.length === node.items.length && segments.every((each) => 'keep' in each);
  return stays ? inner : [...inner, ...rearrange(source, node, segments)];
}

function diffList(
  source: YamlSource,
  node: Collection,
  path: YamlPath,
  said: readonly PlainValue[],
  value: readonly PlainValue[],
): TextChange[] {
  const places = alignLists(said, value);
  if (places === 'in place')
    return value.flatMap((each, index) => replace(source, { node, index }, [...path, index], each));
  return rearrange(
    source,
    node,
    places.map((place, index) => place ?? newEntry(source, node, undefined, value[index] ?? null)),
  );
}

/** A new entry of a map or list, as text. */
export function newEntry(
  { style }: YamlSource,
  node: Collection,
  key: string | undefined,
  value: PlainValue,
): Segment {
  if (node.flow) {
    const text = flowText(value, style);
    return { text: key === undefined ? text : `${scalarText(key, true)}: ${text}` };
  }
  const column = blockColumn(node);
  return {
    text: key === undefined ? itemText(value, column, { style }) : entryText(key, value, column, { style }),
  };
}

/** Every entry of a collection as it is. */
export function keepAll(node: Collection): Segment[] {
  return node.items.map((_, index) => ({ keep: index }));
}

/** A file of nothing but comments gets its first keys below them. */
function intoEmptyFile({ text, style, document }: YamlSource, value: PlainValue): TextChange[] {
  if (!isCollection(value) || isList(value)) throw leadsNowhere([]);
  const lines = Object.entries(value).map(([key, each]) => entryText(key, each, 0, { style }));
  const range = isCollectionNode(document.contents) ? document.contents.range : undefined;
  if (range) return [{ from: range[0], to: range[1], insert: lines.join(style.eol) }];
  const before = text === '' || text.endsWith('\n') ? '' : style.eol;
  return [{ from: text.length, to: text.length, insert: `${before}${lines.join(style.eol)}${style.eol}` }];
}

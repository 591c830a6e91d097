import { Document, isSeq, Scalar } from 'yaml';
import type { PlainValue } from './edit.ts';
import { isList } from './plain.ts';
import type { YamlStyle } from './source.ts';

/** How new text is written. */
export interface Writing {
  readonly style: YamlStyle;
  /** Comments of items that are written anew, by the item; each is used once. */
  readonly comments?: Map<string, string>;
}

/** A scalar as it stands in a block or between brackets. `like` is the quoting of what it replaces. */
export function scalarText(value: PlainValue, flow: boolean, like?: Scalar.Type | null): string {
  if (typeof value === 'string' && value.includes('\n')) return JSON.stringify(value);
  const node = new Scalar(value);
  if (typeof value === 'string' && (like === Scalar.QUOTE_DOUBLE || like === Scalar.QUOTE_SINGLE))
    node.type = like;
  const list = new Document([node]);
  if (isSeq(list.contents)) list.contents.flow = flow;
  const text = list.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd();
  return flow ? text.slice(1, -1) : text.slice(2);
}

/** A value between brackets. */
export function flowText(value: PlainValue, style: YamlStyle): string {
  if (!isCollection(value)) return scalarText(value, true);
  const parts = isList(value)
    ? value.map((item) => flowText(item, style))
    : Object.entries(value).map(([key, each]) => `${scalarText(key, true)}: ${flowText(each, style)}`);
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  const pad = parts.length === 0 ? '' : style.padding;
  return `${open}${pad}${parts.join(', ')}${pad}${close}`;
}

/** `key: value` in lines; the first has no indentation, the others stand at `column` and deeper. */
export function entryText(key: string, value: PlainValue, column: number, writing: Writing): string {
  return `${scalarText(key, false)}:${afterKey(key, value, column, writing)}`;
}

/** What follows `key:` at `column`: a space and the value, or lines of their own. */
export function afterKey(key: string, value: PlainValue, column: number, writing: Writing): string {
  const { style } = writing;
  if (!isCollection(value)) return ` ${scalarText(value, false)}`;
  if (isEmpty(value)) return isList(value) ? ' []' : ' {}';
  if (isList(value)) {
    if (style.isFlowList(key) && !value.some(isCollection)) return ` ${flowText(value, style)}`;
    const at = column + style.listIndent;
    return value.map((item) => `${style.eol}${' '.repeat(at)}${itemText(item, at, writing)}`).join('');
  }
  const at = column + style.indent;
  return Object.entries(value)
    .map(([name, each]) => `${style.eol}${' '.repeat(at)}${entryText(name, each, at, writing)}`)
    .join('');
}

/** `- value` in lines; the first has no indentation, the others stand deeper than the dash at `column`. */
export function itemText(value: PlainValue, column: number, writing: Writing): string {
  return `- ${afterDash(value, column, writing)}`;
}

/** What follows the dash at `column` and its space. */
export function afterDash(value: PlainValue, column: number, writing: Writing): string {
  const { style, comments } = writing;
  if (!isCollection(value)) {
    const key = JSON.stringify(value);
    const comment = comments?.get(key) ?? '';
    comments?.delete(key);
    return `${scalarText(value, false)}${comment}`;
  }
  if (isList(value) || isEmpty(value)) return flowText(value, style);
  return Object.entries(value)
    .map(([name, each]) => entryText(name, each, column + 2, writing))
    .join(`${style.eol}${' '.repeat(column + 2)}`);
}

/** Whether a value is a list or a map. */
export function isCollection(
  value: PlainValue,
): value is Exclude<PlainValue, string | number | boolean | null> {
  return typeof value === 'object' && value !== null;
}

function isEmpty(value: PlainValue): boolean {
  return isCollection(value) && (isList(value) ? value.length : Object.keys(value).length) === 0;
}

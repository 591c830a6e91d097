import { LatticeError } from '../errors.ts';
import { ExactNumber, pythonFloat } from './json.ts';

/**
 * One event as its line in a log: keys in code point order, no spaces, everything beyond printable ASCII
 * escaped, a newline at the end. The bytes are those of Python's `json.dumps` with `sort_keys`.
 * Throws `internal` for a value that is no JSON (a function, a bigint).
 */
export function serialiseLine(value: object): string {
  return `${write(value, undefined, '')}\n`;
}

/** A snapshot, config or index as its file: like a line, but indented by two spaces. */
export function serialiseDocument(value: object): string {
  return `${write(value, '  ', '')}\n`;
}

function write(value: unknown, indent: string | undefined, outer: string): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return number(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (value instanceof ExactNumber) return value.text;
      return Array.isArray(value) ? list(value, indent, outer) : object(value, indent, outer);
    default:
      throw new LatticeError('internal', `A value of type ${typeof value} cannot be written to a board.`);
  }
}

function list(items: readonly unknown[], indent: string | undefined, outer: string): string {
  const inner = indent === undefined ? '' : outer + indent;
  return wrap(
    '[',
    items.map((item) => write(item, indent, inner)),
    ']',
    indent,
    outer,
  );
}

function object(value: object, indent: string | undefined, outer: string): string {
  const inner = indent === undefined ? '' : outer + indent;
  const colon = indent === undefined ? ':' : ': ';
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([a], [b]) => compareCodePoints(a, b));
  return wrap(
    '{',
    entries.map(([key, each]) => quote(key) + colon + write(each, indent, inner)),
    '}',
    indent,
    outer,
  );
}

function wrap(
  open: string,
  parts: string[],
  close: string,
  indent: string | undefined,
  outer: string,
): string {
  if (parts.length === 0) return open + close;
  if (indent === undefined) return open + parts.join(',') + close;
  const inner = `\n${outer}${indent}`;
  return `${open}${inner}${parts.join(`,${inner}`)}\n${outer}${close}`;
}

function number(value: number): string {
  if (Number.isSafeInteger(value)) return value === 0 ? '0' : String(value);
  return pythonFloat(value);
}

const NEEDS_ESCAPE = /["\\]|[^ -~]/g;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
};

function quote(text: string): string {
  return `"${text.replace(NEEDS_ESCAPE, escapeUnit)}"`;
}

function escapeUnit(unit: string): string {
  return SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const ABOVE_SURROGATES = /[\ud800-\uffff]/;

/** Orders strings by code point, as Python does; JavaScript orders by UTF-16 unit. Negative when `a` is first. */
function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  if (!ABOVE_SURROGATES.test(a) || !ABOVE_SURROGATES.test(b)) return a < b ? -1 : 1;
  const left = Array.from(a);
  const right = Array.from(b);
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

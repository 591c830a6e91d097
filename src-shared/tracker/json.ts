import { LatticeError } from '../errors.ts';

/** The deepest nesting that is read; the foreign program cannot read much more either. */
const MAX_DEPTH = 200;

/**
 * A number that JavaScript would print differently from Python: `3.0`, `1e16`, integers beyond 2^53, `NaN`.
 * `text` is what Python prints for it, so that a value that passes through us keeps its bytes.
 */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The nearest JavaScript number. */
  valueOf(): number {
    return Number(this.text);
  }

  toJSON(): number {
    return Number(this.text);
  }
}

/** Any value of a JSON document. */
export type JsonValue = null | boolean | number | string | ExactNumber | readonly JsonValue[] | JsonObject;

/** An object of a JSON document; keys such as `__proto__` are plain keys in it. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** True for an object of a JSON document, false for a list, a number or null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  );
}

/** True when two JSON values are the same value, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof ExactNumber || b instanceof ExactNumber) {
    return a instanceof ExactNumber && b instanceof ExactNumber && a.text === b.text;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((each, index) => sameJson(each, b[index]))
    );
  }
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && sameJson(value, right.get(key)))
  );
}

/** Numbers whose Python form JavaScript would lose; text that only looks like one costs time, nothing else. */
const EXOTIC_NUMBER = /(?:^|[:[,])\s*(?:-?\d+[.eE]|-?\d{16}|-0|NaN|-?Infinity)/;

/**
 * Reads JSON as Python does: numbers keep the form they were written in, `NaN` and `Infinity` are read.
 * Throws `invalid_input` for text that is no JSON or nests deeper than 200 levels.
 */
export function parseJson(text: string): JsonValue {
  const value = EXOTIC_NUMBER.test(text) ? new ExactReader(text).read() : parsePlain(text);
  if (deeperThan(value, MAX_DEPTH)) throw notJson(`nested deeper than ${MAX_DEPTH} levels`);
  return value;
}

function parsePlain(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw notJson(error instanceof Error ? error.message : String(error));
  }
}

function deeperThan(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return false;
  if (levels === 0) return true;
  return Object.values(value).some((each) => deeperThan(each, levels - 1));
}

function notJson(why: string): LatticeError {
  return new LatticeError('invalid_input', `This is not JSON: ${why}.`);
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /true|false|null|NaN|-?Infinity/y;

/** A reader that keeps the form of numbers; slower than the built-in one, so only used where it matters. */
class ExactReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonValue {
    const value = this.#value(0);
    if (this.#at !== this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw notJson(`nested deeper than ${MAX_DEPTH} levels`);
    this.#take(SPACE);
    const first = this.#text[this.#at];
    let value: JsonValue;
    if (first === '{') value = this.#object(depth);
    else if (first === '[') value = this.#list(depth);
    else if (first === '"') value = this.#string();
    else value = this.#word();
    this.#take(SPACE);
    return value;
  }

  #object(depth: number): JsonObject {
    const entries: [string, JsonValue][] = [];
    this.#items('}', () => {
      this.#take(SPACE);
      const key = this.#string();
      this.#take(SPACE);
      this.#expect(':');
      entries.push([key, this.#value(depth + 1)]);
    });
    return Object.fromEntries(entries);
  }

  #list(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.#items(']', () => items.push(this.#value(depth + 1)));
    return items;
  }

  #items(close: string, item: () => void): void {
    this.#at += 1;
    this.#take(SPACE);
    if (this.#text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      item();
      if (this.#text[this.#at] === close) break;
      this.#expect(',');
    }
    this.#at += 1;
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') throw this.#unexpected();
    let end = this.#at + 1;
    while (this.#text[end] !== '"') {
      if (end >= this.#text.length) throw this.#unexpected();
      end += this.#text[end] === '\\' ? 2 : 1;
    }
    const token = this.#text.slice(this.#at, end + 1);
    this.#at = end + 1;
    return parsePlain(token) as string;
  }

  #word(): JsonValue {
    const word = this.#take(WORD);
    switch (word) {
      case undefined:
        return this.#number();
      case 'true':
        return true;
      case 'false':
        return false;
      case 'null':
        return null;
      default:
        return new ExactNumber(word);
    }
  }

  #number(): JsonValue {
    const token = this.#take(NUMBER);
    if (token === undefined) throw this.#unexpected();
    const value = Number(token);
    if (/[.eE]/.test(token)) {
      return Number.isInteger(value) || !Number.isFinite(value) ? new ExactNumber(pythonFloat(value)) : value;
    }
    if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    return new ExactNumber(token);
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw this.#unexpected();
    this.#at += 1;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0];
    this.#at += token?.length ?? 0;
    return token;
  }

  #unexpected(): LatticeError {
    return notJson(`unexpected character at position ${this.#at + 1}`);
  }
}

/** A floating point number as Python prints it: `3.0`, `1e-05`, `1e+16`, `NaN`. */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) {
    const digits = mantissa.replace('.', '').replace('-', '');
    return `${value < 0 ? '-' : ''}0.${'0'.repeat(-exponent - 1)}${digits}`;
  }
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

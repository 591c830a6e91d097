/** A piece of a condition; `offset` is where it starts. */
export type Token = { readonly offset: number; readonly text: string } & (
  | { readonly kind: 'name' | 'symbol' | 'end' }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
);

/** What is wrong with a condition, where it starts, and what to write instead. */
export interface ConditionError {
  readonly offset: number;
  readonly message: string;
  readonly suggestion?: string;
}

export class ConditionFault extends Error {
  readonly fault: ConditionError;

  constructor(offset: number, message: string, suggestion?: string) {
    super(message);
    this.name = 'ConditionFault';
    this.fault = { offset, message, ...(suggestion === undefined ? {} : { suggestion }) };
  }
}

const SPACE = /\s+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /\d+(?:\.\d+)?(?:%|[A-Za-z_][A-Za-z0-9_]*)?/y;
const TEXT = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||[<>!()[\],-]/y;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['%', 0.01],
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** Cuts a condition into its pieces, with an end piece last. @throws ConditionFault */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < text.length) {
    const space = matchAt(SPACE, text, offset);
    if (space !== undefined) {
      offset += space.length;
      continue;
    }
    const token = tokenAt(text, offset);
    tokens.push(token);
    offset += token.text.length;
  }
  return [...tokens, { kind: 'end', text: '', offset }];
}

function tokenAt(text: string, offset: number): Token {
  const name = matchAt(NAME, text, offset);
  if (name !== undefined) return { kind: 'name', text: name, offset };
  const quoted = matchAt(TEXT, text, offset);
  if (quoted !== undefined) {
    return { kind: 'text', text: quoted, value: quoted.slice(1, -1).replace(/\\(.)/gs, '$1'), offset };
  }
  const number = matchAt(NUMBER, text, offset);
  if (number !== undefined) return { kind: 'number', text: number, value: amount(number, offset), offset };
  const symbol = matchAt(SYMBOL, text, offset);
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, offset };
  throw strange(text, offset);
}

function amount(text: string, offset: number): number {
  const unit = text.replace(/^[\d.]+/, '');
  const factor = unit === '' ? 1 : UNITS.get(unit);
  if (factor === undefined) {
    throw new ConditionFault(offset, `${unit} is not a unit.`, 'Use %, ms, s, m or h.');
  }
  return Number(text.slice(0, text.length - unit.length)) * factor;
}

function strange(text: string, offset: number): ConditionFault {
  const sign = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  if (sign === '=') return new ConditionFault(offset, 'A single = does not compare.', 'Write ==.');
  if (sign === '"' || sign === "'") return new ConditionFault(offset, 'The text has no closing quote.');
  return new ConditionFault(
    offset,
    `A condition cannot use ${sign}.`,
    'Use names, "text", numbers, comparisons, in, and, or, not.',
  );
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

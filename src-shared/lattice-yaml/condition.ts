import { closest } from './closest.ts';
import { type ConditionKind, conditionNames } from './condition-names.ts';
import { type ConditionError, ConditionFault, type Token, tokenize } from './condition-tokens.ts';

export const COMPARISONS = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A condition as it was understood. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'in'; readonly left: Expression; readonly right: Expression };

export type ParsedCondition =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly error: ConditionError };

const MAX_LENGTH = 1_000;
const MAX_DEPTH = 32;
const WORDS = new Set(['and', 'or', 'not', 'in', 'true', 'false', 'always', 'never']);

/** Reads a `when:` of a hook. Nothing of it is run; names that nobody knows are an error. Never throws. */
export function parseCondition(text: string): ParsedCondition {
  try {
    if (text.length > MAX_LENGTH) {
      throw new ConditionFault(
        MAX_LENGTH,
        `A condition has at most ${MAX_LENGTH} characters, and this one has ${text.length}.`,
      );
    }
    return { ok: true, expression: new Parser(tokenize(text)).whole() };
  } catch (error) {
    if (error instanceof ConditionFault) return { ok: false, error: error.fault };
    throw error;
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#or();
    const rest = this.#next();
    if (rest.kind === 'end') return expression;
    throw new ConditionFault(
      rest.offset,
      `${rest.text} is not expected here.`,
      'Join conditions with and or or.',
    );
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#take('or', '||')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#take('and', '&&')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    const token = this.#next();
    if (!this.#take('not', '!')) return this.#comparison();
    return this.#deeper(token, () => ({ kind: 'not', of: this.#not() }));
  }

  #comparison(): Expression {
    const left = this.#value();
    const token = this.#next();
    const operator = COMPARISONS.find((each) => this.#take(each));
    if (operator !== undefined) {
      const right = this.#value();
      checkComparable(token, operator, left, right);
      this.#refuseChain();
      return { kind: 'compare', operator, left, right };
    }
    const negated = token.text === 'not' && this.#take('not');
    if (!this.#take('in')) {
      if (negated) throw new ConditionFault(token.offset, 'After not here, in is missing.', 'Write not in.');
      return left;
    }
    const within: Expression = { kind: 'in', left, right: this.#value() };
    checkMember(token, within.left, within.right);
    this.#refuseChain();
    return negated ? { kind: 'not', of: within } : within;
  }

  #refuseChain(): void {
    const { text, offset, kind } = this.#next();
    if (kind === 'text' || !(COMPARISONS.some((each) => each === text) || text === 'in')) return;
    throw new ConditionFault(offset, 'A comparison has two sides.', 'Join two comparisons: a > 1 and a < 5.');
  }

  #value(): Expression {
    const token = this.#next();
    this.#position++;
    switch (token.kind) {
      case 'text':
      case 'number':
        return { kind: 'literal', value: token.value };
      case 'name':
        return nameOrWord(token);
      case 'end':
        throw new ConditionFault(token.offset, 'The condition ends too early.');
      case 'symbol':
        break;
      default:
        return token satisfies never;
    }
    if (token.text === '(') {
      const inner = this.#deeper(token, () => this.#or());
      this.#expect(')', token);
      return inner;
    }
    if (token.text === '[') return this.#list(token);
    if (token.text === '-') {
      const number = this.#next();
      if (number.kind === 'number') {
        this.#position++;
        return { kind: 'literal', value: -number.value };
      }
    }
    throw new ConditionFault(token.offset, `${token.text} is not expected here.`);
  }

  #list(open: Token): Expression {
    const items: string[] = [];
    while (this.#next().text !== ']') {
      const item = this.#next();
      if (item.kind !== 'text') {
        throw new ConditionFault(item.offset, 'A list holds texts in quotes.', 'Write ["one", "two"].');
      }
      items.push(item.value);
      this.#position++;
      if (!this.#take(',')) break;
    }
    this.#expect(']', open);
    return { kind: 'list', items };
  }

  #deeper(at: Token, read: () => Expression): Expression {
    if (++this.#depth > MAX_DEPTH)
      throw new ConditionFault(at.offset, `A condition nests at most ${MAX_DEPTH} deep.`);
    const expression = read();
    this.#depth--;
    return expression;
  }

  #expect(text: string, open: Token): void {
    if (!this.#take(text)) throw new ConditionFault(open.offset, `${open.text} has no closing ${text}.`);
  }

  /** Steps over a word or sign when it stands here. */
  #take(...texts: string[]): boolean {
    const token = this.#next();
    if ((token.kind !== 'symbol' && token.kind !== 'name') || !texts.includes(token.text)) return false;
    this.#position++;
    return true;
  }

  #next(): Token {
    const token = this.#tokens[Math.min(this.#position, this.#tokens.length - 1)];
    if (token === undefined) throw new ConditionFault(0, 'The condition is empty.');
    return token;
  }
}

function nameOrWord({ text, offset }: Token): Expression {
  if (text === 'true' || text === 'always') return { kind: 'literal', value: true };
  if (text === 'false' || text === 'never') return { kind: 'literal', value: false };
  if (conditionNames.has(text)) return { kind: 'name', name: text };
  if (WORDS.has(text)) throw new ConditionFault(offset, `${text} is not expected here.`);
  const meant = closest(text, [...conditionNames.keys(), 'always', 'never']);
  throw new ConditionFault(
    offset,
    `${text} is not a name that conditions know.`,
    meant === undefined ? `Text stands in quotes: "${text}".` : `Did you mean ${meant}?`,
  );
}

function kindOf(expression: Expression): ConditionKind {
  switch (expression.kind) {
    case 'literal':
      if (typeof expression.value === 'string') return 'text';
      return typeof expression.value === 'number' ? 'number' : 'truth';
    case 'list':
      return 'list';
    case 'name':
      return conditionNames.get(expression.name)?.kind ?? 'text';
    case 'not':
    case 'and':
    case 'or':
    case 'compare':
    case 'in':
      return 'truth';
    default:
      return expression satisfies never;
  }
}

const KIND_WORDS: Readonly<Record<ConditionKind, string>> = {
  text: 'text',
  number: 'a number',
  list: 'a list',
  truth: 'true or false',
};

function checkComparable(at: Token, operator: Comparison, left: Expression, right: Expression): void {
  const kinds = [kindOf(left), kindOf(right)] as const;
  const counts = kinds.every((kind) => kind === 'number' || kind === 'list') && kinds.includes('number');
  if (counts) return;
  const [one, other] = kinds;
  if (one === other && one !== 'list' && (operator === '==' || operator === '!=')) return;
  throw new ConditionFault(
    at.offset,
    `${operator} cannot compare ${KIND_WORDS[one]} with ${KIND_WORDS[other]}.`,
    operator === '==' || operator === '!=' ? undefined : 'It compares numbers, or counts a list.',
  );
}

function checkMember(at: Token, left: Expression, right: Expression): void {
  const whole = kindOf(right);
  if (kindOf(left) === 'text' && (whole === 'list' || whole === 'text')) return;
  throw new ConditionFault(
    at.offset,
    `in cannot look for ${KIND_WORDS[kindOf(left)]} in ${KIND_WORDS[whole]}.`,
    'Write agent in ["one", "two"].',
  );
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCondition } from './condition.ts';
import type { ConditionFacts } from './condition-names.ts';
import { evaluateCondition } from './condition-value.ts';

const facts: ConditionFacts = {
  agent: 'architect',
  provider: 'openai',
  error: 'rate limit reached',
  error_count: 4,
  attempt: 1,
  duration: 90_000,
  budget_used: 0.85,
  files_changed: ['src/a.ts', 'README.md'],
  outcome: 'completed',
};

function holds(text: string, given: ConditionFacts = facts): boolean {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(`${parsed.error.offset}: ${parsed.error.message}`);
  return evaluateCondition(parsed.expression, given);
}

function faultOf(text: string) {
  const parsed = parseCondition(text);
  return parsed.ok ? undefined : parsed.error;
}

describe('conditions', () => {
  it.each([
    ['always', true],
    ['never', false],
    ['true', true],
    ['false', false],
    ['files_changed', true],
    ['not files_changed', false],
    ['!files_changed', false],
    ['agent == "architect"', true],
    ["agent == 'architect'", true],
    ['"architect" == agent', true],
    ['agent != "architect"', false],
    ['provider == "openai"', true],
    ["provider == 'anthropic'", false],
    ['error_count > 3', true],
    ['error_count > 4', false],
    ['error_count >= 4', true],
    ['error_count < 4', false],
    ['error_count <= 4', true],
    ['error_count == 4', true],
    ['error_count > -1', true],
    ['budget_used >= 80%', true],
    ['budget_used >= 90%', false],
    ['budget_used > 0.8', true],
    ['duration >= 90s', true],
    ['duration > 1.5m', false],
    ['duration < 1h and duration > 5ms', true],
    ['files_changed > 1', true],
    ['files_changed == 2', true],
    ['"README.md" in files_changed', true],
    ['"x" not in files_changed', true],
    ['agent in ["implementer", "architect"]', true],
    ['agent not in ["implementer", "architect",]', false],
    ['agent in []', false],
    ['"limit" in error', true],
    ['agent == "a" or provider == "openai"', true],
    ['agent == "a" || provider == "openai"', true],
    ['agent == "architect" and provider == "x"', false],
    ['agent == "architect" && provider == "openai"', true],
    ['true or true and false', true],
    ['(true or true) and false', false],
    ['not false and not (false or false)', true],
    ['not not true', true],
    ["error == 'it\\'s'", false],
  ])('%s is %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });

  it.each([
    ['files_changed', false],
    ['agent', false],
    ['agent == "a"', false],
    ['agent != "a"', true],
    ['agent == model', false],
    ['error_count > 0', false],
    ['error_count <= 0', false],
    ['agent in ["a"]', false],
    ['"a" in files_changed', false],
  ])('%s without facts is %s', (text, expected) => {
    expect(holds(text, {})).toBe(expected);
    expect(holds(text, { agent: undefined })).toBe(expected);
  });

  it.each([
    ['', 0, 'The condition ends too early.'],
    ['   ', 3, 'The condition ends too early.'],
    ['agnet == "a"', 0, 'agnet is not a name that conditions know. Did you mean agent?'],
    [
      'agent == architect',
      9,
      'architect is not a name that conditions know. Text stands in quotes: "architect".',
    ],
    ['agent = "a"', 6, 'A single = does not compare. Write ==.'],
    ['agent == "a', 9, 'The text has no closing quote.'],
    ['agent == ', 9, 'The condition ends too early.'],
    ['(agent == "a"', 0, '( has no closing ).'],
    ['agent in ["a"', 9, '[ has no closing ].'],
    ['agent in [a]', 10, 'A list holds texts in quotes. Write ["one", "two"].'],
    ['agent == "a" "b"', 13, '"b" is not expected here. Join conditions with and or or.'],
    ['and', 0, 'and is not expected here.'],
    ['agent > 3', 6, '> cannot compare text with a number. It compares numbers, or counts a list.'],
    ['agent == 3', 6, '== cannot compare text with a number.'],
    ['files_changed == files_changed', 14, '== cannot compare a list with a list.'],
    ['error_count in ["a"]', 12, 'in cannot look for a number in a list. Write agent in ["one", "two"].'],
    ['1 < error_count < 5', 16, 'A comparison has two sides. Join two comparisons: a > 1 and a < 5.'],
    ['agent not "a"', 6, 'After not here, in is missing. Write not in.'],
    ['duration > 5d', 11, 'd is not a unit. Use %, ms, s, m or h.'],
    ['-agent', 0, '- is not expected here.'],
  ])('refuses %j at %i', (text, offset, words) => {
    const fault = faultOf(text);
    expect([fault?.message, fault?.suggestion].filter(Boolean).join(' ')).toBe(words);
    expect(fault?.offset).toBe(offset);
  });

  it.each([
    'process.exit(1)',
    'require("fs")',
    'constructor',
    '__proto__',
    'toString == "a"',
    'agent.constructor.constructor("return process")()',
    '`agent`',
    'agent == "a"; rm -rf /',
    '$(touch x)',
    'globalThis["process"]',
    '(() => 1)()',
    'eval "x"',
  ])('reads %s as nothing to run', (text) => {
    expect(faultOf(text)).toBeDefined();
  });

  it('is bounded in length and depth', () => {
    expect(faultOf(`${'true and '.repeat(200)}true`)?.message).toContain('at most 1000 characters');
    expect(faultOf(`${'('.repeat(40)}true${')'.repeat(40)}`)?.message).toContain('at most 32 deep');
    expect(faultOf(`${'!'.repeat(900)}true`)?.message).toContain('at most 32 deep');
    expect(holds(`${'('.repeat(32)}true${')'.repeat(32)}`)).toBe(true);
    expect(holds(`${'true and '.repeat(100)}true`)).toBe(true);
  });

  it('takes no fact from a prototype', () => {
    const poisoned: ConditionFacts = Object.create({ agent: 'architect' });
    expect(holds('agent == "architect"', poisoned)).toBe(false);
  });

  it('never throws, and points into the text', () => {
    const piece = fc.constantFrom(
      ...['agent', 'error_count', 'files_changed', '"a"', '3', '80%', '==', '<', 'in', 'not', 'and', 'or'],
      ...['(', ')', '[', ']', ',', '-', '!', ' ', '"', '=', '$', 'é'],
    );
    const text = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(' ')),
    );
    fc.assert(
      fc.property(text, (condition) => {
        const parsed = parseCondition(condition);
        if (parsed.ok) expect(typeof evaluateCondition(parsed.expression, facts)).toBe('boolean');
        else {
          expect(parsed.error.offset).toBeGreaterThanOrEqual(0);
          expect(parsed.error.offset).toBeLessThanOrEqual(condition.length);
        }
      }),
    );
  });

  it('means the opposite with not', () => {
    const simple = fc.constantFrom(
      'agent == "architect"',
      'error_count > 9',
      'files_changed',
      'budget_used > 1%',
    );
    fc.assert(
      fc.property(simple, simple, fc.constantFrom('and', 'or'), (left, right, joint) => {
        const whole = `${left} ${joint} ${right}`;
        const deMorgan = `not (${left}) ${joint === 'and' ? 'or' : 'and'} not (${right})`;
        expect(holds(`not (${whole})`)).toBe(holds(deMorgan));
      }),
    );
  });
});

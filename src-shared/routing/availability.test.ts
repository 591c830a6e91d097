import { describe, expect, test } from 'vitest';
import { type AvailabilityFacts, allAvailable, availabilityOf, leavingOut } from './availability.ts';
import { modelRef } from './model-ref.ts';
import { factsWith, GPT, LLAMA, NOON, SONNET } from './testing.ts';

const check = (facts: AvailabilityFacts, model = GPT) => availabilityOf(facts).check(modelRef(model));
const cap = { scope: 'provider', name: 'openai', unit: 'usd', per: 'month', limit: 50, used: 50 } as const;
const pause = {
  cause: 'rate_limit',
  since: NOON - 90_000,
  last: NOON,
  until: NOON + 41_000,
  strikes: 2,
} as const;

describe('a model cannot be used', () => {
  test.each<[string, Partial<AvailabilityFacts>, string, string]>([
    [
      'no such provider',
      { providers: {} },
      'unknown_provider',
      'there is no provider openai in lattice.yaml',
    ],
    [
      'its key is missing',
      { providers: { openai: { key: { name: 'OPENAI_API_KEY', present: false } } } },
      'missing_key',
      'OPENAI_API_KEY is not set',
    ],
    [
      'it is not on this machine',
      { providers: { openai: { installed: ['gpt-2'] } } },
      'not_installed',
      'gpt-4o is not installed in openai',
    ],
    [
      'a hook left it out',
      { providers: { openai: { skipped: 'over budget' } } },
      'skipped',
      'openai is left out: over budget',
    ],
    [
      'the provider limits its rate',
      { cool_downs: { openai: pause } },
      'rate_limited',
      'openai limits its rate, free again in 41 s',
    ],
    [
      'the model limits its rate',
      { cool_downs: { [GPT]: pause } },
      'rate_limited',
      'openai/gpt-4o limits its rate, free again in 41 s',
    ],
    [
      'the provider is down',
      { cool_downs: { openai: { ...pause, cause: 'down' } } },
      'provider_down',
      'openai has not answered for 1 min 30 s, tried again in 41 s',
    ],
    ['the budget is spent', { caps: [cap] }, 'budget', 'openai has spent $50.00 of $50.00 this month'],
    [
      'a part of the spend is estimated',
      { caps: [{ ...cap, estimated: true }] },
      'budget',
      'openai has spent about $50.00 of $50.00 this month',
    ],
    [
      'a call does not fit any more',
      { caps: [{ ...cap, used: 49.98 }], costs: { [GPT]: 0.041 } },
      'budget',
      'openai has $0.020 of $50.00 left this month, and a call costs about $0.041',
    ],
    [
      'the calls of the day are used up',
      { caps: [{ ...cap, unit: 'calls', per: 'day', limit: 20, used: 20 }] },
      'call_limit',
      'openai had 20 of 20 calls today',
    ],
    [
      'a model has a cap of its own',
      { caps: [{ ...cap, scope: 'model', name: GPT }] },
      'budget',
      'openai/gpt-4o has spent $50.00 of $50.00 this month',
    ],
    [
      'the agent has a cap of its own',
      { caps: [{ ...cap, scope: 'agent', name: 'coder', per: 'day', limit: 2, used: 2.5 }] },
      'budget',
      'coder has spent $2.50 of $2.00 today',
    ],
  ])('because %s', (_why, facts, code, text) => {
    expect(check(factsWith(facts))).toMatchObject({ ok: false, code, text });
  });

  test.each(['', 'gpt-4o', '/gpt-4o', 'openai/', 'open ai/gpt'])('because %o is no model', (name) => {
    expect(check(factsWith(), name)).toMatchObject({ ok: false, code: 'malformed' });
    expect(allAvailable.check(modelRef(name)).ok).toBe(false);
  });

  test('names that every object has are no providers', () => {
    for (const name of ['constructor/x', '__proto__/x', 'toString/x']) {
      expect(check(factsWith(), name)).toMatchObject({ ok: false, code: 'unknown_provider' });
    }
  });
});

describe('a model can be used', () => {
  test.each<[string, Partial<AvailabilityFacts>]>([
    ['when its key is set', { providers: { openai: { key: { name: 'K', present: true } } } }],
    ['when the pause is over', { cool_downs: { openai: { ...pause, until: NOON } } }],
    ['when another model has the pause', { cool_downs: { 'openai/o3': pause } }],
    ['when the cap is of another agent', { caps: [{ ...cap, scope: 'agent', name: 'writer' }] }],
    ['when a call just fits', { caps: [{ ...cap, used: 49.96 }], costs: { [GPT]: 0.04 } }],
    ['when it costs nothing', { caps: [cap], costs: { [GPT]: 0 } }],
  ])('%s', (_why, facts) => {
    expect(check(factsWith(facts))).toEqual({ ok: true });
  });

  test('and a budget says when it opens again', () => {
    const day = check(factsWith({ caps: [{ ...cap, per: 'day' }] }));
    const month = check(factsWith({ caps: [cap] }));
    expect(day).toMatchObject({ retry_at: new Date(2026, 10, 22).getTime() });
    expect(month).toMatchObject({ retry_at: new Date(2026, 11, 1).getTime() });
  });
});

test('a call uses caps up at its expected cost and leaves the facts it came from alone', () => {
  const before = availabilityOf(
    factsWith({ caps: [{ ...cap, used: 49.9 }], costs: { [GPT]: 0.06, [SONNET]: 1 } }),
  );
  const after = before.afterCall(modelRef(GPT));
  expect(before.check(modelRef(GPT)).ok).toBe(true);
  expect(after.check(modelRef(GPT)).ok).toBe(false);
  expect(before.afterCall(modelRef(SONNET)).check(modelRef(GPT)).ok).toBe(true);
  expect(before.afterCall(modelRef(LLAMA))).toBe(before);
});

test('a model that failed within a call is left out with its reason, and keeps when it may be tried again', () => {
  const facts = factsWith({ cool_downs: { [GPT]: pause } });
  const failed = new Map([
    [GPT, 'answered 429'],
    [SONNET, 'closed the connection'],
  ]);
  const left = leavingOut(availabilityOf(facts), failed);
  expect(left.check(modelRef(GPT))).toEqual({
    ok: false,
    code: 'rate_limited',
    text: 'answered 429',
    retry_at: pause.until,
  });
  expect(left.afterCall(modelRef(LLAMA)).check(modelRef(SONNET))).toEqual({
    ok: false,
    code: 'provider_down',
    text: 'closed the connection',
  });
  const all = availabilityOf(facts);
  expect(leavingOut(all, new Map())).toBe(all);
});

test('a cap is held against what is set aside for a call, where that is known', () => {
  const facts = factsWith({ caps: [{ ...cap, used: 49 }], costs: { [GPT]: 0.5 } });
  expect(check(facts).ok).toBe(true);
  expect(check({ ...facts, reserves: { [GPT]: 2 } })).toMatchObject({ ok: false, code: 'budget' });
});

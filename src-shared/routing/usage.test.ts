import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GPT, LLAMA, SONNET } from './testing.ts';
import { dayOf, reduceUsage, type UsageEntry, UsageTally } from './usage.ts';

function entry(change: Partial<UsageEntry> = {}): UsageEntry {
  return {
    id: 'c1',
    time: new Date(2026, 10, 21, 10).toISOString(),
    agent: 'coder',
    provider: 'anthropic',
    model: SONNET,
    outcome: 'ok',
    input_tokens: 1_000,
    output_tokens: 100,
    usd: 0.04,
    ...change,
  };
}

describe('totals', () => {
  test('are kept by provider, model, agent and day', () => {
    const totals = reduceUsage([
      entry(),
      entry({ id: 'c2', provider: 'openai', model: GPT, agent: 'writer', usd: 0.5, usd_estimated: true }),
      entry({
        id: 'c3',
        provider: 'ollama',
        model: LLAMA,
        usd: undefined,
        tokens_estimated: true,
        outcome: 'failed',
      }),
      entry({ id: 'c4', time: new Date(2026, 10, 20, 23, 59).toISOString(), outcome: 'rate_limited' }),
    ]);
    expect(totals.all).toEqual({
      calls: 4,
      input_tokens: 4_000,
      output_tokens: 400,
      usd: expect.closeTo(0.58),
      estimated_usd: 0.5,
      estimated_tokens: 1_100,
      unpriced: 1,
      failed: 1,
      rate_limited: 1,
    });
    expect(totals.by_provider.openai).toMatchObject({ calls: 1, usd: 0.5 });
    expect(totals.by_model[SONNET]).toMatchObject({ calls: 2, usd: expect.closeTo(0.08) });
    expect(totals.by_agent).toMatchObject({ coder: { calls: 3 }, writer: { calls: 1 } });
    expect(totals.by_day).toMatchObject({ '2026-11-21': { calls: 3 }, '2026-11-20': { calls: 1 } });
  });

  test('what the provider reports wins over an estimate, whichever came first', () => {
    const estimate = entry({ usd: 1, usd_estimated: true, tokens_estimated: true, input_tokens: 9_999 });
    const reported = entry({ usd: 0.04 });
    for (const order of [
      [estimate, reported],
      [reported, estimate],
      [estimate, reported, estimate, reported],
    ]) {
      expect(reduceUsage(order).all).toMatchObject({
        calls: 1,
        input_tokens: 1_000,
        usd: expect.closeTo(0.04),
        estimated_usd: expect.closeTo(0),
        estimated_tokens: 0,
      });
    }
  });

  test('are the same for any order, with any entry repeated', () => {
    const entries = Array.from({ length: 12 }, (_, index) =>
      entry({ id: `c${index}`, usd: index / 100, model: index % 2 === 0 ? GPT : SONNET }),
    );
    const once = reduceUsage(entries);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(entries, { minLength: 12 }),
        fc.subarray(entries),
        (shuffled, again) => {
          const totals = reduceUsage([...shuffled, ...again]);
          expect(totals.all).toEqual({ ...once.all, usd: expect.closeTo(once.all.usd) });
        },
      ),
    );
  });

  test('names that every object has are names like any other', () => {
    const totals = reduceUsage([entry({ agent: '__proto__', provider: 'constructor' })]);
    expect(Object.getOwnPropertyDescriptor(totals.by_agent, '__proto__')?.value).toMatchObject({ calls: 1 });
    expect(totals.by_provider.constructor).toMatchObject({ calls: 1 });
  });
});

test('the time to an answer follows the newest calls and leaves failures out', () => {
  const tally = new UsageTally();
  tally.add(entry({ id: 'a', latency_ms: 1_000 }));
  tally.add(entry({ id: 'b', latency_ms: 2_000 }));
  tally.add(entry({ id: 'c', latency_ms: 60_000, outcome: 'failed' }));
  expect(tally.latencies()).toEqual({ [SONNET]: 1_200 });
});

test('a day is the day of this machine', () => {
  expect(dayOf(new Date(2026, 0, 2, 23, 59, 59).getTime())).toBe('2026-01-02');
  expect(dayOf(new Date(2026, 0, 3, 0, 0, 0).toISOString())).toBe('2026-01-03');
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allAvailable, availabilityOf } from './availability.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { planRouting } from './plan.ts';
import { seededRandom } from './random.ts';
import { replay } from './replay.ts';
import { simulate } from './simulate.ts';
import { initialState } from './state.ts';
import { factsWith, GPT, LLAMA, SONNET } from './testing.ts';
import type { UsageEntry } from './usage.ts';

const modelsOf = (decisions: Decision[]) =>
  decisions.map((each) => (each.outcome === 'chosen' ? each.model : each.outcome));

describe('simulate', () => {
  test('shows what the next calls do, and a seeded draw comes true', () => {
    const plan = planRouting({ strategy: 'weighted', weights: { [SONNET]: 1, [GPT]: 1 }, seed: 3 });
    const preview = modelsOf(simulate(plan, initialState('weighted'), allAvailable, 20, Math.random));
    let state = initialState('weighted');
    const real = preview.map(() => {
      const decision = decide(plan, state, allAvailable, Math.random);
      state = decision.state;
      return decision;
    });
    expect(modelsOf(real)).toEqual(preview);
  });

  test('uses budgets up at the expected cost', () => {
    const plan = planRouting({ strategy: 'pattern', pattern: [SONNET, SONNET, GPT] });
    const facts = factsWith({
      caps: [{ scope: 'provider', name: 'openai', unit: 'usd', per: 'month', limit: 50, used: 49.94 }],
      costs: { [GPT]: 0.028, [SONNET]: 0.041 },
    });
    const decisions = simulate(plan, initialState('pattern'), availabilityOf(facts), 9, Math.random);
    expect(modelsOf(decisions)).toEqual([SONNET, SONNET, GPT, SONNET, SONNET, GPT, SONNET, SONNET, SONNET]);
    expect(decisions[8]).toMatchObject({ skipped: [3], position: { kind: 'slot', slot: 1, of: 3 } });
  });

  test('uses call limits of the agent up until nothing is left', () => {
    const caps = [{ scope: 'agent', name: 'coder', unit: 'calls', per: 'day', limit: 2, used: 0 }] as const;
    const availability = availabilityOf(factsWith({ caps }));
    expect(
      modelsOf(simulate(planRouting([SONNET]), initialState('fallback'), availability, 4, Math.random)),
    ).toEqual([SONNET, SONNET, 'none', 'none']);
  });

  test.each([
    [-1, 0],
    [Number.NaN, 0],
    [2.9, 2],
    [1e9, 10_000],
  ])('%d calls are %d', (count, length) => {
    const plan = planRouting([SONNET]);
    expect(simulate(plan, initialState('fallback'), allAvailable, count, Math.random)).toHaveLength(length);
  });

  test('20 calls of a long pattern take less than 5 ms', () => {
    const pattern = Array.from({ length: 1_000 }, (_, index) => (index % 3 === 0 ? GPT : SONNET));
    const plan = planRouting({ strategy: 'pattern', pattern });
    const availability = availabilityOf(factsWith());
    const times = Array.from({ length: 5 }, () => {
      const started = performance.now();
      simulate(plan, initialState('pattern'), availability, 20, Math.random);
      return performance.now() - started;
    });
    expect(Math.min(...times)).toBeLessThan(5);
  });
});

function entry(change: Partial<UsageEntry> = {}): UsageEntry {
  return {
    id: 'c1',
    time: '2026-11-21T10:00:00Z',
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

describe('replay', () => {
  test('shows where calls of the past would have gone and what that would have cost', () => {
    const plan = planRouting({ strategy: 'pattern', pattern: [SONNET, LLAMA] });
    const history = [1, 2, 3, 4].map((call) => entry({ id: `c${call}` }));
    const result = replay(
      [...history, entry({ id: 'c5', agent: 'gone' })],
      (agent) => (agent === 'coder' ? plan : undefined),
      {
        random: seededRandom(1),
        price: (model) => (model === LLAMA ? 0 : undefined),
      },
    );
    expect(result.was).toEqual({ usd: expect.closeTo(0.2), unpriced: 0, models: { [SONNET]: 5 } });
    expect(result.would).toEqual({
      usd: expect.closeTo(0.08),
      unpriced: 0,
      refused: 0,
      models: { [SONNET]: 2, [LLAMA]: 2 },
    });
    expect(result.calls[4]).toEqual({ entry: expect.objectContaining({ id: 'c5' }) });
  });

  test('counts calls that have no price or no model', () => {
    const plan = planRouting([GPT]);
    const refusing = availabilityOf(factsWith({ providers: {} }));
    const history = [entry({ usd: undefined })];
    expect(replay(history, () => plan, { random: Math.random })).toMatchObject({
      was: { unpriced: 1 },
      would: { unpriced: 1, refused: 0 },
    });
    expect(replay(history, () => plan, { random: Math.random, availability: refusing }).would.refused).toBe(
      1,
    );
  });

  test('with the routing that was used gives what happened', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(SONNET, GPT, LLAMA), { minLength: 1, maxLength: 12 }),
        fc.nat(60),
        (pattern, calls) => {
          const plan = planRouting({ strategy: 'pattern', pattern });
          const happened = modelsOf(
            simulate(plan, initialState('pattern'), allAvailable, calls, Math.random),
          );
          const history = happened.map((model, index) => entry({ id: `c${index}`, model }));
          const result = replay(history, () => plan, { random: Math.random });
          expect(result.would.models).toEqual(result.was.models);
          expect(result.would.usd).toBeCloseTo(result.was.usd);
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AvailabilityFacts, allAvailable, availabilityOf } from './availability.ts';
import { decide } from './decide.ts';
import { planRouting, type RoutingConfig } from './plan.ts';
import { type AgentRoutingState, initialState, MAX_SESSIONS } from './state.ts';
import { factsWith, GEMINI, GPT, LLAMA, last, modelsOf, run, SONNET, without } from './testing.ts';

describe('pattern', () => {
  test('repeats its slots', () => {
    const decisions = run({ strategy: 'pattern', pattern: [SONNET, SONNET, SONNET, GPT] }, 9);
    expect(modelsOf(decisions)).toEqual([SONNET, SONNET, SONNET, GPT, SONNET, SONNET, SONNET, GPT, SONNET]);
    expect(last(decisions).state).toEqual({
      strategy: 'pattern',
      pattern_index: 1,
      call_count: 9,
      last_model: SONNET,
    });
  });

  test('uses up a slot that is out: the call takes the next one and the position moves past it', () => {
    const config = {
      strategy: 'pattern',
      pattern: [SONNET, GPT, LLAMA, GEMINI],
      on_unavailable: 'next',
    } as const;
    const decisions = run(config, 4, { availability: without('openai') });
    expect(modelsOf(decisions)).toEqual([SONNET, LLAMA, GEMINI, SONNET]);
    expect(decisions[1]).toMatchObject({
      skipped: [2],
      position: { kind: 'slot', slot: 3, of: 4 },
      candidates: [
        { model: GPT, outcome: 'unavailable', reason: 'slot 2 of 4, but OPENAI_KEY is not set' },
        { model: LLAMA, outcome: 'chosen', reason: 'slot 3 of 4' },
        { model: SONNET, outcome: 'passed', reason: 'its slots come later' },
        { model: GEMINI, outcome: 'passed' },
      ],
    });
  });

  test('gives its exact ratio for any length, any start and any number of rounds', () => {
    const slot = fc.constantFrom(SONNET, GPT, LLAMA, GEMINI);
    fc.assert(
      fc.property(
        fc.array(slot, { minLength: 1, maxLength: 40 }),
        fc.nat({ max: 1_000 }),
        fc.integer({ min: 1, max: 5 }),
        (pattern, start, rounds) => {
          const state = { strategy: 'pattern', call_count: 0, pattern_index: start } as const;
          const models = modelsOf(run({ strategy: 'pattern', pattern }, pattern.length * rounds, { state }));
          for (const model of new Set(pattern)) {
            const expected = pattern.filter((each) => each === model).length * rounds;
            expect(models.filter((each) => each === model)).toHaveLength(expected);
          }
          expect(models[0]).toBe(pattern[start % pattern.length]);
        },
      ),
    );
  });

  test('keeps the ratio of what is left when a provider is out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(SONNET, GPT, LLAMA), { minLength: 1, maxLength: 30 }),
        (pattern) => {
          fc.pre(pattern.some((each) => each !== GPT));
          const left = pattern.filter((each) => each !== GPT);
          const models = modelsOf(
            run({ strategy: 'pattern', pattern }, left.length * 3, { availability: without('openai') }),
          );
          expect(models).toEqual([...left, ...left, ...left]);
        },
      ),
    );
  });
});

describe('weighted', () => {
  test.each([[[75, 25]], [[50, 50]], [[1, 1, 8]], [[0.2, 0.3]]])('%j stays within three sigma', (weights) => {
    const models = [SONNET, GPT, LLAMA];
    const calls = 20_000;
    const config = {
      strategy: 'weighted',
      weights: Object.fromEntries(weights.map((weight, index) => [models[index], weight])),
    } as const;
    const { distribution } = last(run(config, calls)).state;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, weight] of weights.entries()) {
      const share = weight / total;
      const sigma = Math.sqrt(calls * share * (1 - share));
      expect(Math.abs((distribution?.[models[index] ?? ''] ?? 0) - calls * share)).toBeLessThan(3 * sigma);
    }
  });

  test('with a seed draws the same row again, whatever the caller rolls', () => {
    const config = { strategy: 'weighted', weights: { [SONNET]: 50, [GPT]: 50 }, seed: 42 } as const;
    const row = modelsOf(run(config, 2_000));
    expect(modelsOf(run(config, 2_000))).toEqual(row);
    expect(modelsOf(run({ ...config, seed: 43 }, 2_000))).not.toEqual(row);
    expect(Math.abs(row.filter((each) => each === GPT).length - 1_000)).toBeLessThan(3 * Math.sqrt(500));
  });

  test('gives the share of a model that is out to the others by their weights', () => {
    const config = { strategy: 'weighted', weights: { [SONNET]: 60, [GPT]: 30, [LLAMA]: 10 } } as const;
    const { distribution } = last(run(config, 8_000, { availability: without('anthropic') })).state;
    expect(distribution?.[SONNET]).toBeUndefined();
    expect(Math.abs((distribution?.[GPT] ?? 0) - 6_000)).toBeLessThan(3 * Math.sqrt(8_000 * 0.75 * 0.25));
  });

  test('never draws a weight of 0', () => {
    const config = { strategy: 'weighted', weights: { [SONNET]: 0, [GPT]: 1 } } as const;
    const decisions = run(config, 200);
    expect(new Set(modelsOf(decisions))).toEqual(new Set([GPT]));
    expect(last(decisions).candidates).toContainEqual(
      expect.objectContaining({ model: SONNET, reason: 'its weight is 0' }),
    );
  });

  test.each([0, 0.999_999_999_999, 1, 1.5, -1, Number.NaN])(
    'a random of %d draws a model with a weight',
    (roll) => {
      const plan = planRouting({ strategy: 'weighted', weights: { [SONNET]: 0, [GPT]: 1, [LLAMA]: 2 } });
      expect(decide(plan, initialState('weighted'), allAvailable, () => roll)).toMatchObject({
        outcome: 'chosen',
      });
    },
  );
});

test('round robin goes round and skips what is out', () => {
  const config = { strategy: 'round_robin', models: [SONNET, GPT, GEMINI] } as const;
  expect(modelsOf(run(config, 5))).toEqual([SONNET, GPT, GEMINI, SONNET, GPT]);
  expect(modelsOf(run(config, 4, { availability: without('openai') }))).toEqual([
    SONNET,
    GEMINI,
    SONNET,
    GEMINI,
  ]);
});

describe('burst', () => {
  const config = {
    strategy: 'burst',
    iterate: LLAMA,
    final: SONNET,
    burst_size: 2,
    final_trigger: 'Finalize',
  } as const;

  test('iterates, then takes the final model, then begins again', () => {
    expect(modelsOf(run(config, 7))).toEqual([LLAMA, LLAMA, SONNET, LLAMA, LLAMA, SONNET, LLAMA]);
  });

  test.each([{ text: 'now FINALIZE this' }, { final: true }])(
    'takes the final model when asked: %o',
    (request) => {
      const [first] = run(config, 1, { request });
      expect(first).toMatchObject({ model: SONNET, position: { kind: 'final' }, state: { burst_count: 0 } });
      expect(first?.candidates[0]?.reason).toBe('the request asks for the final model');
    },
  );

  test('without a size waits for the trigger', () => {
    const endless = { strategy: 'burst', iterate: LLAMA, final: SONNET, final_trigger: 'finalize' } as const;
    expect(new Set(modelsOf(run(endless, 50)))).toEqual(new Set([LLAMA]));
    expect(modelsOf(run({ strategy: 'burst', iterate: LLAMA, final: SONNET }, 6)).at(-1)).toBe(SONNET);
  });

  test('gives the call to the other model when one is out', () => {
    expect(modelsOf(run(config, 3, { availability: without('ollama') }))).toEqual([SONNET, SONNET, SONNET]);
    expect(modelsOf(run(config, 4, { availability: without('anthropic') }))).toEqual([
      LLAMA,
      LLAMA,
      LLAMA,
      LLAMA,
    ]);
  });
});

describe('least cost and lowest latency', () => {
  const models = [SONNET, GPT, LLAMA];
  test('the cheapest that can be used is taken, what has no price comes last', () => {
    const facts = factsWith({ costs: { [SONNET]: 0.04, [GPT]: 0.028 } });
    const [decision] = run({ strategy: 'least_cost', models }, 1, { availability: availabilityOf(facts) });
    expect(decision).toMatchObject({ model: GPT, expected_usd: 0.028, position: { place: 1, of: 3 } });
    expect(decision?.candidates.map((each) => `${each.model}: ${each.reason}`)).toEqual([
      `${GPT}: $0.028 a call, the least of those that can be used`,
      `${SONNET}: $0.040 a call`,
      `${LLAMA}: its price is not known`,
    ]);
  });

  test('the fastest is taken, but what nobody has timed is tried first', () => {
    const latencies = { [SONNET]: 1_200, [GPT]: 800 };
    const fastest = (facts: Partial<AvailabilityFacts>) =>
      modelsOf(
        run({ strategy: 'lowest_latency', models }, 1, { availability: availabilityOf(factsWith(facts)) }),
      );
    expect(fastest({ latencies })).toEqual([LLAMA]);
    expect(fastest({ latencies: { ...latencies, [LLAMA]: 4_000 } })).toEqual([GPT]);
  });
});

describe('sticky', () => {
  test('is how strategies work that choose by merit, and not those that change by call', () => {
    const two = { [SONNET]: 1, [GPT]: 1 };
    const sticky = (config: RoutingConfig) => planRouting(config).sticky;
    expect(sticky({ strategy: 'weighted', weights: two })).toBe(true);
    expect(sticky({ strategy: 'least_cost', models: [SONNET, GPT] })).toBe(true);
    expect(sticky({ strategy: 'lowest_latency', models: [SONNET, GPT] })).toBe(true);
    expect(sticky({ strategy: 'weighted', weights: two, sticky: false })).toBe(false);
    expect(sticky({ strategy: 'pattern', pattern: [SONNET, GPT] })).toBe(false);
    expect(sticky({ strategy: 'round_robin', models: [SONNET, GPT] })).toBe(false);
    expect(sticky([SONNET, GPT])).toBe(false);
  });

  const config = { strategy: 'pattern', pattern: [SONNET, GPT], sticky: true } as const;

  test('a session keeps the model it began with and uses up one slot', () => {
    const first = run(config, 3, { request: { session: 'a' } });
    expect(modelsOf(first)).toEqual([SONNET, SONNET, SONNET]);
    expect(first.map((each) => each.outcome === 'chosen' && each.affinity)).toEqual([
      'begun',
      'kept',
      'kept',
    ]);
    const second = run(config, 2, { request: { session: 'b' }, state: last(first).state });
    expect(modelsOf(second)).toEqual([GPT, GPT]);
    expect(modelsOf(run(config, 1, { request: { session: 'a' }, state: last(second).state }))).toEqual([
      SONNET,
    ]);
  });

  test('a session whose model is out changes and stays changed', () => {
    const begun = run(config, 1, { request: { session: 'a' } });
    const moved = run(config, 1, {
      request: { session: 'a' },
      state: last(begun).state,
      availability: without('anthropic'),
    });
    expect(moved[0]).toMatchObject({ model: GPT, affinity: 'changed' });
    expect(moved[0]?.candidates[0]).toMatchObject({ model: SONNET, outcome: 'unavailable' });
    expect(run(config, 1, { request: { session: 'a' }, state: last(moved).state })[0]).toMatchObject({
      model: GPT,
      affinity: 'kept',
    });
  });

  test('calls without a session, and bursts, are not held', () => {
    expect(modelsOf(run(config, 2))).toEqual([SONNET, GPT]);
    const burst = { strategy: 'burst', iterate: LLAMA, final: SONNET, burst_size: 1, sticky: true } as const;
    expect(modelsOf(run(burst, 2, { request: { session: 'a' } }))).toEqual([LLAMA, SONNET]);
  });

  test('remembers so many sessions and no more', () => {
    let state: AgentRoutingState = initialState('pattern');
    for (let call = 0; call < MAX_SESSIONS + 20; call++) {
      state = last(run(config, 1, { request: { session: `s${call}` }, state })).state;
    }
    expect(Object.keys(state.sessions ?? {})).toHaveLength(MAX_SESSIONS);
    expect(state.sessions).not.toHaveProperty('s19');
    expect(state.sessions).toHaveProperty('s20');
  });

  test('names that every object has are sessions like any other', () => {
    for (const session of ['__proto__', 'constructor', 'toString']) {
      expect(run(config, 2, { request: { session } })[1]).toMatchObject({ model: SONNET, affinity: 'kept' });
    }
  });
});

test('a stand-in uses the slot up', () => {
  const config = {
    strategy: 'pattern',
    pattern: [SONNET, GPT],
    on_unavailable: 'fallback',
    fallback_models: [LLAMA],
  } as const;
  expect(modelsOf(run(config, 4, { availability: without('anthropic') }))).toEqual([LLAMA, GPT, LLAMA, GPT]);
});

test('track counts the choices of any strategy', () => {
  const { state } = last(run({ strategy: 'round_robin', models: [SONNET, GPT], track: true }, 5));
  expect(state.distribution).toEqual({ [SONNET]: 3, [GPT]: 2 });
  expect(last(run({ strategy: 'round_robin', models: [SONNET, GPT] }, 5)).state.distribution).toBeUndefined();
});

test('the state it is given is never changed', () => {
  const state = Object.freeze({
    strategy: 'weighted',
    call_count: 3,
    distribution: Object.freeze({ [SONNET]: 3 }),
    sessions: Object.freeze({ a: SONNET }),
  } as const);
  const config = { strategy: 'weighted', weights: { [SONNET]: 1 }, sticky: true } as const;
  expect(() => run(config, 3, { state, request: { session: 'b' } })).not.toThrow();
});

test('a strategy goes on where it was after another one had its turn', () => {
  const pattern = { strategy: 'pattern', pattern: [SONNET, GPT, LLAMA] } as const;
  const between = run([GEMINI], 2, { state: last(run(pattern, 1)).state });
  expect(modelsOf(run(pattern, 1, { state: last(between).state }))).toEqual([GPT]);
});

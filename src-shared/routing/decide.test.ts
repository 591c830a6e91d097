import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Availability, type AvailabilityFacts, allAvailable, availabilityOf } from './availability.ts';
import { decide, type RouteRequest } from './decide.ts';
import type { Decision } from './decision.ts';
import { planRouting, type RoutingConfig, type Strategy, strategies } from './plan.ts';
import { seededRandom } from './random.ts';
import { type AgentRoutingState, initialState, MAX_SESSIONS } from './state.ts';
import { factsWith, GEMINI, GPT, LLAMA, NOON, SONNET, without } from './testing.ts';

/** Decides `count` times in a row. */
function run(
  config: RoutingConfig,
  count: number,
  options: { availability?: Availability; state?: AgentRoutingState; request?: RouteRequest } = {},
): Decision[] {
  const plan = planRouting(config);
  const random = seededRandom(7);
  const decisions: Decision[] = [];
  let state = options.state ?? initialState(plan.strategy);
  for (let call = 0; call < count; call++) {
    const decision = decide(plan, state, options.availability ?? allAvailable, random, options.request);
    decisions.push(decision);
    state = decision.state;
  }
  return decisions;
}

const modelsOf = (decisions: Decision[]) =>
  decisions.map((each) => (each.outcome === 'chosen' ? each.model : each.outcome));

const last = (decisions: Decision[]): Decision => {
  const decision = decisions.at(-1);
  if (decision === undefined) throw new Error('There is no decision.');
  return decision;
};

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

const pause = { since: NOON - 1_000, last: NOON, until: NOON + 30_000, strikes: 1 };
const cap = { scope: 'provider', name: 'anthropic', per: 'month', limit: 5, used: 5 } as const;

/** Every reason for which the provider `anthropic` can be out. */
const reasons: Record<string, Partial<AvailabilityFacts>> = {
  missing_key: {
    providers: {
      ...factsWith().providers,
      anthropic: { key: { name: 'ANTHROPIC_API_KEY', present: false } },
    },
  },
  not_installed: { providers: { ...factsWith().providers, anthropic: { installed: [] } } },
  skipped: { providers: { ...factsWith().providers, anthropic: { skipped: 'over budget' } } },
  unknown_provider: { providers: { openai: {}, ollama: {} } },
  rate_limited: { cool_downs: { anthropic: { ...pause, cause: 'rate_limit' } } },
  provider_down: { cool_downs: { anthropic: { ...pause, cause: 'down' } } },
  budget: { caps: [{ ...cap, unit: 'usd' }] },
  call_limit: { caps: [{ ...cap, unit: 'calls' }] },
};

/** Each strategy with anthropic first (or alone to be drawn), and openai as its second model. */
const configs: Record<Strategy, { strategy: Strategy; [key: string]: unknown }> = {
  fallback: { strategy: 'fallback', models: [SONNET, GPT] },
  pattern: { strategy: 'pattern', pattern: [SONNET, GPT] },
  weighted: { strategy: 'weighted', weights: { [SONNET]: 1, [GPT]: 0.000_001 } },
  round_robin: { strategy: 'round_robin', models: [SONNET, GPT] },
  burst: { strategy: 'burst', iterate: SONNET, final: GPT, burst_size: 3 },
  least_cost: { strategy: 'least_cost', models: [SONNET, GPT] },
  lowest_latency: { strategy: 'lowest_latency', models: [SONNET, GPT] },
};

describe.each(strategies)('%s, when the model whose turn it is', (strategy) => {
  const ranked = ['fallback', 'least_cost', 'lowest_latency'].includes(strategy);

  describe.each(Object.entries(reasons))('is out for %s', (code, change) => {
    const availability = availabilityOf(factsWith({ ...change, costs: {}, latencies: {} }));
    const decideOnce = (extra: object) => {
      const [decision] = run({ ...configs[strategy], ...extra }, 1, { availability });
      if (decision === undefined) throw new Error('There is no decision.');
      expect(decision.candidates[0]).toMatchObject({ model: SONNET, outcome: 'unavailable', code });
      expect(decision.candidates[0]?.reason.length).toBeGreaterThan(8);
      return decision;
    };

    test('next goes on', () => {
      expect(decideOnce({ on_unavailable: 'next' })).toMatchObject({ outcome: 'chosen', model: GPT });
    });

    test('retry keeps the turn and changes nothing; an order goes on by itself', () => {
      const decision = decideOnce({ on_unavailable: 'retry' });
      if (ranked) {
        expect(decision).toMatchObject({ outcome: 'chosen', model: GPT });
        return;
      }
      expect(decision).toMatchObject({
        outcome: 'wait',
        why: `${SONNET} keeps its turn until it can be used.`,
      });
      expect(decision.state.call_count).toBe(0);
      const timed = ['rate_limited', 'provider_down', 'budget', 'call_limit'].includes(code);
      expect('retry_at' in decision).toBe(timed);
    });

    test('fallback asks the stand-ins; an order goes on by itself first', () => {
      const decision = decideOnce({
        on_unavailable: 'fallback',
        fallback_models: ['nobody/here', LLAMA, GEMINI],
      });
      if (ranked) {
        expect(decision).toMatchObject({ outcome: 'chosen', model: GPT });
        return;
      }
      expect(decision).toMatchObject({
        outcome: 'chosen',
        model: LLAMA,
        position: { kind: 'stand_in', place: 2, of: 3 },
      });
      expect(decision.candidates.find((each) => each.model === 'nobody/here')?.outcome).toBe('unavailable');
    });
  });
});

describe.each(strategies)('%s, when all of its models are out', (strategy) => {
  const availability = without('anthropic', 'openai');
  test.each([
    ['next', 'none'],
    ['retry', 'wait'],
    ['fallback', LLAMA],
  ])('%s gives %s', (onUnavailable, outcome) => {
    const fallback = onUnavailable === 'fallback' ? { fallback_models: [LLAMA] } : {};
    const [decision] = run({ ...configs[strategy], on_unavailable: onUnavailable, ...fallback }, 1, {
      availability,
    });
    expect(decision && modelsOf([decision])).toEqual([outcome]);
    if (onUnavailable === 'next')
      expect(decision?.candidates.map((each) => each.outcome)).toEqual(['unavailable', 'unavailable']);
  });

  test('fallback without a stand-in that can be used gives none', () => {
    const config = {
      ...configs[strategy],
      on_unavailable: 'fallback',
      fallback_models: [GPT, 'nobody/here'],
    };
    const [decision] = run(config, 1, { availability });
    expect(decision).toMatchObject({ outcome: 'none', why: 'No model of this routing can be used now.' });
    expect(decision?.state.call_count).toBe(0);
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

describe('rubbish', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'There is no routing, and no default either.'],
    ['an empty list', [], 'The list of models is empty.'],
    ['an empty pattern', { strategy: 'pattern', pattern: [] }, 'The pattern is empty.'],
    ['no weights', { strategy: 'weighted' }, 'There are no weights.'],
    ['weights of 0', { strategy: 'weighted', weights: { [SONNET]: 0 } }, 'All weights are 0.'],
    [
      'a negative weight',
      { strategy: 'weighted', weights: { [SONNET]: -3 } },
      `The weight of ${SONNET} is not a number from 0 up.`,
    ],
    [
      'weights beyond counting',
      { strategy: 'weighted', weights: { [SONNET]: 1e308, [GPT]: 1e308 } },
      'The weights add up to more than can be counted.',
    ],
    [
      'a strategy that is no text',
      { strategy: { toString: 1 }, models: [] },
      'There is no strategy (object).',
    ],
    ['an unknown strategy', { strategy: 'magic', models: [] }, 'There is no strategy magic.'],
  ])('%s says so', (_what, config, why) => {
    expect(run(config as RoutingConfig, 1)[0]).toMatchObject({ outcome: 'none', why, candidates: [] });
  });

  test('models that are no models are passed over by name', () => {
    const decisions = run({ strategy: 'pattern', pattern: ['gpt', '', SONNET] }, 2);
    expect(modelsOf(decisions)).toEqual([SONNET, SONNET]);
    expect(decisions[0]?.candidates[0]).toMatchObject({ model: 'gpt', code: 'malformed' });
  });

  test.each([Number.NaN, -1, 1.5, 1e300, Number.POSITIVE_INFINITY])(
    'a position of %d counts as the first',
    (index) => {
      const state = { strategy: 'pattern', call_count: index, pattern_index: index } as const;
      expect(modelsOf(run({ strategy: 'pattern', pattern: [GPT, SONNET] }, 1, { state }))).toEqual([GPT]);
    },
  );

  test('whatever the configuration says, a decision comes back', () => {
    const model = fc.oneof(fc.constantFrom(SONNET, GPT, '', 'x', '__proto__'), fc.anything());
    const config = fc.record(
      {
        strategy: fc.oneof(fc.constantFrom(...strategies), fc.anything()),
        models: fc.oneof(fc.array(model), fc.anything()),
        pattern: fc.oneof(fc.array(model), fc.anything()),
        weights: fc.oneof(fc.dictionary(fc.string(), fc.anything()), fc.anything()),
        iterate: model,
        final: model,
        burst_size: fc.anything(),
        final_trigger: fc.anything(),
        on_unavailable: fc.oneof(fc.constantFrom('next', 'retry', 'fallback'), fc.anything()),
        fallback_models: fc.oneof(fc.array(model), fc.anything()),
        sticky: fc.anything(),
        seed: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(config, fc.anything()), fc.nat(), (rubbish, index) => {
        const state: AgentRoutingState = { strategy: 'pattern', call_count: 0, pattern_index: index };
        const plan = planRouting(rubbish as RoutingConfig);
        const decision = decide(plan, state, allAvailable, Math.random, { session: 'a', text: 'b' });
        if (decision.outcome === 'chosen')
          expect(decision.candidates.filter((each) => each.outcome === 'chosen')).toHaveLength(1);
        else expect(decision.why).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });
});

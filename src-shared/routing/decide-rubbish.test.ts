import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allAvailable } from './availability.ts';
import { decide } from './decide.ts';
import { planRouting, type RoutingConfig, strategies } from './plan.ts';
import type { AgentRoutingState } from './state.ts';
import { GPT, modelsOf, run, SONNET } from './testing.ts';

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

import { describe, expect, test } from 'vitest';
import { type AvailabilityFacts, availabilityOf } from './availability.ts';
import { type Strategy, strategies } from './plan.ts';
import { factsWith, GEMINI, GPT, LLAMA, modelsOf, NOON, run, SONNET, without } from './testing.ts';

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

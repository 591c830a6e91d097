import { describe, expect, test } from 'vitest';
import { type AvailabilityFacts, availabilityOf } from './availability.ts';
import { decide } from './decide.ts';
import { explain, reasonInShort } from './explain.ts';
import { dollars } from './money.ts';
import { planLabel, planRouting, type RoutingConfig } from './plan.ts';
import { type AgentRoutingState, initialState } from './state.ts';
import { factsWith, GEMINI, GPT, LLAMA, NOON, SONNET } from './testing.ts';

function decided(config: RoutingConfig, change: Partial<AvailabilityFacts> = {}, state?: AgentRoutingState) {
  const plan = planRouting(config);
  return decide(plan, state ?? initialState(plan.strategy), availabilityOf(factsWith(change)), () => 0.1);
}

const out = { google: { key: { name: 'GEMINI_API_KEY', present: false } } };

describe('explain says for every model why', () => {
  test('in a fallback chain', () => {
    const providers = { ...factsWith().providers, ...out };
    const costs = { [SONNET]: 0.0412 };
    expect(explain(decided([GEMINI, SONNET, LLAMA], { providers, costs }))).toEqual([
      'anthropic/claude-sonnet-4-5 (number 2 of 3, about $0.041)',
      '✕ google/gemini-2.5-pro        GEMINI_API_KEY is not set',
      '✓ anthropic/claude-sonnet-4-5  number 2 in the order, those before it are out',
      '· ollama/llama3.1:8b           only when those before it are out',
    ]);
  });

  test('in a pattern with a slot that is out', () => {
    const pattern = { strategy: 'pattern', pattern: [SONNET, SONNET, GPT] } as const;
    const caps = [
      { scope: 'provider', name: 'openai', unit: 'usd', per: 'month', limit: 50, used: 50 },
    ] as const;
    const decision = decided(pattern, { caps }, { strategy: 'pattern', call_count: 2, pattern_index: 2 });
    expect(explain(decision)).toEqual([
      'anthropic/claude-sonnet-4-5 (slot 3 out, slot 1 of 3)',
      '✕ openai/gpt-4o                slot 3 of 3, but openai has spent $50.00 of $50.00 this month',
      '✓ anthropic/claude-sonnet-4-5  slot 1 of 3',
    ]);
  });

  test('by weight', () => {
    expect(explain(decided({ strategy: 'weighted', weights: { [SONNET]: 75, [GPT]: 25 } }))).toEqual([
      'anthropic/claude-sonnet-4-5 (weight 75 of 100)',
      '✓ anthropic/claude-sonnet-4-5  drawn, with 75% of the draws',
      '· openai/gpt-4o                not drawn, with 25% of the draws',
    ]);
  });

  test('in a burst', () => {
    const burst = {
      strategy: 'burst',
      iterate: LLAMA,
      final: SONNET,
      burst_size: 5,
      final_trigger: 'finalize',
    } as const;
    expect(explain(decided(burst))).toEqual([
      'ollama/llama3.1:8b (burst call 1 of 5)',
      '✓ ollama/llama3.1:8b           call 1 of 5 of the burst',
      '· anthropic/claude-sonnet-4-5  comes after 5 calls, or when a request says "finalize"',
    ]);
  });

  test('when it has to wait, with the time left', () => {
    const cool_downs = {
      openai: { cause: 'rate_limit', since: NOON, last: NOON, until: NOON + 41_000, strikes: 1 },
    } as const;
    const retry = { strategy: 'round_robin', models: [GPT, SONNET], on_unavailable: 'retry' } as const;
    expect(explain(decided(retry, { cool_downs }), NOON)).toEqual([
      'openai/gpt-4o keeps its turn until it can be used. Next try in 41 s.',
      '✕ openai/gpt-4o  slot 1 of 2, but openai limits its rate, free again in 41 s',
    ]);
  });

  test('when there is nothing to choose from', () => {
    expect(explain(decided([]))).toEqual(['The list of models is empty.']);
  });
});

test('many slots that are out are counted, not listed', () => {
  const pattern = { strategy: 'pattern', pattern: [GEMINI, GEMINI, GEMINI, GEMINI, SONNET] } as const;
  const decision = decided(pattern, { providers: { ...factsWith().providers, ...out } });
  expect(reasonInShort(decision)).toBe('4 slots out, slot 5 of 5');
});

test.each([
  [0, '$0.00'],
  [12.5, '$12.50'],
  [0.567, '$0.57'],
  [0.0412, '$0.041'],
  [0.00123, '$0.0012'],
  [0.000_04, '$0.00004'],
  [1e-9, 'less than $0.000001'],
  [Number.NaN, '$?'],
])('%d dollars read %s', (usd, text) => {
  expect(dollars(usd)).toBe(text);
});

test.each<[RoutingConfig, string]>([
  [{ strategy: 'pattern', pattern: [SONNET, SONNET, SONNET, GPT] }, 'pattern 3:1'],
  [{ strategy: 'weighted', weights: { [SONNET]: 50, [GPT]: 50 } }, 'weighted 50:50'],
  [{ strategy: 'round_robin', models: [SONNET, GPT] }, 'round robin of 2'],
  [{ strategy: 'burst', iterate: LLAMA, final: SONNET, burst_size: 5 }, 'burst of 5, then final'],
  [{ strategy: 'burst', iterate: LLAMA, final: SONNET, final_trigger: 'done' }, 'burst until "done"'],
  [[SONNET, GPT], 'fallback over 2'],
  [{ strategy: 'least_cost', models: [SONNET] }, 'least cost of 1'],
  [{ strategy: 'lowest_latency', models: [SONNET] }, 'lowest latency of 1'],
])('%j is called %s', (config, label) => {
  expect(planLabel(planRouting(config))).toBe(label);
});

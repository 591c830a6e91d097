import { beforeAll, describe, expect, test } from 'vitest';
import type { ProviderRouting } from '../../src-shared/routing/document.ts';
import { configuredPrices, type PriceTable } from '../../src-shared/routing/price-table.ts';
import { loadPriceTable } from './prices.ts';

const AT = Date.parse('2026-11-21T12:00:00Z');
const MILLION = { input_tokens: 1_000_000, output_tokens: 0 };

let table: PriceTable;
beforeAll(async () => {
  table = await loadPriceTable();
});

describe('the price table', () => {
  test.each([
    'anthropic/claude-sonnet-4-5',
    'anthropic/claude-opus-4-5',
    'anthropic/claude-haiku-4-5',
    'openai/gpt-4o',
    'openai/gpt-5.2',
    'openai/o3',
    'google/gemini-2.5-flash',
    'google/gemini-2.5-pro',
  ])('knows %s', (model) => {
    expect(table.price(model, { input_tokens: 1_000, output_tokens: 100 }, AT)).toBeGreaterThan(0);
  });

  test('takes cached input as a part of the input, at its own price', () => {
    const cached = { input_tokens: 100_000, output_tokens: 0, cache_read_tokens: 100_000 };
    const fresh = { input_tokens: 100_000, output_tokens: 0 };
    expect(table.price('anthropic/claude-sonnet-4-5', fresh, AT)).toBeCloseTo(0.3);
    expect(table.price('anthropic/claude-sonnet-4-5', cached, AT)).toBeCloseTo(0.03);
  });

  test.each(['ollama/llama3.1:8b', 'nobody/knows', 'rubbish', '', '__proto__/x', 'openai/'])(
    'knows nothing of %o',
    (model) => {
      expect(table.price(model, MILLION, AT)).toBeUndefined();
    },
  );

  test('gives no price for counts that cannot be', () => {
    expect(
      table.price('openai/gpt-4o', { input_tokens: 1, output_tokens: 0, cache_read_tokens: 5 }, AT),
    ).toBeUndefined();
  });
});

describe('prices of a configuration', () => {
  const provider = (change: Partial<ProviderRouting>): ProviderRouting => ({
    name: 'openai',
    keyName: undefined,
    local: false,
    models: undefined,
    caps: [],
    prices: {},
    ...change,
  });

  test('go before the table', () => {
    const prices = configuredPrices(table, [
      provider({ prices: { 'openai/gpt-4o': { input: 1, output: 10, cache_read: 0.1 } } }),
    ]);
    expect(prices.price('openai/gpt-4o', MILLION, AT)).toBe(1);
    const mixed = {
      input_tokens: 1_000_000,
      output_tokens: 1_000_000,
      cache_read_tokens: 500_000,
      cache_write_tokens: 100_000,
    };
    expect(prices.price('openai/gpt-4o', mixed, AT)).toBeCloseTo(0.4 + 0.05 + 0.1 + 10);
  });

  test('are 0 for a local provider and not known for another', () => {
    const prices = configuredPrices(table, [
      provider({ name: 'ollama', local: true }),
      provider({ name: 'acme' }),
    ]);
    expect(prices.price('ollama/llama3.1:8b', MILLION, AT)).toBe(0);
    expect(prices.price('acme/one', MILLION, AT)).toBeUndefined();
  });

  test('are asked for once for the same tokens', () => {
    let asked = 0;
    const counting: PriceTable = {
      price: () => {
        asked++;
        return 1;
      },
    };
    const prices = configuredPrices(counting, []);
    for (let call = 0; call < 5; call++) prices.price('openai/gpt-4o', MILLION, AT);
    prices.price('openai/gpt-4o', { ...MILLION, output_tokens: 1 }, AT);
    expect(asked).toBe(2);
  });
});

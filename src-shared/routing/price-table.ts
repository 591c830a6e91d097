import type { ModelPrice, ProviderRouting } from './document.ts';
import { modelRef } from './model-ref.ts';

/** Tokens of a call. `input_tokens` counts all of the input, what came from or went into a cache included. */
export interface TokenCounts {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens?: number | undefined;
  readonly cache_write_tokens?: number | undefined;
}

/** Tells what tokens cost. */
export interface PriceTable {
  /** Dollars for tokens on a model (`provider/model`) at a time (ms since 1970); undefined when no price is known. */
  price(model: string, tokens: TokenCounts, at: number): number | undefined;
}

const MOST_REMEMBERED = 2_000;

/**
 * Prices under a configuration: what it sets goes before the table, and models of a local provider that have no price
 * cost nothing. Answers for the same tokens are remembered for as long as the configuration holds.
 */
export function configuredPrices(table: PriceTable, providers: readonly ProviderRouting[]): PriceTable {
  const set = new Map(providers.flatMap((provider) => Object.entries(provider.prices)));
  const local = new Set(providers.filter((provider) => provider.local).map((provider) => provider.name));
  const remembered = new Map<string, number | undefined>();
  return {
    price(model, tokens, at) {
      const own = set.get(model);
      if (own !== undefined) return priceOfTokens(own, tokens);
      const {
        input_tokens: input,
        output_tokens: output,
        cache_read_tokens: read,
        cache_write_tokens: write,
      } = tokens;
      const key = `${model} ${input} ${output} ${read ?? 0} ${write ?? 0} ${Math.floor(at / 3_600_000)}`;
      if (remembered.has(key)) return remembered.get(key);
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      const price = table.price(model, tokens, at) ?? (local.has(modelRef(model).provider) ? 0 : undefined);
      remembered.set(key, price);
      return price;
    },
  };
}

/** Dollars for tokens at a price per million. */
export function priceOfTokens(price: ModelPrice, tokens: TokenCounts): number {
  const read = tokens.cache_read_tokens ?? 0;
  const write = tokens.cache_write_tokens ?? 0;
  const fresh = Math.max(0, tokens.input_tokens - read - write);
  const perMillion =
    fresh * price.input +
    read * (price.cache_read ?? price.input) +
    write * (price.cache_write ?? price.input) +
    tokens.output_tokens * price.output;
  return perMillion / 1_000_000;
}

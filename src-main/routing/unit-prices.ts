import type { ModelPrice } from '../../src-shared/routing/document.ts';
import type { PriceTable } from '../../src-shared/routing/price-table.ts';

/** Small enough to stay below the step at which long contexts get dearer. */
const SAMPLE = 10_000;
const PER_MILLION = 1_000_000 / SAMPLE;

/** What a model costs per million tokens, for a window that has no price table; nothing when no price is known. */
export function unitPrice(table: PriceTable, model: string, at: number): ModelPrice | undefined {
  const price = (tokens: { input?: number; output?: number; read?: number; write?: number }) => {
    const usd = table.price(
      model,
      {
        input_tokens: tokens.input ?? 0,
        output_tokens: tokens.output ?? 0,
        cache_read_tokens: tokens.read,
        cache_write_tokens: tokens.write,
      },
      at,
    );
    return usd === undefined ? undefined : usd * PER_MILLION;
  };
  const input = price({ input: SAMPLE });
  const output = price({ output: SAMPLE });
  if (input === undefined || output === undefined) return undefined;
  return {
    input,
    output,
    cache_read: price({ input: SAMPLE, read: SAMPLE }) ?? input,
    cache_write: price({ input: SAMPLE, write: SAMPLE }) ?? input,
  };
}

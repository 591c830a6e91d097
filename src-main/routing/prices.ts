import { modelRef } from '../../src-shared/routing/model-ref.ts';
import type { PriceTable } from '../../src-shared/routing/price-table.ts';

/**
 * The price table that ships with the app: the data of `@pydantic/genai-prices`, which needs no network. It is loaded
 * when it is first asked for, as a command that routes nothing should not read it.
 */
export async function loadPriceTable(): Promise<PriceTable> {
  const { calcPrice } = await import('@pydantic/genai-prices');
  return {
    price(model, tokens, at) {
      const ref = modelRef(model);
      if (!ref.valid) return undefined;
      try {
        const options = { providerId: ref.provider, timestamp: new Date(at) };
        return calcPrice({ ...tokens }, ref.model, options)?.total_price;
      } catch {
        return undefined;
      }
    },
  };
}

import { z } from 'zod';
import { tokenSchema } from './token.ts';

const count = z.number().min(0).max(1e15);
const name = z.string().max(300);

/** What one agent used of one model on one day. */
export const usageShareRowSchema = z.looseObject({
  agent: name,
  provider: name,
  /** The whole name, `provider/model`. */
  model: name,
  calls: count,
  failed: count,
  rate_limited: count,
  input_tokens: count,
  output_tokens: count,
  usd: count,
  /** The part of `usd` that comes from the price table. */
  estimated_usd: count,
  /** The part of the tokens that the station counted itself. */
  estimated_tokens: count,
  /** Calls that no price is known for. */
  unpriced: count,
});
export type UsageShareRow = z.infer<typeof usageShareRowSchema>;

/** An entry of the usage bucket, keyed `{day}.{station}`: what a station used on a day of its own calendar. */
export const usageDaySchema = z.looseObject({
  day: z.iso.date(),
  station_id: tokenSchema,
  station_name: z.string().max(200),
  updated_at: z.iso.datetime(),
  rows: z.array(usageShareRowSchema).max(1_000),
});
export type UsageDay = z.infer<typeof usageDaySchema>;

/** Days that an entry is kept after its last change. */
export const USAGE_DAYS = 90;

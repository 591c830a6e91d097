import { z } from 'zod';
import { usageDaySchema } from '../protocol/usage.ts';

/** What a station, or this machine outside a lattice, used on a day: an item of `usage.watch`. */
export const usageDayViewSchema = usageDaySchema.extend({
  /** Empty for calls on this machine that no station made. */
  station_id: z.string().max(64),
});
export type UsageDayView = z.infer<typeof usageDayViewSchema>;

/** Names a day of a station. */
export function usageDayKey({ day, station_id }: { day: string; station_id: string }): string {
  return `${day}.${station_id}`;
}

/** A cap of lattice.yaml on this machine: an item of `usage.budgets`. */
export const budgetViewSchema = z.object({
  scope: z.enum(['provider', 'model', 'agent']),
  /** The provider, `provider/model`, or the agent. */
  name: z.string(),
  unit: z.enum(['usd', 'calls']),
  per: z.enum(['day', 'month']),
  limit: z.number(),
  /** Used in this period, what running calls have set aside included. */
  used: z.number(),
  /** The part of `used` that is an estimate; in dollars. */
  estimated: z.number(),
  /** When the next period begins. */
  resets_at: z.iso.datetime(),
  /** Calls of this period that had to pass a model over because of it. */
  stopped: z.int(),
  /** The last of them. */
  last_stop: z.object({ time: z.iso.datetime(), agent: z.string(), model: z.string() }).optional(),
});
export type BudgetView = z.infer<typeof budgetViewSchema>;

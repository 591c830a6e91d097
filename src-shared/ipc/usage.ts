import { z } from 'zod';
import { capKey } from '../routing/caps.ts';
import { type BudgetView, budgetViewSchema, usageDayKey, usageDayViewSchema } from '../views/usage.ts';

/** The streams about what models cost. */
export const usageStreams = {
  /** What each station used per day, the last 90 days; stations that are gone included. */
  'usage.watch': { params: z.void(), item: usageDayViewSchema, key: usageDayKey },
  /** The caps of lattice.yaml on this machine. */
  'usage.budgets': { params: z.void(), item: budgetViewSchema, key: (item: BudgetView) => capKey(item) },
} as const;

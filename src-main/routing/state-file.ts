import { z } from 'zod';
import type { CoolDown } from '../../src-shared/routing/cool-down.ts';
import { type AgentRoutingState, agentRoutingStateSchema } from '../../src-shared/routing/state.ts';

const time = z.number().min(0).max(8.64e15);
const count = z.int().min(0);

const providerUsageSchema = z.looseObject({
  /** The day that `calls_today` and `estimated_tokens` count, `2026-11-21`. */
  day: z.string(),
  calls_today: count,
  estimated_tokens: count,
  /** Dollars spent in the calendar month, which is what `local_budget` is held against. */
  estimated_spend: z.number().min(0),
});

const coolDownSchema = z.looseObject({
  cause: z.enum(['rate_limit', 'down', 'skipped']),
  since: time,
  last: time,
  until: time,
  strikes: count,
});

const reservationSchema = z.looseObject({
  agent: z.string(),
  provider: z.string(),
  /** The whole name, `provider/model`. */
  model: z.string(),
  usd: z.number().min(0),
  /** When it lapses if nobody settles it, in ms since 1970. */
  until: time,
});
/** Money set aside for a call that runs. */
export type Reservation = Readonly<z.infer<typeof reservationSchema>>;

/** What `state.json` holds: where each agent's routing stands, and what calls under way and failures leave behind. */
export const stateFileSchema = z.looseObject({
  routing_state: z.record(z.string(), agentRoutingStateSchema).default({}),
  provider_usage: z.record(z.string(), providerUsageSchema).default({}),
  cool_downs: z.record(z.string(), coolDownSchema).default({}),
  reservations: z.record(z.string(), reservationSchema).default({}),
});

/** The contents of `state.json`. Never changed in place; keys that nobody knows are kept. */
export interface StateFile {
  readonly routing_state: Readonly<Record<string, AgentRoutingState>>;
  readonly provider_usage: Readonly<Record<string, Readonly<z.infer<typeof providerUsageSchema>>>>;
  readonly cool_downs: Readonly<Record<string, CoolDown>>;
  readonly reservations: Readonly<Record<string, Reservation>>;
}

/** The state of a machine on which nothing was routed yet. */
export const emptyState: StateFile = {
  routing_state: {},
  provider_usage: {},
  cool_downs: {},
  reservations: {},
};

import { z } from 'zod';
import { agentRoutingStateSchema } from '../routing/state.ts';
import { usageEntrySchema } from '../routing/usage.ts';

export const layerScopeSchema = z.enum(['global', 'project', 'local']);
export type LayerScope = z.infer<typeof layerScopeSchema>;

/** One file of the configuration as it is on disk; the weakest comes first in the list. */
const routingLayerSchema = z.object({
  scope: layerScopeSchema,
  /** The file as a person knows it, such as `lattice.local.yaml`. */
  name: z.string(),
  path: z.string(),
  text: z.string(),
  exists: z.boolean(),
  /** Names the contents; empty while there is no file. */
  digest: z.string(),
  writable: z.boolean(),
  /** Why it cannot be read. */
  problem: z.string().optional(),
});
export type RoutingLayer = z.infer<typeof routingLayerSchema>;

/** The files that say how calls are routed. */
export const routingFilesSchema = z.object({
  project_dir: z.string(),
  layers: z.array(routingLayerSchema),
  /** Agents whose prompt file is not there, and where it should be. */
  missing_prompts: z.record(z.string(), z.string()),
  /** Names of the plugins that are installed as the files ask for them. */
  plugins: z.array(z.string()).optional(),
});
export type RoutingFiles = z.infer<typeof routingFilesSchema>;

const totalsSchema = z.object({
  calls: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  usd: z.number(),
  estimated_usd: z.number(),
  estimated_tokens: z.number(),
  unpriced: z.number(),
  failed: z.number(),
  rate_limited: z.number(),
});
const usageTotalsSchema = z.object({
  all: totalsSchema,
  by_provider: z.record(z.string(), totalsSchema),
  by_model: z.record(z.string(), totalsSchema),
  by_agent: z.record(z.string(), totalsSchema),
  by_day: z.record(z.string(), totalsSchema),
});

/** Where routing stands on this machine and what was used: all that the next calls depend on beside the files. */
export const routingStandSchema = z.object({
  state: z.object({
    routing_state: z.record(z.string(), agentRoutingStateSchema),
    cool_downs: z.record(
      z.string(),
      z.object({
        cause: z.enum(['rate_limit', 'down']),
        since: z.number(),
        last: z.number(),
        until: z.number(),
        strikes: z.number(),
      }),
    ),
    reservations: z.record(
      z.string(),
      z.object({
        agent: z.string(),
        provider: z.string(),
        model: z.string(),
        usd: z.number(),
        until: z.number(),
      }),
    ),
  }),
  figures: z.object({ today: usageTotalsSchema, month: usageTotalsSchema }),
  /** Milliseconds to an answer as measured today, by `provider/model`. */
  latencies: z.record(z.string(), z.number()),
  /** When this was gathered, in ms since 1970. */
  at: z.number(),
});
export type RoutingStand = z.infer<typeof routingStandSchema>;

/** What is asked about models and keys that a draft names. */
export const routingLookupSchema = z.object({
  models: z.array(z.string().max(300)).max(500),
  keys: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)).max(100),
});

const modelPriceSchema = z.object({
  input: z.number(),
  output: z.number(),
  cache_read: z.number().optional(),
  cache_write: z.number().optional(),
});

/** Prices in dollars per million tokens, and which keys are set; never the keys themselves. */
export const routingKnownSchema = z.object({
  prices: z.record(z.string(), modelPriceSchema),
  keys: z.record(z.string(), z.boolean()),
});
export type RoutingKnown = z.infer<typeof routingKnownSchema>;

/** The most calls that a replay takes. */
export const MAX_REPLAY_CALLS = 100_000;

export const routingHistorySchema = z.object({
  /** Calls that ended, the oldest first. */
  calls: z.array(usageEntrySchema),
});

/** A file to be saved. */
export const routingSaveSchema = z.object({
  scope: layerScopeSchema,
  text: z.string().max(1024 * 1024),
  /** The digest of the text that was edited; the file must still have it. */
  base: z.string(),
});

/** What is on disk instead of what was edited: the details of the error `conflict`. */
export const routingConflictSchema = z.object({
  scope: layerScopeSchema,
  text: z.string(),
  digest: z.string(),
});
export type RoutingConflict = z.infer<typeof routingConflictSchema>;

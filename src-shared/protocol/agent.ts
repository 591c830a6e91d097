import { z } from 'zod';
import { tokenSchema } from './token.ts';

/** How an agent runs: a program, a coding agent over ACP, or a plain model call. */
const runnerKindSchema = z.enum(['command', 'acp', 'model']);

/** An agent as its station announces it. `digest` is the SHA-256 (hex) of its definition. */
export const agentInfoSchema = z.looseObject({
  name: tokenSchema,
  description: z.string().max(2_000).default(''),
  capabilities: z.array(z.string().min(1).max(64)).max(64).default([]),
  tags: z.array(z.string().max(64)).max(64).optional(),
  runner: runnerKindSchema,
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** When this station first offered this definition; the older one keeps the bare name in a conflict. */
  registered_at: z.iso.datetime(),
  /** JSON Schema of the context an agent wants; the run dialog builds its form from it. */
  input_schema: z.record(z.string(), z.unknown()).optional(),
  model: z.string().max(200).optional(),
  /** The models its routing may choose, as `provider/model`. */
  models: z.array(z.string().max(300)).max(100).optional(),
  /** Whether its models cost money: none of them, some, or all. */
  cost_class: z.enum(['free', 'mixed', 'paid']).optional(),
  max_parallel: z.int().min(1).max(1_000).optional(),
  timeout_ms: z.int().min(1).optional(),
  /** Set when the owner of its station is asked before each run. */
  approval: z.literal('required').optional(),
});
export type AgentInfo = z.infer<typeof agentInfoSchema>;

/** An entry of the agents bucket, keyed `{station}.{agent}`. */
export const agentEntrySchema = agentInfoSchema.extend({
  station_id: tokenSchema,
  station_name: z.string().max(200),
});

import { z } from 'zod';
import { errorShapeSchema } from '../errors.ts';

const id = z.string().min(1).max(128);
const text = z.string().max(1_000_000);

/** A piece of what the agent says; pieces with the same id belong together. A thought is not part of the answer. */
const textActivitySchema = z.object({
  kind: z.literal('text'),
  id,
  role: z.enum(['answer', 'thought']),
  text,
});

/** The agent's plan as it stands now; each one replaces the one before. */
const planActivitySchema = z.object({
  kind: z.literal('plan'),
  entries: z
    .array(z.object({ text: z.string().max(2_000), status: z.enum(['pending', 'running', 'done']) }))
    .max(200),
});

/** One call of a tool; each message replaces the one before with the same id. */
const toolActivitySchema = z.object({
  kind: z.literal('tool'),
  id,
  title: z.string().max(2_000),
  tool_kind: z.enum(['read', 'edit', 'delete', 'move', 'search', 'execute', 'think', 'fetch', 'other']),
  status: z.enum(['pending', 'running', 'completed', 'failed', 'refused']),
  /** The arguments as the model gave them. */
  input: z.unknown().optional(),
  output: text.optional(),
  diffs: z
    .array(z.object({ path: z.string().max(4_096), before: text.optional(), after: text }))
    .max(50)
    .optional(),
  files: z.array(z.string().max(4_096)).max(50).optional(),
});

/** Output of a terminal that a tool call runs in; pieces with the same id belong together. */
const terminalActivitySchema = z.object({ kind: z.literal('terminal'), id, tool: id.optional(), text });

/** One call of a model through the gateway, with every candidate that was tried or passed over; replaced by id. */
export const modelCallSchema = z.object({
  kind: z.literal('model_call'),
  id,
  /** As the routing names it, for example `anthropic/claude-sonnet-4-5`. */
  model: z.string().max(300),
  provider: z.string().max(200),
  status: z.enum(['running', 'ok', 'failed', 'cancelled']),
  /** Why this model: the routing's own sentence. */
  reason: z.string().max(2_000),
  /** What was tried or passed over before, in order. */
  passed_over: z.array(z.object({ model: z.string().max(300), reason: z.string().max(2_000) })).max(50),
  started_at: z.iso.datetime(),
  first_token_ms: z.number().min(0).optional(),
  duration_ms: z.number().min(0).optional(),
  input_tokens: z.int().min(0).optional(),
  output_tokens: z.int().min(0).optional(),
  cache_read_tokens: z.int().min(0).optional(),
  usd: z.number().min(0).optional(),
  /** True when tokens or dollars were counted by us, not reported. */
  estimated: z.boolean().optional(),
  /** What the model did not get because its provider cannot carry it, in words. */
  dropped: z.array(z.string().max(2_000)).max(50).optional(),
  error: errorShapeSchema.optional(),
});
export type ModelCall = z.infer<typeof modelCallSchema>;

/** Something a person should know about the run, for example a limit that cannot be enforced here. */
const noticeActivitySchema = z.object({
  kind: z.literal('notice'),
  level: z.enum(['info', 'warning', 'error']),
  text: z.string().max(10_000),
});

/** What a running agent does, typed: the same for every runner. */
export const activitySchema = z.discriminatedUnion('kind', [
  textActivitySchema,
  planActivitySchema,
  toolActivitySchema,
  terminalActivitySchema,
  modelCallSchema,
  noticeActivitySchema,
]);
export type Activity = z.infer<typeof activitySchema>;

import { z } from 'zod';

const model = z.string().regex(/^[^\s/]+\/\S+$/, 'Write a model as provider/model.');
const models = z.array(model).describe('Models as provider/model, the first choice first.');

const shared = {
  on_unavailable: z
    .enum(['next', 'retry', 'fallback'])
    .optional()
    .describe(
      'What happens when the model whose turn it is cannot be used: next takes the next one, retry waits, fallback takes the first of fallback_models.',
    ),
  fallback_models: z.array(model).optional().describe('Stand in when on_unavailable is fallback.'),
  track: z.boolean().optional().describe('Counts the choices by model.'),
  sticky: z
    .boolean()
    .optional()
    .describe('One session keeps the model it began with, which keeps its prompt cache.'),
};

/** How an agent's calls are spread over models: a plain list is tried in order, an object names a strategy. */
export const routingSchema = z
  .union([
    models,
    z.discriminatedUnion('strategy', [
      z.looseObject({ strategy: z.literal('fallback'), models, ...shared }),
      z.looseObject({
        strategy: z.literal('pattern'),
        pattern: z.array(model).describe('A row of slots that repeats; one call takes one slot.'),
        ...shared,
      }),
      z.looseObject({
        strategy: z.literal('weighted'),
        weights: z
          .record(model, z.number().min(0))
          .describe('How often each model is drawn, in proportion to the sum.'),
        ...shared,
      }),
      z.looseObject({ strategy: z.literal('round_robin'), models, ...shared }),
      z.looseObject({
        strategy: z.literal('burst'),
        iterate: model.describe('The cheap model of most calls.'),
        final: model.describe('The strong model that ends a burst.'),
        burst_size: z.int().min(1).optional().describe('Calls of the cheap model before the final one.'),
        final_trigger: z
          .string()
          .min(1)
          .optional()
          .describe('Words in a request that call for the final model now.'),
        ...shared,
      }),
      z.looseObject({ strategy: z.literal('least_cost'), models, ...shared }),
      z.looseObject({ strategy: z.literal('lowest_latency'), models, ...shared }),
    ]),
  ])
  .describe('How calls are spread over models: a list is tried in order, a map names a strategy.');

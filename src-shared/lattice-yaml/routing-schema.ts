import { z } from 'zod';

const model = z.string().regex(/^[^\s/]+\/\S+$/, 'Write a model as provider/model.');
const models = z.array(model);

const shared = {
  on_unavailable: z.enum(['next', 'retry', 'fallback']).optional(),
  fallback_models: models.optional(),
  track: z.boolean().optional(),
};

/** How an agent's calls are spread over models: a plain list is tried in order, an object names a strategy. */
export const routingSchema = z.union([
  models,
  z.discriminatedUnion('strategy', [
    z.looseObject({ strategy: z.literal('fallback'), models, ...shared }),
    z.looseObject({ strategy: z.literal('pattern'), pattern: models, ...shared }),
    z.looseObject({
      strategy: z.literal('weighted'),
      weights: z.record(model, z.number().min(0)),
      ...shared,
    }),
    z.looseObject({ strategy: z.literal('round_robin'), models, ...shared }),
    z.looseObject({
      strategy: z.literal('burst'),
      iterate: model,
      final: model,
      burst_size: z.int().min(1).optional(),
      final_trigger: z.string().min(1).optional(),
      ...shared,
    }),
    z.looseObject({ strategy: z.literal('least_cost'), models, ...shared }),
    z.looseObject({ strategy: z.literal('lowest_latency'), models, ...shared }),
  ]),
]);

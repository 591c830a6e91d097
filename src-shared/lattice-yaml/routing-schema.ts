import { z } from 'zod';

const model = z.string().regex(/^[^\s/]+\/\S+$/, 'Write a model as provider/model.');
const models = z.array(model);

const shared = {
  on_unavailable: z
    .enum(['next', 'retry', 'fallback'])
    .optional()
    .describe(
      'What happens when the model whose turn it is cannot be used: take the next, wait for it, or take a fallback model.',
    ),
  fallback_models: models
    .optional()
    .describe('Models that stand in, in order, when `on_unavailable` is `fallback`.'),
  track: z.boolean().optional().describe('Counts how often each model was chosen.'),
  sticky: z
    .boolean()
    .optional()
    .describe('Keeps one conversation on the model it began with, so that its prompt cache stays warm.'),
};
const ordered = models.describe('The models, in order.');

/** How an agent's calls are spread over models: a plain list is tried in order, an object names a strategy. */
export const routingSchema = z
  .union([
    models.describe('Models that are tried in order.'),
    z.discriminatedUnion('strategy', [
      z
        .looseObject({ strategy: z.literal('fallback'), models: ordered, ...shared })
        .describe('Takes the first model that can be used.'),
      z
        .looseObject({
          strategy: z.literal('pattern'),
          pattern: models.describe('Slots that are taken one after the other and then again from the start.'),
          ...shared,
        })
        .describe('Repeats a row of slots, so that the ratio of models is exact.'),
      z
        .looseObject({
          strategy: z.literal('weighted'),
          weights: z
            .record(model, z.number().min(0))
            .describe('How often each model is drawn, as a share of all weights.'),
          seed: z.number().optional().describe('Makes the row of draws repeatable.'),
          ...shared,
        })
        .describe('Draws a model by weight.'),
      z
        .looseObject({ strategy: z.literal('round_robin'), models: ordered, ...shared })
        .describe('Takes the models in turn.'),
      z
        .looseObject({
          strategy: z.literal('burst'),
          iterate: model.describe('The model of the quick calls.'),
          final: model.describe('The model of the last call.'),
          burst_size: z.int().min(1).optional().describe('How many quick calls come before the final one.'),
          final_trigger: z
            .string()
            .min(1)
            .optional()
            .describe('Text in a request that calls for the final model now.'),
          ...shared,
        })
        .describe('Takes a cheap model for some calls and then a better one.'),
      z
        .looseObject({ strategy: z.literal('least_cost'), models: ordered, ...shared })
        .describe('Takes the model that is thought to cost least.'),
      z
        .looseObject({ strategy: z.literal('lowest_latency'), models: ordered, ...shared })
        .describe('Takes the model that answered fastest of late.'),
    ]),
  ])
  .describe('How calls are spread over models: a plain list is tried in order, an object names a strategy.');
export type RoutingYaml = z.infer<typeof routingSchema>;

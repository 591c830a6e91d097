import { z } from 'zod';

/** A context of the nats command line as a person sees it; no secret is in it. */
export const natsContextSchema = z.object({
  name: z.string(),
  file: z.string(),
  /** Whether it is the one that the nats command line uses by itself. */
  selected: z.boolean(),
  description: z.string().optional(),
  /** The addresses without secrets; absent when they cannot be read. */
  url: z.string().optional(),
  /** How it proves who we are, in words. */
  auth: z.string(),
  /** What else it sets, in words. */
  facts: z.array(z.string()),
  /** What of it cannot be used, key by key; the rest counts. */
  notes: z.array(z.string()),
  /** Why it cannot be used at all. */
  problem: z.string().optional(),
});
export type NatsContextView = z.infer<typeof natsContextSchema>;

/** Every context of this user. */
export const natsContextListSchema = z.object({
  folder: z.string(),
  selected: z.string().optional(),
  contexts: z.array(natsContextSchema),
});
export type NatsContextList = z.infer<typeof natsContextListSchema>;

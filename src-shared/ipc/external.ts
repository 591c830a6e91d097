import { z } from 'zod';
import { natsAuthSchema } from '../protocol/auth.ts';
import { hubCheckSchema } from '../views/hub-check.ts';
import { natsContextListSchema } from '../views/nats-context.ts';

const nothing = z.void();
const name = z.string().min(1).max(200);

/** Calls about hubs that somebody else runs. */
export const externalCalls = {
  /** The contexts of the nats command line on this machine; no secret is in them. */
  'contexts.list': { input: nothing, output: natsContextListSchema },
  /** Joins the hub of a context. */
  'contexts.join': { input: z.object({ name }), output: nothing },
  /** What an account lets us do; without a target the hub that this machine is on. */
  'hub.check': {
    input: z.object({
      target: z
        .union([
          z.object({ context: name }),
          z.object({ url: z.string().max(10_000), auth: natsAuthSchema.optional() }),
        ])
        .optional(),
    }),
    output: hubCheckSchema,
  },
} as const;

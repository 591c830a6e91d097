import { z } from 'zod';
import { roleSchema } from '../protocol/roles.ts';

/** `ok` works, `limited` works when something is done first or with less, `off` does not work. */
export const checkStateSchema = z.enum(['ok', 'limited', 'off']);
export type CheckState = z.infer<typeof checkStateSchema>;

/** One subject that the account would have to allow. */
export const missingSubjectSchema = z.object({
  verb: z.enum(['publish', 'subscribe']),
  subject: z.string(),
  why: z.string(),
});
export type MissingSubject = z.infer<typeof missingSubjectSchema>;

/** One thing that a lattice does, and whether this account lets it. */
export const featureCheckSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: checkStateSchema,
  /** What was found, one sentence each. */
  facts: z.array(z.string()),
  /** What does not work then; absent when all is well. */
  without: z.string().optional(),
  missing: z.array(missingSubjectSchema),
});
export type FeatureCheck = z.infer<typeof featureCheckSchema>;

/** A stream or bucket of the lattice on the server. */
export const storeCheckSchema = z.object({
  name: z.string(),
  kind: z.enum(['stream', 'bucket', 'objects']),
  feature: z.string(),
  /** `absent` can be made, `refused` cannot be seen or made, `differs` is there and set up otherwise. */
  state: z.enum(['there', 'made', 'differs', 'absent', 'refused']),
  detail: z.string(),
});
export type StoreCheck = z.infer<typeof storeCheckSchema>;

/** What an account on a NATS server lets a lattice do; no secret is in it. */
export const hubCheckSchema = z.object({
  server: z.object({
    url: z.string(),
    name: z.string(),
    version: z.string(),
    cluster: z.string().optional(),
    /** Whether the connection is encrypted. */
    tls: z.boolean(),
    /** The round trip in milliseconds. */
    rtt_ms: z.number(),
    max_payload: z.int(),
    domain: z.string().optional(),
  }),
  /** As whom we are connected, as far as the server tells. */
  who: z.object({ way: z.string(), user: z.string().optional(), account: z.string().optional() }),
  org: z.string(),
  role: roleSchema,
  device: z.string(),
  features: z.array(featureCheckSchema),
  stores: z.array(storeCheckSchema),
  /** What the account of this role needs, ready for the admin of the server. */
  permissions: z.object({ conf: z.string(), nsc: z.string() }),
});
export type HubCheck = z.infer<typeof hubCheckSchema>;

import { z } from 'zod';
import { contextSchema } from '../protocol/invoke.ts';
import { roleSchema } from '../protocol/roles.ts';

/** Who asks for a run, as it is shown to the owner of the station. */
const senderViewSchema = z.object({
  id: z.string().max(64).optional(),
  name: z.string().max(200),
  role: roleSchema.optional(),
  /** Whether a key of the lattice proves who it is. */
  verified: z.boolean(),
});

/** A run that waits until the owner of its station allows it. */
export const approvalViewSchema = z.object({
  id: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
  /** SHA-256 (hex) of exactly what would run; an answer counts for this only. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  station_id: z.string().max(64),
  station_name: z.string().max(200),
  agent: z.string().max(64),
  description: z.string().max(2_000),
  /** The folder that the agent works in. */
  folder: z.string(),
  task: z.string().max(1_000_000),
  context: contextSchema,
  sender: senderViewSchema,
  work_id: z.string().max(64),
  attempt: z.int().min(1),
  /** Whether the agent demands it, or the rule of the station. */
  because: z.enum(['agent', 'rule']),
  asked_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
});
export type ApprovalView = z.infer<typeof approvalViewSchema>;

/** The answer of the owner, to exactly what was shown. */
export const approvalAnswerSchema = approvalViewSchema.pick({ id: true, digest: true }).extend({
  allow: z.boolean(),
});
export type ApprovalAnswer = z.infer<typeof approvalAnswerSchema>;

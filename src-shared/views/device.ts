import { z } from 'zod';
import { roleSchema } from '../protocol/roles.ts';

/** A device that has, or had, access to the lattice. */
export const deviceViewSchema = z.object({
  /** The station id it speaks as. */
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  /** The public half of its key. */
  key: z.string(),
  joined_at: z.iso.datetime(),
  revoked_at: z.iso.datetime().optional(),
  last_seen: z.iso.datetime().optional(),
  connected: z.boolean(),
  address: z.string().optional(),
  version: z.string(),
  platform: z.string(),
  /** How many agents it offers now. */
  agents: z.int().min(0),
});
export type DeviceView = z.infer<typeof deviceViewSchema>;

/** A device that waits for the host to say yes. */
const applicantViewSchema = z.object({
  key: z.string(),
  name: z.string(),
  version: z.string(),
  platform: z.string(),
  asked_at: z.iso.datetime(),
});

/** An invitation as people see it; its link was shown once and is kept nowhere. */
export const invitationViewSchema = z.object({
  id: z.string(),
  role: roleSchema,
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  approve: z.boolean(),
  state: z.enum(['open', 'used', 'expired', 'withdrawn']),
  used_by: z.string().optional(),
  waiting: z.array(applicantViewSchema),
});
export type InvitationView = z.infer<typeof invitationViewSchema>;

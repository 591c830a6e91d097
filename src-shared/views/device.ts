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
  /** The key as six words. */
  fingerprint: z.string(),
  /** When it took this key, when it had another before. */
  key_since: z.iso.datetime().optional(),
  joined_at: z.iso.datetime(),
  /** The link it came in by: when that was made, and by whom. */
  invited: z.object({ invitation: z.string(), at: z.iso.datetime(), by: z.string().optional() }).optional(),
  revoked_at: z.iso.datetime().optional(),
  /** It gave its access back itself. */
  left: z.boolean().optional(),
  last_seen: z.iso.datetime().optional(),
  connected: z.boolean(),
  address: z.string().optional(),
  version: z.string(),
  platform: z.string(),
  /** How many agents it offers now. */
  agents: z.int().min(0),
  /** Their names, as many as fit a message. */
  agent_names: z.array(z.string()).optional(),
  /** The works it has, and had, by how they ended. */
  work: z.object({ running: z.int().min(0), completed: z.int().min(0), failed: z.int().min(0) }).optional(),
  /** What it tried beyond its role since the hub started. */
  refused: z.object({ count: z.int().min(1), last: z.string(), at: z.string() }).optional(),
});
export type DeviceView = z.infer<typeof deviceViewSchema>;

/** A device that waits for the host to say yes. */
export const waitingDeviceSchema = z.object({
  /** `{invitation}.{key}`. */
  id: z.string(),
  invitation: z.string(),
  key: z.string(),
  /** The key as six words; the device shows the same. */
  fingerprint: z.string(),
  name: z.string(),
  version: z.string(),
  platform: z.string(),
  address: z.string().optional(),
  /** What the link would make it. */
  role: roleSchema,
  asked_at: z.iso.datetime(),
});
export type WaitingDevice = z.infer<typeof waitingDeviceSchema>;

/** An invitation as people see it; its link was shown once and is kept nowhere. */
export const invitationViewSchema = z.object({
  id: z.string(),
  role: roleSchema,
  created_at: z.iso.datetime(),
  /** Who made it. */
  by: z.string().optional(),
  expires_at: z.iso.datetime(),
  approve: z.boolean(),
  state: z.enum(['open', 'used', 'expired', 'withdrawn']),
  used_by: z.string().optional(),
  waiting: z.array(waitingDeviceSchema),
});
export type InvitationView = z.infer<typeof invitationViewSchema>;

/** How this machine stands with the lattice that let it in by a link. */
export const ownAccessViewSchema = z.object({
  lattice: z.string(),
  role: roleSchema,
  /** What the host says the role is now, when it is another one. */
  role_now: roleSchema.optional(),
  hosts: z.array(z.string()),
  /** The fingerprint of the hub as words. */
  hub_fingerprint: z.string(),
  joined_at: z.iso.datetime(),
});
export type OwnAccessView = z.infer<typeof ownAccessViewSchema>;

/** How joining by a link goes now. */
export const joinStateSchema = z.object({
  id: z.literal('join'),
  state: z.enum(['idle', 'asking', 'waiting']),
  /** The key of this device as words, while the host has to say yes. */
  fingerprint: z.string().optional(),
});
export type JoinState = z.infer<typeof joinStateSchema>;

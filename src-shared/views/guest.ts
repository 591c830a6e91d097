import { z } from 'zod';
import { tokenSchema } from '../protocol/token.ts';

const MIB = 1024 ** 2;

const bounds = {
  /** On the disk, in bytes. */
  storage_bytes: z
    .int()
    .min(64 * MIB)
    .max(1024 ** 5),
  /** In memory, in bytes; readers of a log keep their place there. */
  memory_bytes: z
    .int()
    .min(MIB)
    .max(1024 ** 4),
  /** Connections of all its devices and commands together. */
  connections: z.int().min(1).max(100_000),
  /** Subscriptions of one connection. */
  subscriptions: z.int().min(64).max(1_000_000),
};

/** What a guest lattice may use up on the hub at most, so that it cannot starve the others. */
const guestLimitsSchema = z.object(bounds);
export type GuestLimits = z.infer<typeof guestLimitsSchema>;

/** The limits of a guest lattice for which nobody asked for others. */
export const DEFAULT_GUEST_LIMITS: GuestLimits = {
  storage_bytes: 1024 * MIB,
  memory_bytes: 64 * MIB,
  connections: 64,
  subscriptions: 2_048,
};

/** Some of the limits; the others stay as they are. */
export const guestLimitChangeSchema = z.object(bounds).partial();
export type GuestLimitChange = z.infer<typeof guestLimitChangeSchema>;

/** A lattice that a host carries on its hub beside its own. */
export const guestSchema = z.object({
  org: tokenSchema,
  name: z.string().min(1).max(200),
  created_at: z.iso.datetime(),
  limits: guestLimitsSchema,
});
export type Guest = z.infer<typeof guestSchema>;

/** A guest lattice with what it uses now; `state` is `failed` when the host cannot answer for it. */
export const guestViewSchema = guestSchema.extend({
  state: z.enum(['opening', 'open', 'failed', 'resting']),
  devices: z.int().min(0),
  connections: z.int().min(0),
  storage_bytes: z.number().min(0),
  error: z.string().optional(),
});
export type GuestView = z.infer<typeof guestViewSchema>;

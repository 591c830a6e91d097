import { z } from 'zod';
import { tokenSchema } from '../protocol/token.ts';

const MIB = 1024 ** 2;

/** The least and the most that each limit can be. */
export const GUEST_BOUNDS = {
  /** On the disk, in bytes. */
  storage_bytes: { min: 64 * MIB, max: 1024 ** 5 },
  /** In memory, in bytes; readers of a log keep their place there. */
  memory_bytes: { min: MIB, max: 1024 ** 4 },
  /** Connections of all its devices and commands together. */
  connections: { min: 1, max: 100_000 },
  /** Subscriptions of one connection. */
  subscriptions: { min: 64, max: 1_000_000 },
} as const;

const within = ({ min, max }: { min: number; max: number }) => z.int().min(min).max(max);

const bounds = {
  storage_bytes: within(GUEST_BOUNDS.storage_bytes),
  memory_bytes: within(GUEST_BOUNDS.memory_bytes),
  connections: within(GUEST_BOUNDS.connections),
  subscriptions: within(GUEST_BOUNDS.subscriptions),
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
  /** Devices that wait until somebody lets them in. */
  waiting: z.int().min(0),
  connections: z.int().min(0),
  storage_bytes: z.number().min(0),
  error: z.string().optional(),
});
export type GuestView = z.infer<typeof guestViewSchema>;

import { z } from 'zod';

/** The account that NATS uses where a config names none. */
export const GLOBAL_ACCOUNT = '$G';
/** The account of the lattice that the host itself is on, whether the hub is shared or not. */
export const HOME_ACCOUNT = 'LATTICE';
const GUEST_PREFIX = `${HOME_ACCOUNT}_`;

/** The account of a guest lattice; its name is the folder of its data in the store. */
export function guestAccount(org: string): string {
  return `${GUEST_PREFIX}${org}`;
}

/** The org of a guest lattice by the name of its account; undefined for every other account. */
export function orgOfAccount(account: string): string | undefined {
  return account.startsWith(GUEST_PREFIX) ? account.slice(GUEST_PREFIX.length) : undefined;
}

const subject = z.string().regex(/^[^\s\p{Cc}]{1,512}$/u, 'A subject has no spaces.');
const subjectRules = z.object({ allow: z.array(subject).optional(), deny: z.array(subject).optional() });

/** What a user may publish and subscribe to; without it, everything. */
const hubPermissionsSchema = z.object({
  publish: subjectRules.optional(),
  subscribe: subjectRules.optional(),
});
export type HubPermissions = z.infer<typeof hubPermissionsSchema>;

/** A user of the hub who proves who it is with an NKey. */
export const keyUserSchema = z.object({
  nkey: z.string().regex(/^U[A-Z2-7]{55}$/, 'Use the public key of a user NKey; it starts with U.'),
  permissions: hubPermissionsSchema.optional(),
});
export type KeyUser = z.infer<typeof keyUserSchema>;

const positive = z.int().min(1);

/** One more lattice on a hub, closed off from all others: its users, and what it may use up at most. */
export const guestAccountSchema = z.object({
  name: z.string().regex(/^LATTICE_[A-Za-z0-9_-]{1,64}$/, 'An account is named after its lattice.'),
  users: z.array(keyUserSchema),
  /** Bytes on the disk and in memory, connections of all its users, and subscriptions of each connection. */
  limits: z.object({
    storage_bytes: positive,
    memory_bytes: positive,
    connections: positive,
    subscriptions: positive,
  }),
});
export type GuestAccount = z.infer<typeof guestAccountSchema>;

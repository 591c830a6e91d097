import { z } from 'zod';
import { publicKeySchema } from './enrol.ts';
import { type Role, roleSchema } from './roles.ts';
import type { Sender } from './sender.ts';
import { tokenSchema } from './token.ts';

const time = z.iso.datetime();

/** A device in the list of members: what it was allowed, and which keys it signed with, at any time. */
export const memberSchema = z.object({
  id: tokenSchema,
  name: z.string().min(1).max(200),
  /** What it may do since when; the last counts. */
  roles: z.array(z.object({ role: roleSchema, from: time })).min(1),
  /** Its keys, each good for what was signed between `from` and `until`. */
  keys: z.array(z.object({ key: publicKeySchema, from: time, until: time.optional() })),
  revoked_at: time.optional(),
  /** Whether it is the host, whose key signs this list. */
  host: z.boolean().optional(),
  /** Only of the host: since when its hub asks everybody for a key; absent while it does not. */
  signed_since: time.optional(),
});
export type Member = z.infer<typeof memberSchema>;

/** A member as it counts for one message. */
export interface Standing {
  sender: Sender & { id: string; role: Role };
  keys: readonly string[];
}

/** What a member may do now, or undefined when it may nothing any more. */
export function standingNow(member: Member, now: number): Standing | undefined {
  const role = member.roles.at(-1)?.role;
  if (role === undefined || member.revoked_at !== undefined) return undefined;
  // Clocks of two machines differ, so a key that is new by the host's clock is good at once.
  const keys = member.keys.filter(({ until }) => until === undefined || now < Date.parse(until));
  return standing(member, role, keys);
}

/** What a member might do at a time by the clock of the hub, in milliseconds of the epoch. */
export function standingAt(member: Member, at: number): Standing | undefined {
  const role = member.roles.findLast(({ from }) => Date.parse(from) <= at)?.role;
  const isOut = member.revoked_at !== undefined && Date.parse(member.revoked_at) <= at;
  if (role === undefined || isOut) return undefined;
  const keys = member.keys.filter(
    ({ from, until }) => Date.parse(from) <= at && (until === undefined || at < Date.parse(until)),
  );
  return standing(member, role, keys);
}

function standing({ id, name }: Member, role: Role, keys: Member['keys']): Standing {
  return { sender: { id, name, role, verified: true }, keys: keys.map(({ key }) => key) };
}

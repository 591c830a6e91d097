import { z } from 'zod';
import { errorShapeSchema } from '../errors.ts';
import { publicKeySchema } from './enrol.ts';
import { roleSchema } from './roles.ts';

/** What a device says when it wants to go on with another key. */
const rotationSchema = z.object({
  /** The key that the host knows now. */
  old: publicKeySchema,
  /** The public half of the key that comes after it. */
  key: publicKeySchema,
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
});
export type Rotation = z.infer<typeof rotationSchema>;

/** What a device may ask about its own access; the subject of the question says which device asks. */
export const ownRequestSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('show') }),
  /** Signed with the new key, so that nobody can bring in a key of somebody else. */
  rotationSchema.extend({ op: z.literal('rotate'), proof: z.string().regex(/^[A-Za-z0-9_-]{86}$/) }),
  z.object({ op: z.literal('leave') }),
]);
export type OwnRequest = z.infer<typeof ownRequestSchema>;

/** The access of one device as the host has it now. */
const ownAccessSchema = z.object({
  name: z.string(),
  role: roleSchema,
  key: publicKeySchema,
  joined_at: z.iso.datetime(),
});
export type OwnAccess = z.infer<typeof ownAccessSchema>;

export const ownAnswerSchema = z.union([
  z.object({ ok: ownAccessSchema.optional() }),
  z.object({ error: errorShapeSchema }),
]);
export type OwnAnswer = z.infer<typeof ownAnswerSchema>;

/** The bytes that the new key signs: bound to one device, one change and one question. */
export function rotationBytes(device: string, { old, key, nonce }: Rotation): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(['lattice rotate 1', device, old, key, nonce]));
}

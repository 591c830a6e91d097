import { z } from 'zod';
import { errorShapeSchema } from '../errors.ts';
import { deviceViewSchema, invitationViewSchema } from '../views/device.ts';
import { roleSchema } from './roles.ts';
import { tokenSchema } from './token.ts';

export const publicKeySchema = z.string().regex(/^U[A-Z2-7]{55}$/);

/** Controls and marks that change the direction of text could make a name look like words of ours. */
const UNSHOWABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** Text of a device that people read before they decide; one line, as it is written. */
function shownText(max: number) {
  return z
    .string()
    .max(max)
    .refine((text) => !UNSHOWABLE.test(text));
}

/** What a device says of itself when it asks to be let in. */
const applicantSchema = z.object({
  invitation: tokenSchema,
  /** The public half of the key that the device made for itself. */
  key: publicKeySchema,
  station_id: tokenSchema,
  name: shownText(200).min(1),
  version: shownText(40),
  platform: shownText(80),
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
});
export type Applicant = z.infer<typeof applicantSchema>;

/** The question of a device, signed with the key of the code: it proves the code without sending it. */
export const enrolRequestSchema = applicantSchema.extend({ proof: z.string().regex(/^[A-Za-z0-9_-]{86}$/) });
export type EnrolRequest = z.infer<typeof enrolRequestSchema>;

export const grantSchema = z.object({
  lattice: z.string().max(200),
  org: tokenSchema,
  role: roleSchema,
  station_id: tokenSchema,
  /** The key of the host, which signs the list of members. */
  host_key: publicKeySchema.optional(),
});
export type Grant = z.infer<typeof grantSchema>;

export const enrolAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('granted'), grant: grantSchema }),
  /** The host has to say yes first; the same question again hears whether it did. */
  z.object({ kind: z.literal('waiting') }),
  z.object({ kind: z.literal('refused'), error: errorShapeSchema }),
]);
export type EnrolAnswer = z.infer<typeof enrolAnswerSchema>;

/** The bytes that a proof signs: every field that counts, in one order, so that none can be moved or changed. */
export function proofBytes(applicant: Applicant): Uint8Array {
  const { invitation, key, station_id, name, version, platform, nonce } = applicant;
  const fields = ['lattice enrol 1', invitation, key, station_id, name, version, platform, nonce];
  return new TextEncoder().encode(JSON.stringify(fields));
}

export const inviteOptionsSchema = z.object({
  role: roleSchema.default('station'),
  /** How long the link can be used, in milliseconds; 15 minutes when it is absent, a week at most. */
  expires_ms: z.int().min(10_000).max(604_800_000).default(900_000),
  /** The host says yes to each device before it is in. */
  approve: z.boolean().default(false),
});
export type InviteOptions = z.input<typeof inviteOptionsSchema>;

/** What an admin may ask of the host. */
export const manageRequestSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('invite'), options: inviteOptionsSchema }),
  z.object({ op: z.literal('withdraw'), invitation: tokenSchema }),
  z.object({ op: z.literal('decide'), invitation: tokenSchema, key: publicKeySchema, allow: z.boolean() }),
  z.object({ op: z.literal('rename'), device: tokenSchema, name: shownText(200).min(1) }),
  z.object({ op: z.literal('role'), device: tokenSchema, role: roleSchema }),
  z.object({ op: z.literal('revoke'), device: tokenSchema }),
]);
export type ManageRequest = z.infer<typeof manageRequestSchema>;
export type ManageInput = z.input<typeof manageRequestSchema>;

export const accessListSchema = z.object({
  devices: z.array(deviceViewSchema),
  invitations: z.array(invitationViewSchema),
});
export type AccessList = z.infer<typeof accessListSchema>;

/** What comes back of a change; a new invitation is the only one that gives something. */
export const manageAnswerSchema = z.union([
  z.object({ ok: z.object({ link: z.string().optional() }) }),
  z.object({ error: errorShapeSchema }),
]);
export type ManageAnswer = z.infer<typeof manageAnswerSchema>;

export const listAnswerSchema = z.union([
  z.object({ ok: accessListSchema }),
  z.object({ error: errorShapeSchema }),
]);

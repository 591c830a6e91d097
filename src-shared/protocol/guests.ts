import { z } from 'zod';
import { errorShapeSchema } from '../errors.ts';
import { guestLimitChangeSchema, guestViewSchema } from '../views/guest.ts';
import { accessListSchema, manageRequestSchema } from './enrol.ts';
import { tokenSchema } from './token.ts';

/** What the machine that hosts may ask of its own hub about the lattices it carries for others. */
export const guestRequestSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('list') }),
  z.object({
    op: z.literal('add'),
    org: tokenSchema,
    name: z.string().min(1).max(200).optional(),
    limits: guestLimitChangeSchema.optional(),
  }),
  z.object({ op: z.literal('limit'), org: tokenSchema, limits: guestLimitChangeSchema }),
  z.object({
    op: z.literal('remove'),
    org: tokenSchema,
    /** The org again, so that nobody removes a lattice by a slip. */
    confirm: z.string().max(64),
    /** Deletes what it stored and who had access; without it both stay for a way back. */
    delete_data: z.boolean().default(false),
  }),
  z.object({ op: z.literal('access'), org: tokenSchema }),
  z.object({ op: z.literal('manage'), org: tokenSchema, request: manageRequestSchema }),
]);
export type GuestRequest = z.infer<typeof guestRequestSchema>;
export type GuestInput = z.input<typeof guestRequestSchema>;

/** What comes back, by what was asked. */
export const guestAnswerSchema = z.object({
  lattices: z.array(guestViewSchema).optional(),
  access: accessListSchema.optional(),
  link: z.string().optional(),
  /** Where the data of a removed lattice stays. */
  kept: z.array(z.string()).optional(),
});
export type GuestAnswer = z.infer<typeof guestAnswerSchema>;

export const guestReplySchema = z.union([
  z.object({ ok: guestAnswerSchema }),
  z.object({ error: errorShapeSchema }),
]);

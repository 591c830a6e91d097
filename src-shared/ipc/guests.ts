import { z } from 'zod';
import { errorShapeSchema } from '../errors.ts';
import { accessListSchema, inviteOptionsSchema, manageRequestSchema } from '../protocol/enrol.ts';
import { guestRequestSchema } from '../protocol/guests.ts';
import { tokenSchema } from '../protocol/token.ts';
import { guestViewSchema } from '../views/guest.ts';
import { madeLinkSchema } from './devices.ts';

const nothing = z.void();
const org = tokenSchema;
const [, add, limit, remove] = guestRequestSchema.options;

/** Calls about the lattices of others that the hub here carries. */
export const guestCalls = {
  /** All of them, and why no other can be added now, when none can. */
  'guests.list': {
    input: nothing,
    output: z.object({ lattices: z.array(guestViewSchema), closed: errorShapeSchema.optional() }),
  },
  'guests.add': { input: add.omit({ op: true }), output: guestViewSchema },
  'guests.limit': { input: limit.omit({ op: true }), output: nothing },
  /** Gives the paths of what stays on the disk; none when everything was deleted. */
  'guests.remove': { input: remove.omit({ op: true }), output: z.object({ kept: z.array(z.string()) }) },
  /** Who may be on a guest lattice. */
  'guests.access': { input: z.object({ org }), output: accessListSchema },
  /** Makes a link for one device of a guest lattice; it is shown once and kept nowhere. */
  'guests.invite': { input: z.object({ org, options: inviteOptionsSchema }), output: madeLinkSchema },
  'guests.manage': { input: z.object({ org, request: manageRequestSchema }), output: nothing },
} as const;

import { z } from 'zod';
import { accessListSchema, inviteOptionsSchema, manageRequestSchema } from '../protocol/enrol.ts';
import { roleSchema } from '../protocol/roles.ts';

const nothing = z.void();
/** Any text: who reads it says in words what is wrong with it, also that it is too long. */
const link = z.string();

/** What a person may see of a link or a membership before and after joining; no code is in it. */
const offerSchema = z.object({
  lattice: z.string(),
  role: roleSchema,
  hosts: z.array(z.string()),
  /** The hub's fingerprint as words. */
  fingerprint: z.string(),
  expires: z.iso.datetime().optional(),
});

/** Calls about who may be on a lattice. */
export const deviceCalls = {
  'devices.list': { input: nothing, output: accessListSchema },
  /** Makes a link for one device; it is shown once and kept nowhere. */
  'devices.invite': {
    input: inviteOptionsSchema,
    output: z.object({ link: z.string(), offer: offerSchema }),
  },
  'devices.manage': { input: manageRequestSchema, output: nothing },
  /** What a link would do; goes nowhere. */
  'join.read': { input: z.object({ link }), output: offerSchema },
  /** Joins by a link; resolves when this machine is in, which may wait for the host to say yes. */
  'join.enter': { input: z.object({ link }), output: nothing },
  /** Stops waiting for the host. */
  'join.cancel': { input: nothing, output: nothing },
  /** The lattice that let this station in earlier. */
  'join.membership': { input: nothing, output: z.object({ offer: offerSchema.optional() }) },
  'join.again': { input: nothing, output: nothing },
  /** Leaves the lattice that let this station in, and forgets it. */
  'join.forget': { input: nothing, output: nothing },
} as const;

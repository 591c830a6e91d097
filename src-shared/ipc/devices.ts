import { z } from 'zod';
import { accessListSchema, inviteOptionsSchema, manageRequestSchema } from '../protocol/enrol.ts';
import { roleSchema } from '../protocol/roles.ts';
import { joinStateSchema, ownAccessViewSchema, waitingDeviceSchema } from '../views/device.ts';

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

/** A link for one device, and what it does. */
export const madeLinkSchema = z.object({ link: z.string(), offer: offerSchema });

/** Calls about who may be on a lattice. */
export const deviceCalls = {
  'devices.list': { input: nothing, output: accessListSchema },
  /** Makes a link for one device; it is shown once and kept nowhere. */
  'devices.invite': { input: inviteOptionsSchema, output: madeLinkSchema },
  'devices.manage': { input: manageRequestSchema, output: nothing },
  /** What a link would do; goes nowhere. */
  'join.read': { input: z.object({ link }), output: offerSchema },
  /** Joins by a link; resolves when this machine is in, which may wait for the host to say yes. */
  'join.enter': { input: z.object({ link }), output: nothing },
  /** Stops waiting for the host. */
  'join.cancel': { input: nothing, output: nothing },
  /** The access of this machine itself: the lattice that let it in, or nothing, and its key as words. */
  'access.own': {
    input: nothing,
    output: z.object({ access: ownAccessViewSchema.optional(), fingerprint: z.string() }),
  },
  /** Joins the lattice again that let this station in. */
  'access.rejoin': { input: nothing, output: nothing },
  /** Gives the access back to the host, leaves and forgets the lattice. */
  'access.giveBack': { input: nothing, output: nothing },
  /** Leaves the lattice that let this station in, and forgets it; the host is not told. */
  'access.forget': { input: nothing, output: nothing },
  /** Goes on with a new key. */
  'access.rotateKey': { input: nothing, output: nothing },
} as const;

/** Streams about who may be on a lattice. */
export const deviceStreams = {
  /** Devices that ask the hub here to be let in, while they wait. */
  'devices.waiting': {
    params: nothing,
    item: waitingDeviceSchema,
    key: (item: { id: string }) => item.id,
  },
  /** How joining by a link goes. */
  'join.watch': { params: nothing, item: joinStateSchema, key: () => 'join' },
} as const;

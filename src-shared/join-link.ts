import { z } from 'zod';
import { LatticeError } from './errors.ts';
import { roleSchema } from './protocol/roles.ts';
import { tokenSchema } from './protocol/token.ts';

/** Room for the longest name in any script and sixteen addresses; the schemes of all systems take this much. */
const MAX_LINK_LENGTH = 4_000;
const START = /^lattice:\/\/join\/?#/;
const CONTROL = /\p{Cc}/u;

const hostSchema = z.string().regex(/^(\[[0-9a-f:]{2,45}\]|[A-Za-z0-9.-]{1,253}):\d{1,5}$/);

/** What an invitation says. The code in it opens nothing but the question to be let in, once. */
export const joinLinkSchema = z.object({
  /** `host:port` of the hub, the most likely ones first. */
  hosts: z.array(hostSchema).min(1).max(16),
  /** The lattice as its people call it. */
  lattice: z
    .string()
    .min(1)
    .max(200)
    .refine((text) => !CONTROL.test(text)),
  org: tokenSchema,
  invitation: tokenSchema,
  /** SHA-256 of the certificate of the hub's CA, base64url. */
  pin: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** 160 bits, base64url. */
  code: z.string().regex(/^[A-Za-z0-9_-]{27}$/),
  role: roleSchema,
  expires: z.iso.datetime(),
});
export type JoinLink = z.infer<typeof joinLinkSchema>;

/** A join link as text. */
export function writeJoinLink(link: JoinLink): string {
  const fields = new URLSearchParams({
    v: '1',
    n: link.lattice,
    r: link.role,
    h: link.hosts.join(','),
    o: link.org,
    i: link.invitation,
    p: link.pin,
    c: link.code,
    e: String(Math.floor(Date.parse(link.expires) / 1_000)),
  });
  return `lattice://join#${fields.toString()}`;
}

/**
 * Reads a join link that somebody sent, without going anywhere.
 * @throws LatticeError `invalid_input` that does not repeat the link, `unsupported` for a later version of links.
 */
export function readJoinLink(text: string): JoinLink {
  const typed = text.trim();
  if (typed.length > MAX_LINK_LENGTH) throw refuse('is too long');
  const start = START.exec(typed);
  if (!start) throw refuse('does not begin with lattice://join#');
  if (/\s/.test(typed)) throw refuse('has a break in it');
  const fields = new URLSearchParams(typed.slice(start[0].length));
  const keys = [...fields.keys()];
  if (new Set(keys).size !== keys.length) throw refuse('says something twice');
  const version = fields.get('v');
  if (version === null) throw refuse('is not whole');
  if (version !== '1')
    throw new LatticeError('unsupported', 'This join link is of a newer version of Lattice.', {
      hint: 'Update Lattice on this machine, then open the link again.',
    });
  const seconds = fields.get('e') ?? '';
  const parsed = joinLinkSchema.safeParse({
    hosts: fields.get('h')?.split(','),
    lattice: fields.get('n'),
    org: fields.get('o'),
    invitation: fields.get('i'),
    pin: fields.get('p'),
    code: fields.get('c'),
    role: fields.get('r'),
    expires: /^\d{9,11}$/.test(seconds) ? new Date(Number(seconds) * 1_000).toISOString() : undefined,
  });
  if (!parsed.success) throw refuse('is not whole');
  if (parsed.data.hosts.some((host) => Number(/\d+$/.exec(host)?.[0]) > 65_535 || host.endsWith(':0')))
    throw refuse('names a port that does not exist');
  return parsed.data;
}

/** Whether a text means to be a join link, whole or not. */
export function isJoinLink(text: string): boolean {
  return /^\s*lattice:/i.test(text);
}

function refuse(why: string): LatticeError {
  return new LatticeError('invalid_input', `This join link cannot be used: it ${why}.`, {
    hint: 'Copy the whole link, or ask for a new one.',
  });
}

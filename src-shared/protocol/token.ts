import { z } from 'zod';
import { LatticeError } from '../errors.ts';

const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;

/** What an org is, for people who name one. */
export const ORG_HINT = 'An org is one word of letters, digits, - and _.';

/** One NATS subject token: `[A-Za-z0-9_-]{1,64}`. Orgs, station ids, agent names and work ids are tokens. */
export const tokenSchema = z.string().regex(TOKEN, 'Use 1 to 64 letters, digits, - or _.');

/**
 * Returns `value` when it can be one subject token.
 * @throws LatticeError `invalid_input` that names what was refused.
 */
export function token(value: string, what: string): string {
  if (TOKEN.test(value)) return value;
  const shown = value.length > 40 ? `${value.slice(0, 40)}… (${value.length} characters)` : value;
  throw new LatticeError('invalid_input', `${what} "${shown}" cannot be used as a name on the lattice.`, {
    hint: 'Use 1 to 64 letters, digits, - or _.',
  });
}

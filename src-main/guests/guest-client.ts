import type { NatsConnection } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import { type GuestAnswer, type GuestInput, guestReplySchema } from '../../src-shared/protocol/guests.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { AccessClient } from '../access/access-client.ts';

/** A new lattice makes its stores first. */
const ANSWER_MS = 20_000;

/** Asks the hub of this machine about the lattices it carries. @throws LatticeError as the host says, `auth_failed`, `unsupported`. */
export async function askGuests(
  { nc, names }: { nc: NatsConnection; names: LatticeNames },
  request: GuestInput,
): Promise<GuestAnswer> {
  let reply: unknown;
  try {
    reply = (await nc.request(names.hubGuests, JSON.stringify(request), { timeout: ANSWER_MS })).json();
  } catch (cause) {
    const text = cause instanceof Error ? `${cause.name} ${cause.message}` : String(cause);
    if (/permission/i.test(text))
      throw new LatticeError(
        'auth_failed',
        'Only the machine that hosts may see or change what its hub carries.',
        {
          hint: 'Do it there.',
          cause,
        },
      );
    if (/no ?responders/i.test(text))
      throw new LatticeError(
        'unsupported',
        'No shared hub runs on this machine, so it carries no other lattice.',
        {
          hint: 'Share it first: Hub, Share in the window, or lattice serve --orchestration --share.',
          cause,
        },
      );
    throw LatticeError.from(cause, 'not_connected');
  }
  const answer = guestReplySchema.parse(reply);
  if ('error' in answer) throw LatticeError.fromShape(answer.error);
  return answer.ok;
}

/** Who may be on a guest lattice of this hub, with the words of {@link AccessClient}. */
export function guestAccess(
  at: { nc: NatsConnection; names: LatticeNames },
  org: string,
): Pick<AccessClient, 'list' | 'manage'> {
  return {
    list: async () => {
      const { access } = await askGuests(at, { op: 'access', org });
      return access ?? { devices: [], invitations: [] };
    },
    manage: async (request) => {
      const { link } = await askGuests(at, { op: 'manage', org, request });
      return { link };
    },
  };
}

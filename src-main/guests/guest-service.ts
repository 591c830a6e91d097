import type { NatsConnection } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import { guestRequestSchema } from '../../src-shared/protocol/guests.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { Guests } from './guests.ts';

/** A question is a few hundred bytes. */
const MAX_BYTES = 8_192;

export interface GuestServiceOptions {
  nc: NatsConnection;
  names: LatticeNames;
  guests: Guests;
}

/**
 * Answers the machine that hosts about the lattices it carries for others. No role may ask, so this must run only while the
 * hub asks everybody for a key.
 */
export function serveGuests({ nc, names, guests }: GuestServiceOptions): Disposable {
  const subscription = nc.subscribe(names.hubGuests, {
    callback: (error, message) => {
      if (error || message.reply === undefined || message.reply === '') return;
      void answer(message.data).then((said) => {
        if (!nc.isClosed()) message.respond(JSON.stringify(said));
      });
    },
  });
  const answer = async (data: Uint8Array) => {
    try {
      return { ok: await guests.handle(read(data)) };
    } catch (thrown) {
      return { error: LatticeError.from(thrown).toShape() };
    }
  };
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}

function read(data: Uint8Array) {
  try {
    if (data.length > MAX_BYTES) throw new Error('too long');
    return guestRequestSchema.parse(JSON.parse(new TextDecoder().decode(data)));
  } catch (cause) {
    throw new LatticeError('invalid_input', 'The host does not understand this question.', {
      hint: 'Check the values: an org is one word of letters, digits, - and _; limits are whole numbers within reason.',
      cause,
    });
  }
}

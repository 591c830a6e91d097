import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import {
  type EnrolAnswer,
  enrolRequestSchema,
  type ManageAnswer,
  manageRequestSchema,
} from '../../src-shared/protocol/enrol.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { Access } from './access.ts';

/** A question to the host is a few hundred bytes. */
const MAX_BYTES = 8_192;

export interface AccessServiceOptions {
  nc: NatsConnection;
  names: LatticeNames;
  access: Access;
}

/**
 * Answers devices that ask to be let in, and admins. Who may ask what is decided by the hub before a question gets here,
 * so this must run only while the hub asks everybody for a key.
 */
export function serveAccess({ nc, names, access }: AccessServiceOptions): Disposable {
  const answer = (subject: string, make: (data: unknown, message: Msg) => Promise<unknown>) =>
    nc.subscribe(subject, {
      callback: (error, message) => {
        if (error || message.reply === undefined || message.reply === '') return;
        void make(read(message), message).then((said) => {
          if (!nc.isClosed()) message.respond(JSON.stringify(said));
        });
      },
    });
  const subscriptions = [
    answer(names.enrolAll, async (data, message): Promise<EnrolAnswer> => {
      const request = enrolRequestSchema.safeParse(data);
      // The key of one invitation may only ask for that one.
      if (!request.success || message.subject !== names.enrol(request.data.invitation))
        return { kind: 'refused', error: malformed() };
      return access.enrol(request.data);
    }),
    answer(names.hubDevices, async () => attempt(() => access.list())),
    answer(names.hubManage, async (data): Promise<ManageAnswer> => {
      const request = manageRequestSchema.safeParse(data);
      return request.success ? attempt(() => access.manage(request.data)) : { error: malformed() };
    }),
  ];
  return {
    [Symbol.dispose]: () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}

async function attempt<T>(action: () => Promise<T>) {
  try {
    return { ok: await action() };
  } catch (error) {
    return { error: LatticeError.from(error).toShape() };
  }
}

function read(message: Msg): unknown {
  if (message.data.length > MAX_BYTES) return undefined;
  try {
    return message.json();
  } catch {
    return undefined;
  }
}

function malformed() {
  return new LatticeError('invalid_input', 'The host does not understand this question.', {
    hint: 'Use the same version of Lattice on both machines.',
  }).toShape();
}

import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import {
  type EnrolAnswer,
  enrolRequestSchema,
  type ManageAnswer,
  manageRequestSchema,
} from '../../src-shared/protocol/enrol.ts';
import { type OwnAnswer, ownRequestSchema } from '../../src-shared/protocol/own-access.ts';
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
export function serveAccess(options: AccessServiceOptions): Disposable {
  const { nc, names, access } = options;
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
    answer(names.hubManageAll, async (data, { subject }): Promise<ManageAnswer> => {
      const request = manageRequestSchema.safeParse(data);
      const by = access.nameOf(deviceOf(subject));
      return request.success ? attempt(() => access.manage(request.data, by)) : { error: malformed() };
    }),
    nc.subscribe(names.hubOwnAll, {
      callback: (error, message) => {
        if (!error && message.reply !== undefined && message.reply !== '') void answerOwn(options, message);
      },
    }),
  ];
  return {
    [Symbol.dispose]: () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}

/** Answers before the host acts on it, since it cuts off the connection that the answer goes to. */
async function answerOwn({ nc, access }: AccessServiceOptions, message: Msg): Promise<void> {
  const say = async (answer: OwnAnswer) => {
    if (nc.isClosed()) return;
    message.respond(JSON.stringify(answer));
    await nc.flush();
  };
  const request = ownRequestSchema.safeParse(read(message));
  if (!request.success) return say({ error: malformed() });
  const change = await attempt(() => access.own(deviceOf(message.subject), request.data));
  if (change.ok === undefined) return say({ error: change.error });
  await say({ ok: change.ok.access });
  // When the hub cannot reload it goes on as it was, and so does the device, with the key that counts there.
  await change.ok.after?.().catch(() => undefined);
}

/** Who asks, as the hub proved it: the last part of the subject. */
function deviceOf(subject: string): string {
  return subject.slice(subject.lastIndexOf('.') + 1);
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

import type { NatsConnection } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';

export interface HostClientOptions {
  nc: NatsConnection;
  names: LatticeNames;
  /** The station id that the key of this connection stands for. */
  device: string;
}

/** A change may reload the hub, which takes a moment. */
const ANSWER_MS = 10_000;

/** One question to the host about access, and its answer. @throws LatticeError `auth_failed`, `unsupported`, `not_connected`. */
export async function askHost(nc: NatsConnection, subject: string, request: unknown): Promise<unknown> {
  try {
    return (await nc.request(subject, JSON.stringify(request), { timeout: ANSWER_MS })).json();
  } catch (cause) {
    const text = cause instanceof Error ? `${cause.name} ${cause.message}` : String(cause);
    if (/permission/i.test(text))
      throw new LatticeError(
        'auth_failed',
        'The role of this device does not let it see or change who has access.',
        {
          hint: 'Do it on the machine that hosts, or ask the host for the role admin.',
          cause,
        },
      );
    if (/no ?responders/i.test(text))
      throw new LatticeError(
        'unsupported',
        'The hub of this lattice is not shared, so nobody has access by a link.',
        {
          hint: 'Share it first: Hub, Share in the window, or lattice serve --orchestration --share.',
          cause,
        },
      );
    throw LatticeError.from(cause, 'not_connected');
  }
}

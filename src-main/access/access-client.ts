import type { NatsConnection } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import {
  type AccessList,
  listAnswerSchema,
  type ManageInput,
  manageAnswerSchema,
} from '../../src-shared/protocol/enrol.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';

/** A change may reload the hub, which takes a moment. */
const ANSWER_MS = 10_000;

/** Asks the host who may be on the lattice, and changes it, as far as our role allows. */
export class AccessClient {
  readonly #nc: NatsConnection;
  readonly #names: LatticeNames;

  constructor(options: { nc: NatsConnection; names: LatticeNames }) {
    this.#nc = options.nc;
    this.#names = options.names;
  }

  /** Every device and invitation. @throws LatticeError `auth_failed`, `unsupported`. */
  async list(): Promise<AccessList> {
    const answer = listAnswerSchema.parse(await this.#ask(this.#names.hubDevices, {}));
    if ('error' in answer) throw LatticeError.fromShape(answer.error);
    return answer.ok;
  }

  /** One change; gives the link of a new invitation. @throws LatticeError as the host says, `auth_failed`, `unsupported`. */
  async manage(request: ManageInput): Promise<{ link?: string | undefined }> {
    const answer = manageAnswerSchema.parse(await this.#ask(this.#names.hubManage, request));
    if ('error' in answer) throw LatticeError.fromShape(answer.error);
    return answer.ok;
  }

  async #ask(subject: string, request: unknown): Promise<unknown> {
    try {
      return (await this.#nc.request(subject, JSON.stringify(request), { timeout: ANSWER_MS })).json();
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
}

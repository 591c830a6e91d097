import { LatticeError } from '../../src-shared/errors.ts';
import { type OwnAccess, type OwnRequest, ownAnswerSchema } from '../../src-shared/protocol/own-access.ts';
import { askHost, type HostClientOptions } from './ask-host.ts';

/** Asks the host about the access of this device itself. */
export class OwnAccessClient {
  readonly #options: HostClientOptions;

  constructor(options: HostClientOptions) {
    this.#options = options;
  }

  /** One question; gives the access as the host has it. @throws LatticeError as the host says, `auth_failed`, `unsupported`. */
  async ask(request: OwnRequest): Promise<OwnAccess | undefined> {
    const { nc, names, device } = this.#options;
    const answer = ownAnswerSchema.parse(await askHost(nc, names.hubOwn(device), request));
    if ('error' in answer) throw LatticeError.fromShape(answer.error);
    return answer.ok;
  }
}

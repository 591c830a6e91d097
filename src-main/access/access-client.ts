import { LatticeError } from '../../src-shared/errors.ts';
import {
  type AccessList,
  listAnswerSchema,
  type ManageInput,
  manageAnswerSchema,
} from '../../src-shared/protocol/enrol.ts';
import { askHost, type HostClientOptions } from './ask-host.ts';

/** Asks the host who may be on the lattice, and changes it, as far as our role allows. */
export class AccessClient {
  readonly #options: HostClientOptions;

  constructor(options: HostClientOptions) {
    this.#options = options;
  }

  /** Every device and invitation. @throws LatticeError `auth_failed`, `unsupported`. */
  async list(): Promise<AccessList> {
    const { nc, names } = this.#options;
    const answer = listAnswerSchema.parse(await askHost(nc, names.hubDevices, {}));
    if ('error' in answer) throw LatticeError.fromShape(answer.error);
    return answer.ok;
  }

  /** One change; gives the link of a new invitation. @throws LatticeError as the host says, `auth_failed`, `unsupported`. */
  async manage(request: ManageInput): Promise<{ link?: string | undefined }> {
    const { nc, names, device } = this.#options;
    const answer = manageAnswerSchema.parse(await askHost(nc, names.hubManage(device), request));
    if ('error' in answer) throw LatticeError.fromShape(answer.error);
    return answer.ok;
  }
}

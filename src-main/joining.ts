import { LatticeError } from '../src-shared/errors.ts';
import { readJoinLink } from '../src-shared/join-link.ts';
import { enrol } from './access/enrol.ts';
import { forgetMembership, type Membership, memberAccess, readMembership } from './access/membership.ts';
import { reachHub } from './access/reach-hub.ts';
import type { SecretFiles } from './secrets/secret-files.ts';
import { platformFacts } from './system/platform.ts';
import { VERSION } from './version.ts';

export interface JoiningOptions {
  /** The folder of the station that joins. */
  dir: string;
  stationId: string;
  /** How its key is kept; in a plain file without. */
  secrets?: SecretFiles | undefined;
}

/** What whoever joins may want to hear or do meanwhile. */
export interface JoinHooks {
  /** The host has to say yes first. */
  onWaiting?: () => void;
  signal?: AbortSignal;
}

/** How one station gets into a lattice by a link, and back into it later. */
export class Joining {
  readonly #options: JoiningOptions;

  constructor(options: JoiningOptions) {
    this.#options = options;
  }

  /** Asks the host of a link to let this station in. @throws LatticeError `invalid_input` for no link, and as `enrol`. */
  async enter(text: string, name: string, hooks: JoinHooks): Promise<Membership> {
    const link = readJoinLink(text);
    const { dir, stationId, secrets } = this.#options;
    const { os, arch } = platformFacts();
    return enrol({
      link,
      dir,
      secrets,
      station: { id: stationId, name },
      version: VERSION,
      platform: `${os} ${arch}`,
      ...hooks,
    });
  }

  membership(): Promise<Membership | undefined> {
    return readMembership(this.#options.dir);
  }

  forget(): Promise<void> {
    return forgetMembership(this.#options.dir);
  }

  /** Where the lattice is that let this station in. @throws LatticeError `not_found`, `not_connected`, `unsafe`. */
  async target() {
    const { dir, stationId, secrets } = this.#options;
    const membership = await this.membership();
    if (!membership || membership.station_id !== stationId)
      throw new LatticeError('not_found', 'This station has not been let into a lattice yet.', {
        hint: 'Ask a host for a join link.',
      });
    return { ...(await memberAccess(dir, membership, reachHub, secrets)), membership };
  }
}

/** Says in words of joining that the hub does not know our key any more; any other error stays as it is. */
export function refusedByHost(thrown: unknown): never {
  const error = LatticeError.from(thrown);
  if (error.code !== 'auth_failed') throw error;
  throw new LatticeError('auth_failed', 'The host does not let this station in any more.', {
    hint: 'Its access was taken back. Ask the host for a new link.',
    cause: error,
  });
}

import { LatticeError } from '../src-shared/errors.ts';
import { readJoinLink } from '../src-shared/join-link.ts';
import { enrol } from './access/enrol.ts';
import { keyWords } from './access/key-words.ts';
import {
  forgetMembership,
  keepMembership,
  type Membership,
  memberAccess,
  readMembership,
  stationKey,
} from './access/membership.ts';
import { awaitKey, type KeyProbe, rotationRequest, settleKey } from './access/next-key.ts';
import { OwnAccessClient } from './access/own-access-client.ts';
import { reachHub } from './access/reach-hub.ts';
import { MeshConnection, type MeshConnectionOptions } from './mesh/connection.ts';
import type { JoinTarget } from './node-options.ts';
import { platformFacts } from './system/platform.ts';
import { VERSION } from './version.ts';

export interface JoiningOptions {
  /** The folder of the station that joins. */
  dir: string;
  stationId: string;
}

/** What whoever joins may want to hear or do meanwhile. */
export interface JoinHooks {
  /** The host has to say yes first. */
  onWaiting?: () => void;
  signal?: AbortSignal;
}

/** How one station gets into a lattice by a link, back into it later, on with another key, and out of it. */
export class Joining {
  readonly #options: JoiningOptions;

  constructor(options: JoiningOptions) {
    this.#options = options;
  }

  /** Asks the host of a link to let this station in. @throws LatticeError `invalid_input` for no link, and as `enrol`. */
  async enter(text: string, name: string, hooks: JoinHooks): Promise<Membership> {
    const link = readJoinLink(text);
    const { dir, stationId } = this.#options;
    const { os, arch } = platformFacts();
    return enrol({
      link,
      dir,
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

  /** The key of this station as words. @throws LatticeError `io_failed`, `auth_failed`. */
  async keyWords(): Promise<string> {
    return keyWords((await stationKey(this.#options.dir)).publicKey);
  }

  /**
   * Where the lattice is that let this station in, with the key that counts there: a new one that waits is tried first.
   * @throws LatticeError `not_found`, `not_connected`, `unsafe`.
   */
  async target(): Promise<JoinTarget & { membership: Membership }> {
    const { dir, stationId } = this.#options;
    const membership = await this.membership();
    if (!membership || membership.station_id !== stationId)
      throw new LatticeError('not_found', 'This station has not been let into a lattice yet.', {
        hint: 'Ask a host for a join link.',
      });
    const place = await memberAccess(dir, membership, reachHub);
    await settleKey(dir, this.#probe(place));
    return { ...place, membership };
  }

  /**
   * Goes on with a new key, which the host and then the hub take. Connections with the old key are cut off.
   * @throws LatticeError as the host says, `timeout`, `io_failed`.
   */
  async rotate(connection: MeshConnection, address: Pick<JoinTarget, 'url' | 'tls'>, org: string): Promise<void> {
    const { dir, stationId: device } = this.#options;
    await new OwnAccessClient({ nc: connection.nc, names: namesOf(org), device }).ask(
      await rotationRequest(dir, device),
    );
    await awaitKey(dir, this.#probe(address));
  }

  /** Takes the role that the host has for this station now, which may be another than when it joined. */
  async refresh(connection: MeshConnection, membership: Membership): Promise<Membership> {
    const { dir, stationId: device } = this.#options;
    const names = namesOf(membership.org);
    const access = await new OwnAccessClient({ nc: connection.nc, names, device }).ask({ op: 'show' });
    if (access === undefined || access.role === membership.role) return membership;
    const fresh = { ...membership, role: access.role };
    await keepMembership(dir, fresh);
    return fresh;
  }

  #probe({ url, tls }: Pick<MeshConnectionOptions, 'url' | 'tls'>): KeyProbe {
  }
}

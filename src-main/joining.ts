import { ulid } from 'ulid';
import { LatticeError } from '../src-shared/errors.ts';
import { readJoinLink } from '../src-shared/join-link.ts';
import type { NatsAuth, NatsTls } from '../src-shared/protocol/auth.ts';
import type { OwnAccess } from '../src-shared/protocol/own-access.ts';
import type { Role } from '../src-shared/protocol/roles.ts';
import { namesOf } from '../src-shared/protocol/subjects.ts';
import { type DeviceKey, keyAuth } from './access/device-key.ts';
import { enrol } from './access/enrol.ts';
import { keyWords } from './access/key-words.ts';
import {
  forgetMembership,
  keepMembership,
  type Membership,
  memberAddress,
  readMembership,
  stationKey,
} from './access/membership.ts';
import { awaitKey, type KeyProbe, rotationRequest, settleKey } from './access/next-key.ts';
import { OwnAccessClient } from './access/own-access-client.ts';
import { reachHub } from './access/reach-hub.ts';
import { MeshConnection } from './mesh/connection.ts';
import type { JoinTarget } from './node-options.ts';
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

/** The lattice that let this station in, and the key that counts there. */
export interface MemberTarget extends JoinTarget {
  auth: NatsAuth;
  tls: NatsTls;
  membership: Membership;
  key: string;
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

  /** The key of this station as words. @throws LatticeError `io_failed`, `auth_failed`. */
  async keyWords(): Promise<string> {
    return keyWords((await this.#key()).publicKey);
  }

  /**
   * Where the lattice is that let this station in, with the key that counts there: a new one that waits is tried first.
   * @throws LatticeError `not_found`, `not_connected`, `unsafe`.
   */
  async target(): Promise<MemberTarget> {
    const { dir, stationId, secrets } = this.#options;
    const membership = await this.membership();
    if (!membership || membership.station_id !== stationId)
      throw new LatticeError('not_found', 'This station has not been let into a lattice yet.', {
        hint: 'Ask a host for a join link.',
      });
    const place = await memberAddress(dir, membership, reachHub);
    await settleKey({ dir, secrets }, this.#probe(place));
    const key = await this.#key();
    return { ...place, auth: keyAuth(key), membership, key: key.publicKey };
  }

  /**
   * Goes on with a new key, which the host and then the hub take. Connections with the old key are cut off.
   * @throws LatticeError as the host says, `timeout`, `io_failed`.
   */
  async rotate(address: Pick<JoinTarget, 'url' | 'tls'>, org: string): Promise<void> {
    const { dir, stationId, secrets } = this.#options;
    await this.#connected(address, keyAuth(await this.#key()), async (connection) => {
      await this.#client(connection, org).ask(await rotationRequest({ dir, secrets }, stationId));
    });
    await awaitKey({ dir, secrets }, this.#probe(address));
  }

  /** The membership with the role that the host has for this station now, which may be another than when it joined. */
  async refresh(connection: MeshConnection, membership: Membership): Promise<Membership> {
    const role = await this.roleNow(connection, membership.org);
    if (role === undefined || role === membership.role) return membership;
    const fresh = { ...membership, role };
    await keepMembership(this.#options.dir, fresh);
    return fresh;
  }

  /** The role that the host has for this station now; unknown while it does not answer. */
  async roleNow(connection: MeshConnection, org: string): Promise<Role | undefined> {
    try {
      return (await this.show(connection, org))?.role;
    } catch {
      // A host that rests, or of an earlier version, does not keep anybody out.
      return undefined;
    }
  }

  /** The access of this station as the host has it. @throws LatticeError as the host says, `not_connected`, `unsupported`. */
  show(connection: MeshConnection, org: string): Promise<OwnAccess | undefined> {
    return this.#client(connection, org).ask({ op: 'show' });
  }

  /** Gives the access of this station back, and forgets the lattice. @throws LatticeError as the host says, `not_connected`. */
  async leave(connection: MeshConnection, org: string): Promise<void> {
    await this.#client(connection, org).ask({ op: 'leave' });
    await this.forget();
  }

  #key(): Promise<DeviceKey> {
    return stationKey(this.#options.dir, this.#options.secrets);
  }

  #client({ nc }: MeshConnection, org: string): OwnAccessClient {
    return new OwnAccessClient({ nc, names: namesOf(org), device: this.#options.stationId });
  }

  #probe(address: Pick<JoinTarget, 'url' | 'tls'>): KeyProbe {
    return async (auth) => {
      try {
        await this.#connected(address, auth, async () => undefined);
        return true;
      } catch (thrown) {
        if (LatticeError.from(thrown).code === 'auth_failed') return false;
        throw thrown;
      }
    };
  }

  /** A connection of its own with one key, for as long as `use` takes. */
  async #connected(
    { url, tls = {} }: Pick<JoinTarget, 'url' | 'tls'>,
    auth: NatsAuth,
    use: (connection: MeshConnection) => Promise<void>,
  ): Promise<void> {
    const owner = this.#options.stationId;
    const connection = new MeshConnection({ url, auth, tls, kind: 'command', id: ulid(), owner });
    try {
      await connection.open();
      await use(connection);
    } finally {
      await connection[Symbol.asyncDispose]();
    }
  }
}

/** Says in words of joining that the hub does not know our key any more; any other error stays as it is. */
export function inWordsOfJoining(thrown: unknown): LatticeError {
  const error = LatticeError.from(thrown);
  if (error.code !== 'auth_failed') return error;
  return new LatticeError('auth_failed', 'The host does not let this station in any more.', {
    hint: 'Its access was taken back. Ask the host for a new link.',
    cause: error,
  });
}

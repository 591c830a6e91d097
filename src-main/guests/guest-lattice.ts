import { join } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import type { Guest, GuestView } from '../../src-shared/views/guest.ts';
import type { WorkView } from '../../src-shared/views/work.ts';
import type { Access } from '../access/access.ts';
import { type DeviceKey, deviceKey } from '../access/device-key.ts';
import { hubUsers } from '../access/hub-users.ts';
import { Roster } from '../access/roster.ts';
import { type GuestAccount, guestAccount } from '../hub/accounts.ts';
import type { Registry } from '../mesh/registry.ts';
import type { SecretFiles } from '../secrets/secret-files.ts';

/** What the host keeps of a guest lattice: who may be on it, and the key with which the host itself is. */
export interface StoredGuest {
  guest: Guest;
  roster: Roster;
  key: DeviceKey;
}

/** The files of a guest lattice beside its data in the store. */
export function filesOfGuest(dataDir: string, org: string): { roster: string; key: string } {
  return { roster: join(dataDir, `access-${org}.json`), key: join(dataDir, 'guests', `${org}.nk`) };
}

/** Reads or makes what the host keeps of a guest lattice. @throws LatticeError `io_failed`, `auth_failed`. */
export async function loadGuest(
  dataDir: string,
  guest: Guest,
  secrets?: SecretFiles | undefined,
): Promise<StoredGuest> {
  const files = filesOfGuest(dataDir, guest.org);
  const [roster, key] = await Promise.all([Roster.open(files.roster), deviceKey(files.key, secrets)]);
  return { guest, roster, key };
}

/** The host's own place on a guest lattice, over one connection into its account. */
export interface GuestPlace extends AsyncDisposable {
  readonly registry: Registry;
  /** Every work that the lattice remembers. */
  works(): WorkView[];
  /** Tells the lattice who is a member of it now. */
  tellMembers(): Promise<void>;
  /** Tells everybody that a station lost its access, and gives what it ran back to the queue. */
  expel(stationId: string): Promise<void>;
  /** Deletes everything that is stored on the lattice. */
  clear(): Promise<void>;
}

export interface GuestLatticeOptions extends StoredGuest {
  access: Access;
  open(): Promise<GuestPlace>;
  /** The place could not be taken. */
  onFailed(error: LatticeError): void;
}

/** One guest lattice on this hub: its account, who may be on it, and the place from which the host answers for it. */
export class GuestLattice implements AsyncDisposable {
  readonly access: Access;
  readonly roster: Roster;
  readonly key: DeviceKey;
  guest: Guest;
  readonly #options: GuestLatticeOptions;
  #state: GuestView['state'] = 'resting';
  #error: LatticeError | undefined;
  #place: Promise<GuestPlace | undefined> = Promise.resolve(undefined);

  constructor(options: GuestLatticeOptions) {
    this.#options = options;
    this.access = options.access;
    this.roster = options.roster;
    this.key = options.key;
    this.guest = options.guest;
  }

  /** What the hub has to know of it. */
  get account(): GuestAccount {
    const { org, limits } = this.guest;
    const { devices, invitations } = this.roster;
    const { users } = hubUsers({ org, hostKey: this.key.publicKey, devices, invitations });
    const { storage_bytes, memory_bytes, connections, subscriptions } = limits;
    return {
      name: guestAccount(org),
      users,
      // One connection more, which is the host's own.
      limits: { storage_bytes, memory_bytes, connections: connections + 1, subscriptions },
    };
  }

  get state(): Pick<GuestView, 'state' | 'error'> {
    return { state: this.#state, ...(this.#error ? { error: this.#error.message } : {}) };
  }

  /** Takes the place of the host; resolves when it is taken, or was refused. */
  async open(): Promise<void> {
    await this.close();
    this.#state = 'opening';
    this.#place = this.#options.open().then(
      (place) => {
        this.#state = 'open';
        return place;
      },
      (thrown: unknown) => {
        this.#error = LatticeError.from(thrown);
        this.#state = 'failed';
        this.#options.onFailed(this.#error);
        return undefined;
      },
    );
    await this.#place;
  }

  /** The place of the host once it is taken, or undefined. */
  current(): Promise<GuestPlace | undefined> {
    return this.#place;
  }

  /** The place of the host. @throws LatticeError why there is none. */
  async place(): Promise<GuestPlace> {
    const place = await this.#place;
    if (place) return place;
    throw (
      this.#error ??
      new LatticeError('not_connected', `Nobody answers for ${this.guest.name} now.`, {
        hint: 'Share the hub first.',
      })
    );
  }

  /** Gives the place up; the account stays. */
  async close(): Promise<void> {
    const before = this.#place;
    this.#place = Promise.resolve(undefined);
    await (await before)?.[Symbol.asyncDispose]();
    this.#error = undefined;
    this.#state = 'resting';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    this.access[Symbol.dispose]();
  }
}

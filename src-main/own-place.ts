import { LatticeError } from '../src-shared/errors.ts';
import type { AccessList, ManageInput } from '../src-shared/protocol/enrol.ts';
import { type Role, roleWords } from '../src-shared/protocol/roles.ts';
import { namesOf } from '../src-shared/protocol/subjects.ts';
import type { OwnAccessView } from '../src-shared/views/device.ts';
import { AccessClient } from './access/access-client.ts';
import type { Membership } from './access/membership.ts';
import type { HostedHub } from './hosted-hub.ts';
import type { Joining } from './joining.ts';
import type { MeshConnection } from './mesh/connection.ts';
import { noLattice } from './node-errors.ts';
import type { JoinTarget } from './node-options.ts';

/** Sees and changes who may be on a lattice, wherever that is decided. */
export interface AccessControl {
  list(): Promise<AccessList>;
  manage(request: ManageInput): Promise<{ link?: string | undefined }>;
}

/** The lattice that this machine is on now, as its own access sees it. */
export interface OwnLink {
  connection: MeshConnection;
  address: JoinTarget;
  /** Absent for a lattice that no link let us into. */
  membership: Membership | undefined;
  host: HostedHub | undefined;
}

export interface OwnPlaceOptions {
  joining(): Joining;
  /** Where this machine is now; nothing while it is on no lattice. */
  now(): OwnLink | undefined;
  /** One change of the place after the other. */
  inTurn<T>(action: () => Promise<T>): Promise<T>;
  /** Takes the station off the mesh, makes a change, and connects again to the hub that runs here, or to the host. */
  anew(change: () => Promise<void>): Promise<void>;
}

const SEEING: readonly Role[] = ['auditor', 'admin'];

/** The access of this machine itself: what it may see of the others, its key, and the way out. */
export class OwnPlace {
  readonly #options: OwnPlaceOptions;

  constructor(options: OwnPlaceOptions) {
    this.#options = options;
  }

  /** How this machine reaches the hub that it is on. @throws LatticeError `not_connected`. */
  get address(): JoinTarget {
    return this.#here().address;
  }

  /** Who may be on the lattice; asks the host when that is another machine. @throws LatticeError `not_connected`, `unsupported`. */
  get devices(): AccessControl {
    const { connection, membership, host } = this.#here();
    if (host) return host.access;
    if (!membership)
      throw new LatticeError('unsupported', 'This machine joined by an address, so it has no role here.', {
        hint: 'Who has access is shown on the machine that hosts, and to those whom a link made admin or auditor.',
      });
    const { org, station_id: device } = membership;
    const client = new AccessClient({ nc: connection.nc, names: namesOf(org), device });
    const whenSeeing = async <T>(ask: () => Promise<T>) => {
      // The role may have changed since we came; a question that the hub refuses would be shown to the host as a try.
      const role = (await this.#options.joining().roleNow(connection, org)) ?? membership.role;
      if (SEEING.includes(role)) return ask();
      throw new LatticeError(
        'auth_failed',
        `This machine is here as ${roleWords[role].title.toLowerCase()}, and only admins and auditors see who has access.`,
        { hint: 'Ask the host for another role.' },
      );
    };
    return {
      list: () => whenSeeing(() => client.list()),
      manage: (request) => whenSeeing(() => client.manage(request)),
    };
  }

  /** How this machine stands with the lattice of its link, on it or not; nothing when it has none. */
  async view(): Promise<(Omit<OwnAccessView, 'hub_fingerprint'> & { pin: string }) | undefined> {
    const place = this.#options.now();
    const membership = place?.membership ?? (await this.#options.joining().membership());
    if (!membership) return undefined;
    const { lattice, role, hosts, pin, joined_at } = membership;
    const role_now =
      place?.membership && place.connection.connected
        ? await this.#options.joining().roleNow(place.connection, membership.org)
        : undefined;
    const other = role_now === undefined || role_now === role ? {} : { role_now };
    return { lattice, role, hosts, pin, joined_at, ...other };
  }

  /**
   * Goes on with a new key; the station comes back with it, so calls that it runs are stopped and work is handed back.
   * @throws LatticeError as `Joining.rotate`, `unsupported` on a lattice that knows no keys.
   */
  rotateKey(): Promise<void> {
    return this.#options.inTurn(async () => {
      const { connection, address, membership, host } = this.#here();
      const { joining, anew } = this.#options;
      if (host)
        throw new LatticeError('unsupported', 'This machine hosts the lattice, so its key stays.', {
          hint: 'It signs the list of members, and every device knows it since it joined.',
        });
      if (!membership)
        throw new LatticeError(
          'unsupported',
          'This machine joined by an address, so the host knows no key of it.',
          {
            hint: 'Join by a link to have a key.',
          },
        );
      // A host that does not answer is told before the station leaves the mesh for it.
      await joining().show(connection, membership.org);
      return anew(() => joining().rotate(address, membership.org));
    });
  }

  /** Gives the access back while the host can still hear it. @throws LatticeError `not_connected`, and as the host says. */
  giveBack(): Promise<void> {
    return this.#options.inTurn(async () => {
      const { connection, membership } = this.#here();
      if (membership) await this.#options.joining().leave(connection, membership.org);
    });
  }

  /** Comes back over a new connection when the hub refuses this one because another process of this station changed its key. */
  follow(connection: MeshConnection): Disposable {
    return connection.view.on(() => {
      if (connection.view.value.state === 'failed') void this.#comeBack(connection);
    });
  }

  async #comeBack(refused: MeshConnection): Promise<void> {
    const { inTurn, now, joining, anew } = this.#options;
    try {
      await inTurn(async () => {
        const place = now();
        if (place?.connection !== refused || !place.membership) return;
        const { key } = await joining().target();
        if (key !== place.address.key) await anew(async () => undefined);
      });
    } catch {
      // The refusal is what the window shows; a hub that cannot be reached either adds nothing to it.
    }
  }

  #here(): OwnLink {
    const place = this.#options.now();
    if (place) return place;
    throw noLattice();
  }
}

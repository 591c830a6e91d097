import { rm } from 'node:fs/promises';
import { assertNever, LatticeError } from '../../src-shared/errors.ts';
import { InTurn } from '../../src-shared/in-turn.ts';
import { present } from '../../src-shared/present.ts';
import type { GuestAnswer, GuestRequest } from '../../src-shared/protocol/guests.ts';
import {
  DEFAULT_GUEST_LIMITS,
  type Guest,
  type GuestLimitChange,
  type GuestView,
} from '../../src-shared/views/guest.ts';
import { Access, type AccessOptions } from '../access/access.ts';
import type { Device } from '../access/roster.ts';
import { type GuestAccount, guestAccount } from '../hub/accounts.ts';
import { accountFolder } from '../hub/store-account.ts';
import { accountFigures } from './account-figures.ts';
import { filesOfGuest, GuestLattice, type GuestPlace, loadGuest, type StoredGuest } from './guest-lattice.ts';
import type { GuestList } from './guest-list.ts';
import { hubRoom, requireRoom } from './hub-room.ts';

/** More lattices than this belong on a hub of their own. */
const MAX_GUESTS = 32;

export interface GuestsOptions {
  list: GuestList;
  stored: readonly StoredGuest[];
  /** Where rosters and keys of guests are kept, and where the hub keeps its data. */
  dataDir: string;
  storeDir: string;
  /** The host's own lattice on this hub. */
  own: { org: string; keys(): readonly string[] };
  /** How devices get in: as for the own lattice, beside what makes a guest one of its own. */
  access: Pick<AccessOptions, 'pin' | 'addresses' | 'addressOf'> & { hostId: string; hostName(): string };
  facts(devices: readonly Device[], place: GuestPlace | undefined): ReturnType<AccessOptions['facts']>;
  monitorUrl(): string | undefined;
  /** Lets the hub carry these accounts from now on. */
  apply(accounts: GuestAccount[]): Promise<void>;
  openPlace(guest: GuestLattice): Promise<GuestPlace>;
  onFailed(guest: Guest, error: LatticeError): void;
  /** A guest has other limits now, or is gone. */
  onChanged(org: string): void;
}

/** The lattices that a host carries on its hub beside its own; one change at a time. */
export class Guests implements Disposable {
  readonly #options: GuestsOptions;
  readonly #lattices = new Map<string, GuestLattice>();
  #isOpen = false;
  readonly #turn = new InTurn();

  constructor(options: GuestsOptions) {
    this.#options = options;
    for (const stored of options.stored) this.#lattices.set(stored.guest.org, this.#lattice(stored));
  }

  [Symbol.dispose](): void {
    for (const { access } of this.#lattices.values()) access[Symbol.dispose]();
  }

  /** The accounts of all guests; a key that is on two lattices counts for the first. */
  accounts(): GuestAccount[] {
    const seen = new Set(this.#options.own.keys());
    return [...this.#lattices.values()].map(({ account }) => ({
      ...account,
      users: account.users.filter(({ nkey }) => !seen.has(nkey) && seen.add(nkey)),
    }));
  }

  /** Answers for every guest from now on, until it is disposed; a guest that cannot be reached keeps nobody waiting. */
  open(): AsyncDisposable {
    this.#isOpen = true;
    void this.#turn.run(() => this.#each((lattice) => lattice.open()));
    return {
      [Symbol.asyncDispose]: () => {
        this.#isOpen = false;
        return this.#turn.run(() => this.#each((lattice) => lattice.close()));
      },
    };
  }

  /** How people call the device with this key, with its lattice; undefined for a key of no guest. */
  nameOf(key: string): string | undefined {
    for (const { roster, guest } of this.#lattices.values()) {
      const device = roster.devices.find((one) => one.key === key);
      if (device) return `${device.name} of ${guest.name}`;
    }
    return undefined;
  }

  /** Whether a key may be on a guest lattice now. */
  knows(key: string, except?: string): boolean {
    return [...this.#lattices.values()].some(
      ({ guest, roster }) =>
        guest.org !== except &&
        roster.devices.some((device) => device.key === key && device.revoked_at === undefined),
    );
  }

  /** Every guest with what it uses now, by name. */
  async list(): Promise<GuestView[]> {
    const figures = await accountFigures(this.#options.monitorUrl());
    return [...this.#lattices.values()]
      .map((lattice): GuestView => {
        const { connections, storage_bytes } = figures(guestAccount(lattice.guest.org));
        const devices = lattice.roster.devices.filter((device) => device.revoked_at === undefined).length;
        const others = lattice.state.state === 'open' ? Math.max(connections - 1, 0) : connections;
        const waiting = lattice.access.waiting.devices.snapshot().length;
        return { ...lattice.guest, ...lattice.state, devices, waiting, connections: others, storage_bytes };
      })
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Who may be on a guest lattice. @throws LatticeError `not_found`. */
  access(org: string): Access {
    return this.#found(org).access;
  }

  /** Does what the machine that hosts asks. @throws LatticeError `not_found`, `conflict`, `unsafe`, `busy`, `invalid_input`, `too_large`. */
  async handle(request: GuestRequest): Promise<GuestAnswer> {
    switch (request.op) {
      case 'list':
        return { lattices: await this.list() };
      case 'access':
        return { access: await this.access(request.org).list() };
      case 'manage':
        return this.access(request.org).manage(request.request);
      case 'add':
        await this.#turn.run(() => this.#add(request.org, request.name ?? request.org, request.limits));
        return { lattices: await this.list() };
      case 'limit':
        await this.#turn.run(() => this.#limit(request.org, request.limits));
        return { lattices: await this.list() };
      case 'remove':
        return { kept: await this.#turn.run(() => this.#remove(request)) };
      default:
        return assertNever(request);
    }
  }

  /** Why no lattice can be added now, when none can. */
  get closed(): LatticeError | undefined {
    if (!this.#isOpen)
      return new LatticeError(
        'unsafe',
        'This hub listens on this machine only, so no other lattice could use it.',
        {
          hint: 'Share it first: Hub, Share in the window, or lattice serve --orchestration --share.',
        },
      );
    if (this.#lattices.size >= MAX_GUESTS)
      return new LatticeError('busy', `This hub carries ${MAX_GUESTS} other lattices already.`, {
        hint: 'Remove one first, or host a hub on another machine.',
      });
    return undefined;
  }

  async #add(org: string, name: string, change: GuestLimitChange = {}): Promise<void> {
    const { closed } = this;
    if (closed) throw closed;
    const taken = [this.#options.own.org, ...this.#lattices.keys()];
    // Some systems do not tell Team from team in the name of a folder.
    if (taken.some((one) => one.toLowerCase() === org.toLowerCase()))
      throw new LatticeError('conflict', `There is a lattice with the org ${org} on this hub already.`, {
        hint: 'Use another org.',
      });
    const guest = {
      org,
      name,
      created_at: new Date().toISOString(),
      limits: { ...DEFAULT_GUEST_LIMITS, ...present(change) },
    };
    await this.#requireRoom(guest);
    const lattice = this.#lattice(await loadGuest(this.#options.dataDir, guest));
    this.#lattices.set(org, lattice);
    try {
      await this.#apply();
      await lattice.open();
      await lattice.place();
      await this.#keep();
    } catch (error) {
      this.#lattices.delete(org);
      await lattice.close();
      await this.#apply();
      this.#options.onChanged(org);
      throw error;
    }
  }

  async #limit(org: string, change: GuestLimitChange): Promise<void> {
    const lattice = this.#found(org);
    const before = lattice.guest;
    const after = { ...before, limits: { ...before.limits, ...present(change) } };
    await this.#requireRoom(after);
    lattice.guest = after;
    try {
      await this.#apply();
      await this.#keep();
      this.#options.onChanged(org);
    } catch (error) {
      lattice.guest = before;
      await this.#apply();
      throw error;
    }
  }

  async #remove({ org, confirm, delete_data }: Extract<GuestRequest, { op: 'remove' }>): Promise<string[]> {
    const lattice = this.#found(org);
    if (confirm !== org)
      throw new LatticeError('invalid_input', `Write ${org} to remove this lattice; it says ${confirm}.`);
    if (delete_data) await (await lattice.place()).clear();
    await lattice[Symbol.asyncDispose]();
    this.#lattices.delete(org);
    await this.#keep();
    await this.#apply();
    this.#options.onChanged(org);
    const files = filesOfGuest(this.#options.dataDir, org);
    const folder = accountFolder(this.#options.storeDir, guestAccount(org));
    if (!delete_data) return [folder, files.roster];
    for (const path of [folder, files.roster, files.key]) await rm(path, { recursive: true, force: true });
    return [];
  }

  #lattice(stored: StoredGuest): GuestLattice {
    const { access, openPlace, facts, onFailed } = this.#options;
    const { org } = stored.guest;
    const lattice: GuestLattice = new GuestLattice({
      ...stored,
      open: () => openPlace(lattice),
      onFailed: (error) => onFailed(stored.guest, error),
      access: new Access({
        roster: stored.roster,
        org,
        lattice: () => lattice.guest.name,
        host: () => ({ key: stored.key.publicKey, id: access.hostId, name: access.hostName() }),
        pin: access.pin,
        addresses: access.addresses,
        addressOf: access.addressOf,
        isElsewhere: (key) => this.#options.own.keys().includes(key) || this.knows(key, org),
        apply: async () => {
          // Who is let in must be known to the others before its first message.
          await (await lattice.current())?.tellMembers();
          await this.#apply();
        },
        onRevoked: async ({ id }) => (await lattice.current())?.expel(id),
        facts: async (devices) => facts(devices, await lattice.current()),
      }),
    });
    return lattice;
  }

  #found(org: string): GuestLattice {
    const lattice = this.#lattices.get(org);
    if (lattice) return lattice;
    throw new LatticeError('not_found', `This hub carries no lattice with the org ${org}.`, {
      hint: 'lattice hub lists those that are there.',
    });
  }

  /** A hub whose lattices may use up more than it has would not start again. */
  async #requireRoom(guest: Guest): Promise<void> {
    const others = [...this.#lattices.values()].filter((one) => one.guest.org !== guest.org);
    const taken = others.map((one) => one.guest.limits);
    const before = this.#lattices.get(guest.org)?.guest.limits;
    requireRoom(guest.limits, taken, await hubRoom(this.#options.monitorUrl()), before);
  }

  #apply(): Promise<void> {
    return this.#options.apply(this.accounts());
  }

  #keep(): Promise<void> {
    return this.#options.list.keep([...this.#lattices.values()].map(({ guest }) => guest));
  }

  async #each(act: (lattice: GuestLattice) => Promise<void>): Promise<void> {
    await Promise.all([...this.#lattices.values()].map(act));
  }
}

import { createHash } from 'node:crypto';
import { LatticeError } from '../src-shared/errors.ts';
import { LiveMap, type LiveSource } from '../src-shared/live.ts';
import { present } from '../src-shared/present.ts';
import type { WaitingDevice } from '../src-shared/views/device.ts';
import type { Problem } from '../src-shared/views/node.ts';
import { Access, type AccessOptions } from './access/access.ts';
import type { Roster } from './access/roster.ts';
import { Violations } from './access/violations.ts';
import type { StationConfig } from './config/setting-table.ts';
import { addressOfKey, deviceFacts } from './device-facts.ts';
import type { Guests } from './guests/guests.ts';
import { HostedGuests } from './hosted-guests.ts';
import { type HostingParts, type HostingPlan, hostingPlan, saveShared, withSecret } from './hosting.ts';
import { Hub } from './hub/hub.ts';
import { joinAddresses } from './join-addresses.ts';
import type { Place } from './mesh-place.ts';

export interface HostedHubOptions {
  plan: HostingPlan;
  /** What lets others in; absent for a hub that only this machine may reach. */
  parts?: HostingParts | undefined;
  runtimeDir: string;
  logFile: string;
  /** The station of this process, which does not count as somebody to wait for. */
  ownStation: string;
  resourcesDir: string | undefined;
  org: string;
  latticeName(): string;
  stationName(): string;
  /** Our own station on this hub, while it is there. */
  station(): Place | undefined;
}

/** Who may be on a lattice that is hosted here, and whether its hub asks everybody for a key. */
export interface HostedMembers {
  roster: Roster;
  guarded: boolean;
  /** The secret half of the host's key, which signs the list also while the hub asks nobody for a key. */
  seed: string;
}

/** The hub that this node runs, with what lets itself and others in. */
export class HostedHub implements AsyncDisposable {
  readonly hub: Hub;
  readonly #parts: HostingParts | undefined;
  readonly #access: Access | undefined;
  /** What devices tried that their role does not allow, and what guest lattices lack, as problems to show. */
  readonly problems = new LiveMap<Problem>((problem) => problem.id);
  readonly #violations: Violations;
  readonly #guests: HostedGuests | undefined;
  #plan: HostingPlan;

  constructor(options: HostedHubOptions) {
    const { plan, parts, runtimeDir, logFile, ownStation, resourcesDir } = options;
    this.#plan = plan;
    this.#parts = parts;
    const digest = createHash('sha256').update(runtimeDir).digest('hex').slice(0, 12);
    const serverName = `lattice-${digest}`;
    if (parts && plan.byKey) this.#guests = this.#hostGuests(options, parts);
    const guests = this.#guests?.guests.accounts();
    this.hub = new Hub({ ...plan.hub, guests, runtimeDir, logFile, ownStation, resourcesDir, serverName });
    this.#violations = new Violations({
      log: this.hub.log,
      nameOf: (key) =>
        parts?.roster.devices.find((device) => device.key === key)?.name ?? this.#guests?.guests.nameOf(key),
    });
    this.#guests?.watch(this.hub.log);
    for (const { problems } of [this.#violations, ...(this.#guests ? [this.#guests] : [])])
      problems.on(({ upserts, removes }) => this.problems.apply(upserts, removes));
    if (parts && plan.byKey) this.#access = new Access(this.#accessOptions(options, parts));
  }

  /** @throws LatticeError `hub_failed` while the hub does not run. */
  requireRunning(): void {
    if (this.hub.url === undefined)
      throw new LatticeError('hub_failed', 'The hub does not run now.', { hint: 'Start it first.' });
  }

  /** How the station of this node reaches the hub. @throws LatticeError `hub_failed` while it does not run. */
  get reach() {
    const { url } = this.hub;
    if (url === undefined) throw new LatticeError('hub_failed', 'The hub ended while it started.');
    return { url, auth: this.#plan.ownAuth, tls: this.#plan.ownTls };
  }

  /** Who may be on this lattice. @throws LatticeError `unsupported` when the settings say how others get in. */
  get access(): Access {
    if (this.#access) return this.#access;
    throw new LatticeError('unsupported', 'This hub does not tell devices apart.', {
      hint: 'Remove token, users and TLS files of the hub from config.yaml, then host again.',
    });
  }

  /** Who may be on the lattice; undefined when the hub never tells devices apart. */
  get members(): HostedMembers | undefined {
    return this.#access && this.#parts
      ? { roster: this.#parts.roster, guarded: this.isGuarded, seed: this.#parts.key.seed }
      : undefined;
  }

  /** The lattices of others on this hub; absent when the settings say how others get in. */
  get guests(): Guests | undefined {
    return this.#guests?.guests;
  }

  /** What this hub answers for; who may be on the lattice is told also while it asks nobody for a key. */
  get asked(): { access?: Access; guests?: Guests; members?: HostedMembers } {
    const { members } = this;
    return present(this.isGuarded ? { access: this.#access, guests: this.guests, members } : { members });
  }

  /** Whether the hub asks everybody for a key now. */
  get isGuarded(): boolean {
    return this.#access !== undefined && this.#plan.hub.auth !== undefined;
  }

  /** Opens the hub to the network with TLS and keys, or closes it to loopback again; returns addresses without secrets. */
  async share(config: StationConfig, dataDir: string, shared: boolean): Promise<string[]> {
    if (!this.#parts)
      throw new LatticeError('unsupported', 'The private hub of this machine is never shared.', {
        hint: 'Host a lattice to let others join.',
      });
    const plan = hostingPlan(config, { ...this.#parts, shared }, dataDir);
    const { host, auth, tls } = plan.hub;
    await this.hub.reconfigure({ host, auth, tls });
    await saveShared(dataDir, shared);
    this.#plan = plan;
    return this.addresses();
  }

  /** Where others reach the hub; empty while it is not shared. */
  addresses(): string[] {
    const { shared, port } = this.hub.view.value;
    if (!shared || port === undefined) return [];
    const { host, tls } = this.#plan.hub;
    return joinAddresses(host, port).map((address) => `${tls ? 'tls' : 'nats'}://${address}`);
  }

  /** One of the addresses with its secret, for the clipboard. @throws LatticeError `invalid_input` for another one. */
  withSecret(address: string): string {
    if (this.addresses().includes(address)) return withSecret(address, this.#plan.hub.auth);
    throw new LatticeError('invalid_input', `${address} is not an address of this hub.`);
  }

  /** The devices that wait for a yes, when this hub tells devices apart. */
  get waiting(): LiveSource<WaitingDevice> | undefined {
    return this.#access?.waiting.devices;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#access?.[Symbol.dispose]();
    this.#violations[Symbol.dispose]();
    this.#guests?.[Symbol.dispose]();
    return this.hub[Symbol.asyncDispose]();
  }

  #hostGuests(options: HostedHubOptions, parts: HostingParts): HostedGuests {
    const { dataDir, guests, roster, key, certificates } = parts;
    return new HostedGuests({
      ...guests,
      dataDir,
      storeDir: this.#plan.hub.storeDir,
      own: {
        org: options.org,
        keys: () => [
          key.publicKey,
          ...roster.devices.filter((one) => one.revoked_at === undefined).map((one) => one.key),
        ],
      },
      host: { id: options.ownStation, name: options.stationName },
      pin: certificates.pin,
      addresses: () => this.addresses().map((address) => new URL(address).host),
      reach: () => this.reach,
      monitorUrl: () => this.hub.view.value.monitor_url,
      violations: () => this.#violations,
      apply: (accounts) => this.hub.reconfigure({ guests: accounts }),
    });
  }

  #accessOptions(options: HostedHubOptions, { roster, key, certificates }: HostingParts): AccessOptions {
    return {
      roster,
      org: options.org,
      lattice: options.latticeName,
      host: () => ({ key: key.publicKey, id: options.ownStation, name: options.stationName() }),
      pin: certificates.pin,
      addresses: () => this.addresses().map((address) => new URL(address).host),
      apply: async (auth) => {
        // Who is let in must be known to the others before its first message.
        await options.station()?.memberList?.publish();
        if (this.isGuarded) await this.hub.reconfigure({ auth, guests: this.#guests?.guests.accounts() });
      },
      isElsewhere: (key) => this.#guests?.guests.knows(key) === true,
      onRevoked: async ({ id }) => {
        await options.station()?.expel(id);
      },
      facts: (devices) =>
        deviceFacts(devices, {
          monitorUrl: this.hub.view.value.monitor_url,
          registry: options.station()?.mesh.registry,
          works: options.station()?.work.works.live.snapshot() ?? [],
          violations: this.#violations,
        }),
      addressOf: (key) => addressOfKey(this.hub.view.value.monitor_url, key),
    };
  }
}

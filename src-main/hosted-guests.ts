import { jetstreamManager } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import { Disposables } from '../src-shared/disposables.ts';
import type { LatticeError } from '../src-shared/errors.ts';
import { type LiveLog, LiveMap } from '../src-shared/live.ts';
import type { AgentInfo } from '../src-shared/protocol/agent.ts';
import type { NatsTls } from '../src-shared/protocol/auth.ts';
import { namesOf } from '../src-shared/protocol/subjects.ts';
import type { Guest } from '../src-shared/views/guest.ts';
import type { HubLogLine } from '../src-shared/views/hub.ts';
import type { Problem } from '../src-shared/views/node.ts';
import { keyAuth } from './access/device-key.ts';
import type { Violations } from './access/violations.ts';
import { addressOfKey, deviceFacts } from './device-facts.ts';
import type { GuestLattice, GuestPlace } from './guests/guest-lattice.ts';
import { Guests, type GuestsOptions } from './guests/guests.ts';
import { LimitWatch } from './guests/limit-watch.ts';
import { openBucket } from './mesh/buckets.ts';
import { MeshConnection } from './mesh/connection.ts';
import { Slots } from './mesh/slots.ts';
import { takePlace } from './mesh-place.ts';
import { usageBucket } from './usage/usage-share.ts';
import { ensureStores } from './work/streams.ts';

export interface HostedGuestsOptions
  extends Pick<GuestsOptions, 'list' | 'stored' | 'dataDir' | 'storeDir' | 'own' | 'monitorUrl' | 'apply'> {
  /** The station that hosts. */
  host: { id: string; name(): string };
  pin: string;
  addresses(): string[];
  /** What devices tried that their role does not allow. */
  violations(): Pick<Violations, 'of'>;
  /** Where the hub is now. @throws LatticeError `hub_failed` while it does not run. */
  reach(): { url: string; tls: NatsTls };
}

/** The guest lattices of a hub that runs here, with what a person should know of them. */
export class HostedGuests implements Disposable {
  readonly guests: Guests;
  readonly problems = new LiveMap<Problem>((problem) => problem.id);
  readonly #options: HostedGuestsOptions;
  #limits: LimitWatch | undefined;

  constructor(options: HostedGuestsOptions) {
    const { host, pin, addresses, violations, ...rest } = options;
    this.#options = options;
    this.guests = new Guests({
      ...rest,
      access: {
        hostId: host.id,
        hostName: host.name,
        pin,
        addresses,
        addressOf: (key) => addressOfKey(rest.monitorUrl(), key),
      },
      facts: (devices, place) =>
        deviceFacts(devices, {
          monitorUrl: rest.monitorUrl(),
          registry: place?.registry,
          works: place?.works() ?? [],
          violations: violations(),
        }),
      openPlace: (lattice) => this.#openPlace(lattice),
      onFailed: (guest, error) => this.#failed(guest, error),
      onChanged: (org) => {
        this.problems.delete(`guest.failed.${org}`);
        this.#limits?.changed();
      },
    });
  }

  /** Shows from now on where a guest reaches its limits, as the hub writes it down. */
  watch(log: LiveLog<HubLogLine>): void {
    this.#limits = new LimitWatch({ log, used: () => this.guests.list() });
    this.#limits.problems.on(({ upserts, removes }) => this.problems.apply(upserts, removes));
  }

  [Symbol.dispose](): void {
    this.guests[Symbol.dispose]();
    this.#limits?.[Symbol.dispose]();
  }

  #failed({ org, name }: Guest, error: LatticeError): void {
    this.problems.set({
      id: `guest.failed.${org}`,
      severity: 'error',
      area: 'hub',
      title: `Nobody can be let into the lattice ${name} now`,
      detail: `${error.message} Restart the hub to try again; who is on it stays.`,
      since: new Date().toISOString(),
    });
  }

  /** Makes what a lattice is made of, and answers who wants to be let in, over one connection into its account. */
  async #openPlace({ guest: { org, limits }, key, roster, access }: GuestLattice): Promise<GuestPlace> {
    const { host, reach } = this.#options;
    const end = new Disposables();
    try {
      const { url, tls } = reach();
      const auth = keyAuth(key);
      const connection = end.use(new MeshConnection({ url, tls, auth, kind: 'station', id: host.id }));
      await connection.open();
      const { nc } = connection;
      const names = namesOf(org);
      await ensureStores({ nc, names, limits: shareOf(limits.storage_bytes) });
      await openBucket(nc, usageBucket(names), true);
      await new Objm(nc).create(names.resultsBucket);
      const station = end.use(
        await takePlace({
          connection,
          org,
          identity: { id: host.id, name: host.name() },
          role: undefined,
          access,
          members: { roster, guarded: true, seed: key.seed },
          hostsHub: true,
          offered: new LiveMap<AgentInfo>((agent) => agent.name),
          definition: () => undefined,
          slots: new Slots({ maxParallel: 1 }),
          engine: { run: () => Promise.reject(new Error('The host offers nothing on a guest lattice.')) },
        }),
      );
      return {
        registry: station.mesh.registry,
        works: () => station.work.works.live.snapshot(),
        tellMembers: async () => station.memberList?.publish(),
        expel: (id) => station.expel(id),
        clear: async () => {
          const { streams } = await jetstreamManager(connection.nc);
          for await (const { config } of streams.list()) await streams.delete(config.name);
        },
        [Symbol.asyncDispose]: () => end[Symbol.asyncDispose](),
      };
    } catch (error) {
      await end[Symbol.asyncDispose]();
      throw error;
    }
  }
}

/** The log may take half of what a lattice may store, and what work says a quarter; the rest is for all else. */
function shareOf(bytes: number) {
  return { eventsBytes: Math.floor(bytes / 2), outputBytes: Math.floor(bytes / 4) };
}

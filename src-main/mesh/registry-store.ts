import type { KV, KvWatchEntry } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import { agentEntrySchema } from '../../src-shared/protocol/agent.ts';
import {
  type Heartbeat,
  heartbeatSchema,
  type StationManifest,
  stationManifestSchema,
} from '../../src-shared/protocol/station.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import { type BucketSpec, hubTime, openBucket } from './buckets.ts';
import type { MeshLog } from './mesh-log.ts';
import type { Problems } from './problems.ts';
import type { StoredStation } from './registry.ts';
import { encode, type Read, read } from './wire.ts';

export interface RegistryStoreOptions {
  nc: () => NatsConnection;
  names: LatticeNames;
  problems: Problems;
  log: MeshLog;
}

/** What a change in the stations bucket means. */
export type StoredChange =
  | { kind: 'put'; manifest: StationManifest; ageMs: number }
  | { kind: 'removed'; stationId: string };

interface Buckets {
  stations: KV;
  agents: KV;
  presence: KV;
  /** Milliseconds to add to the monotonic clock to get the hub's time. */
  hubOffset: number;
  empty: boolean;
}

/** How the buckets of the registry have to be. */
export function registryBuckets(names: LatticeNames): BucketSpec[] {
  return [
    { name: names.stationsBucket, history: 5, description: 'Lattice stations by id' },
    { name: names.agentsBucket, history: 5, description: 'Lattice agents by station and name' },
    { name: names.presenceBucket, history: 1, description: 'Last heartbeat of each Lattice station' },
  ];
}

const AT_ONCE = 100;
/** This much silence says that everything was read, should the hub have counted wrong. */
const QUIET_MS = 1_000;

/** The records of the lattice in the hub's buckets: everybody reads all, a station writes only its own. */
export class RegistryStore implements AsyncDisposable {
  readonly #options: RegistryStoreOptions;
  readonly #written = new Map<string, string>();
  #buckets: Buckets | undefined;
  #stopWatch: (() => void) | undefined;

  constructor(options: RegistryStoreOptions) {
    this.#options = options;
  }

  /**
   * Opens the buckets, making them with `create`; differences from what they should be become problems.
   * @throws LatticeError `unsupported` without JetStream, `not_connected` when the hub does not answer.
   */
  async open(create: boolean): Promise<void> {
    const { names, problems } = this.#options;
    const nc = this.#options.nc();
    const specs = registryBuckets(names);
    const [stations, agents, presence] = await Promise.all(specs.map((spec) => openBucket(nc, spec, create)));
    this.#written.clear();
    this.#buckets = undefined;
    if (!stations || !agents || !presence) return;
    for (const [index, bucket] of [stations, agents, presence].entries()) {
      const id = `mesh.bucket.${specs[index]?.name}`;
      if (bucket.differences.length === 0) problems.solve(id);
      else
        problems.raise({
          id,
          severity: 'warning',
          area: 'mesh',
          title: `Bucket ${specs[index]?.name} is set up differently`,
          detail: `${bucket.differences.join(' ')} Nothing was changed.`,
        });
    }
    this.#buckets = {
      stations: stations.kv,
      agents: agents.kv,
      presence: presence.kv,
      hubOffset: hubTime(stations.info) - performance.now(),
      empty: stations.info.state.messages === 0,
    };
  }

  /** Reads every record in one pass and then tells each change, until the next call or the end. */
  async follow(onChange: (change: StoredChange) => void): Promise<StoredStation[]> {
    this.#stopWatch?.();
    const buckets = this.#buckets;
    if (!buckets) return [];
    const [heartbeats, records] = await Promise.all([
      this.#heartbeats(buckets),
      this.#records(buckets, onChange),
    ]);
    return records.map(({ manifest, ageMs }) => {
      const last = heartbeats.get(manifest.station_id);
      return last && last.ageMs < ageMs ? { manifest, ...last } : { manifest, ageMs };
    });
  }

  /** One station's record, or `undefined`. */
  async station(stationId: string): Promise<StationManifest | undefined> {
    const entry = await this.#buckets?.stations.get(stationId);
    if (entry?.operation !== 'PUT') return undefined;
    const parsed = readRecord(entry.key, entry.value);
    return parsed.ok ? parsed.value : undefined;
  }

  /** Writes this station's record and what changed of its agent entries. */
  async putStation(manifest: StationManifest): Promise<void> {
    const { stations, agents } = this.#open();
    const { station_id, station_name } = manifest;
    await stations.put(station_id, encode(manifest));
    const wanted = new Map(
      manifest.agents.map((agent) => {
        const entry = agentEntrySchema.parse({ ...agent, station_id, station_name });
        return [`${station_id}.${agent.name}`, JSON.stringify(entry)];
      }),
    );
    const stale = [...this.#written.keys()].filter((key) => !wanted.has(key));
    const changed = [...wanted].filter(([key, text]) => this.#written.get(key) !== text);
    await inBatches(stale, async (key) => {
      await agents.purge(key);
      this.#written.delete(key);
    });
    await inBatches(changed, async ([key, text]) => {
      await agents.put(key, text);
      this.#written.set(key, text);
    });
  }

  /** Removes entries of this station that an earlier run left and that it no longer offers. */
  async sweepAgents(manifest: StationManifest): Promise<void> {
    const { agents } = this.#open();
    const offered = new Set(manifest.agents.map((agent) => agent.name));
    const stale: string[] = [];
    for await (const key of await agents.keys(`${manifest.station_id}.*`))
      if (!offered.has(key.slice(manifest.station_id.length + 1))) stale.push(key);
    await inBatches(stale, (key) => agents.purge(key));
  }

  async putHeartbeat(heartbeat: Heartbeat): Promise<void> {
    await this.#open().presence.put(heartbeat.station_id, encode(heartbeat));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopWatch?.();
  }

  #open(): Buckets {
    if (this.#buckets) return this.#buckets;
    throw new LatticeError('not_connected', 'The registry of this lattice is not open.');
  }

  async #records(buckets: Buckets, onChange: (change: StoredChange) => void): Promise<StoredStation[]> {
    const watch = await buckets.stations.watch();
    this.#stopWatch = () => watch.stop();
    const stored = new Map<string, StoredStation>();
    return new Promise((resolve) => {
      let loading = true;
      const ready = () => {
        loading = false;
        clearTimeout(timer);
        resolve([...stored.values()]);
      };
      const timer = setTimeout(ready, QUIET_MS);
      if (buckets.empty) ready();
      const take = (entry: KvWatchEntry) => {
        if (loading) timer.refresh();
        const change = this.#change(entry, buckets);
        if (!loading && change) onChange(change);
        else if (change?.kind === 'put') stored.set(change.manifest.station_id, change);
        if (loading && isLast(entry)) ready();
      };
      void drain(watch, take).then(ready);
    });
  }

  #change(entry: KvWatchEntry, buckets: Buckets): StoredChange | undefined {
    if (entry.operation !== 'PUT') return { kind: 'removed', stationId: entry.key };
    const parsed = readRecord(entry.key, entry.value);
    if (parsed.ok) return { kind: 'put', manifest: parsed.value, ageMs: ageOf(entry, buckets) };
    this.#options.log.refuse('station record', entry.key.slice(0, 64), parsed.why);
    return undefined;
  }

  async #heartbeats(
    buckets: Buckets,
  ): Promise<Map<string, Pick<StoredStation, 'ageMs'> & Pick<Heartbeat, 'load'>>> {
    const found = new Map<string, Pick<StoredStation, 'ageMs'> & Pick<Heartbeat, 'load'>>();
    const { values } = await buckets.presence.status();
    if (values === 0) return found;
    const watch = await buckets.presence.watch();
    const timer = setTimeout(() => watch.stop(), QUIET_MS);
    await drain(watch, (entry) => {
      timer.refresh();
      const parsed = read(heartbeatSchema, { data: entry.value });
      if (parsed.ok && parsed.value.station_id === entry.key)
        found.set(entry.key, { ageMs: ageOf(entry, buckets), load: parsed.value.load });
      if (isLast(entry)) watch.stop();
    });
    clearTimeout(timer);
    return found;
  }
}

/**
 * Whether all that was stored has come: the hub counts down what is left, and the client counts up to what there was.
 * Servers before 2.10 lose count when a value is replaced while it waits to be sent.
 */
function isLast(entry: KvWatchEntry): boolean {
  return entry.delta === 0 || entry.isUpdate;
}

/** The age of an entry by the hub's clock, which also wrote its time. */
function ageOf(entry: KvWatchEntry, buckets: Buckets): number {
  return Math.max(0, buckets.hubOffset + performance.now() - entry.created.getTime());
}

function readRecord(key: string, data: Uint8Array): Read<StationManifest> {
  const parsed = read(stationManifestSchema, { data });
  if (parsed.ok && parsed.value.station_id !== key)
    return { ok: false, why: `it is the record of ${parsed.value.station_id}` };
  return parsed;
}

async function drain<T>(items: AsyncIterable<T>, take: (item: T) => void): Promise<void> {
  try {
    for await (const item of items) take(item);
  } catch {
    // The connection ended under the watch; who reconnects follows again.
  }
}

async function inBatches<T>(items: readonly T[], run: (item: T) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE)
    await Promise.all(items.slice(start, start + AT_ONCE).map(run));
}

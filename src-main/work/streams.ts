import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { type NatsConnection, nanos } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';

const DAY_MS = 86_400_000;
const GIB = 1024 ** 3;
const SMALLEST_BYTES = 16 * 1024 ** 2;
const INSUFFICIENT_STORAGE = 10047;
const STREAM_NAME_IN_USE = 10058;

/** How much each stream keeps; ages in milliseconds, sizes in bytes (DESIGN §4). */
export interface StoreLimits {
  eventsAgeMs: number;
  eventsBytes: number;
  queueAgeMs: number;
  outputAgeMs: number;
  outputBytes: number;
  outputPerSubject: number;
}

const DEFAULT_STORE_LIMITS: StoreLimits = {
  eventsAgeMs: 30 * DAY_MS,
  eventsBytes: 4 * GIB,
  queueAgeMs: 30 * DAY_MS,
  outputAgeMs: 7 * DAY_MS,
  outputBytes: GIB,
  outputPerSubject: 10_000,
};

/** What a stream is unlike what this version would have made; a person decides about it. */
export interface StoreDifference {
  stream: string;
  field: string;
  wanted: unknown;
  found: unknown;
}

export interface EnsureStoresOptions {
  nc: NatsConnection;
  names: LatticeNames;
  limits?: Partial<StoreLimits>;
}

export type Wanted = Partial<StreamConfig> & { name: string; subjects: string[] };

/**
 * Creates the streams of durable work where they are missing and compares those that are there.
 * Never changes an existing stream. @throws LatticeError `unsupported` when JetStream is off.
 */
export async function ensureStores(options: EnsureStoresOptions): Promise<StoreDifference[]> {
  const jsm = await jetstreamManager(options.nc).catch((cause: unknown) => {
    throw new LatticeError('unsupported', 'This NATS server has no JetStream, which durable work needs.', {
      hint: 'Turn JetStream on in the server, or host a lattice with this app.',
      cause,
    });
  });
  const differences: StoreDifference[] = [];
  for (const wanted of wantedStreams(options)) differences.push(...(await ensureStream(jsm, wanted)));
  return differences;
}

/** How each stream of durable work has to be on this server. */
export function wantedStreams({ nc, names, limits }: EnsureStoresOptions): Wanted[] {
  const bounds = { ...DEFAULT_STORE_LIMITS, ...limits };
  const common = { storage: StorageType.File, num_replicas: replicasFor(nc), allow_direct: true };
  return [
    {
      ...common,
      name: names.eventsStream,
      subjects: [names.workStateAll, names.eventsAll],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(bounds.eventsAgeMs),
      max_bytes: bounds.eventsBytes,
      deny_delete: true,
      deny_purge: true,
    },
    {
      ...common,
      name: names.queueStream,
      subjects: [names.stationsWorkAll],
      retention: RetentionPolicy.Workqueue,
      max_age: nanos(bounds.queueAgeMs),
    },
    {
      ...common,
      name: names.agentQueueStream,
      subjects: [names.agentWorkAll],
      retention: RetentionPolicy.Workqueue,
      max_age: nanos(bounds.queueAgeMs),
    },
    {
      ...common,
      name: names.outputStream,
      subjects: [...names.outputAll],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(bounds.outputAgeMs),
      max_bytes: bounds.outputBytes,
      max_msgs_per_subject: bounds.outputPerSubject,
    },
  ];
}

/** Three copies as soon as a cluster has three servers, five with five. */
function replicasFor(nc: NatsConnection): number {
  const servers = nc.info?.cluster === undefined ? 1 : (nc.info.connect_urls?.length ?? 1);
  return servers >= 5 ? 5 : servers >= 3 ? 3 : 1;
}

/** Makes a stream where it is missing; says how one that is there differs. @throws LatticeError `io_failed`. */
export async function ensureStream(jsm: JetStreamManager, wanted: Wanted): Promise<StoreDifference[]> {
  const found = await findStream(jsm, wanted.name);
  if (found) return compare(wanted, found);
  const created = await createWithin(jsm, wanted);
  return compare(wanted, created);
}

async function findStream(jsm: JetStreamManager, name: string): Promise<StreamConfig | undefined> {
  try {
    return (await jsm.streams.info(name)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** A server with a small disk gets a smaller stream, which `compare` then reports. */
async function createWithin(jsm: JetStreamManager, wanted: Wanted): Promise<StreamConfig> {
  try {
    return (await jsm.streams.add(wanted)).config;
  } catch (error) {
    const code = error instanceof JetStreamApiError ? error.code : undefined;
    const smaller = Math.floor((wanted.max_bytes ?? 0) / 4);
    if (code === INSUFFICIENT_STORAGE && smaller >= SMALLEST_BYTES)
      return createWithin(jsm, { ...wanted, max_bytes: smaller });
    const other = code === STREAM_NAME_IN_USE ? await findStream(jsm, wanted.name) : undefined;
    if (other) return other;
    throw new LatticeError('io_failed', `The NATS server refused the stream ${wanted.name}.`, {
      hint: 'Look at the free space and the JetStream limits of the server.',
      cause: error,
    });
  }
}

/** How a stream differs from what it has to be, field by field. */
export function compare(wanted: Wanted, found: StreamConfig): StoreDifference[] {
  const differences: StoreDifference[] = [];
  for (const [field, value] of Object.entries(wanted)) {
    const there: unknown = found[field as keyof StreamConfig];
    const same = Array.isArray(value)
      ? JSON.stringify([...value].sort()) === JSON.stringify([...(there as string[])].sort())
      : value === (there ?? false) || value === there;
    if (!same) differences.push({ stream: wanted.name, field, wanted: value, found: there });
  }
  return differences;
}

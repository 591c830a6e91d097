import { jetstream, jetstreamManager, StorageType, type StreamInfo } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection, ServerInfo } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import { permissionRefusal } from './connection-errors.ts';

/** How a bucket has to be; what differs is reported and never changed. */
export interface BucketSpec {
  name: string;
  history: number;
  description: string;
  /** How long an entry is kept, in milliseconds; for ever without it. */
  ttlMs?: number;
}

export interface OpenBucket {
  kv: KV;
  info: StreamInfo;
  /** One sentence per difference from the specification. */
  differences: string[];
}

/** Short, because a hub that is just starting may drop a request; who needs the registry asks again. */
const JS_TIMEOUT_MS = 2_000;

/**
 * Opens a bucket, making it when `create` is set; `undefined` when it is not there.
 * @throws LatticeError `unsupported` when the server has no JetStream, `not_connected` when it does not answer.
 */
export async function openBucket(
  nc: NatsConnection,
  spec: BucketSpec,
  create: boolean,
): Promise<OpenBucket | undefined> {
  try {
    const kvm = new Kvm(jetstream(nc, { timeout: JS_TIMEOUT_MS }));
    const jsm = await jetstreamManager(nc, { timeout: JS_TIMEOUT_MS });
    const stream = `KV_${spec.name}`;
    let info = await find(jsm.streams.info(stream));
    if (!info && !create) return undefined;
    if (!info) {
      await make(kvm, spec, replicasFor(nc.info));
      info = await jsm.streams.info(stream);
    }
    return {
      kv: await kvm.open(spec.name),
      info,
      differences: differences(spec, info, replicasFor(nc.info)),
    };
  } catch (error) {
    throw explain(error, nc);
  }
}

/** The time on the hub's own clock when it answered, in milliseconds of the epoch; servers before 2.10 do not say it. */
export function hubTime(info: StreamInfo): number {
  const told = 'ts' in info && typeof info.ts === 'string' ? Date.parse(info.ts) : Number.NaN;
  return Number.isNaN(told) ? Date.now() : told;
}

/** One copy on a single server, three or five on a cluster that has as many. */
export function replicasFor(info: ServerInfo | undefined): number {
  if (!info?.cluster) return 1;
  const size = new Set(info.connect_urls ?? []).size;
  return size >= 5 ? 5 : size >= 3 ? 3 : 1;
}

async function find(info: Promise<StreamInfo>): Promise<StreamInfo | undefined> {
  try {
    return await info;
  } catch (error) {
    if (error instanceof Error && error.message === 'stream not found') return undefined;
    throw error;
  }
}

/** Two stations may make the same bucket at once; the one that comes second finds it. */
async function make(kvm: Kvm, spec: BucketSpec, replicas: number): Promise<void> {
  const { name, history, description, ttlMs } = spec;
  try {
    await kvm.create(name, {
      history,
      description,
      replicas,
      ...(ttlMs === undefined ? {} : { ttl: ttlMs }),
      storage: StorageType.File,
      timeout: JS_TIMEOUT_MS,
    });
  } catch (error) {
    if (error instanceof Error && /already in use/.test(error.message)) return;
    throw error;
  }
}

/** How a bucket differs from what it has to be, one sentence each. */
export function differences(spec: BucketSpec, { config }: StreamInfo, replicas: number): string[] {
  const found: [string, unknown, unknown][] = [
    ['versions per key', config.max_msgs_per_subject, spec.history],
    ['storage', config.storage, StorageType.File],
    ['replicas', config.num_replicas, replicas],
    ['age limit', config.max_age ?? 0, (spec.ttlMs ?? 0) * 1e6],
  ];
  return found
    .filter(([, is, wanted]) => is !== wanted)
    .map(([what, is, wanted]) => `Bucket ${spec.name} has ${what} ${is}, ${wanted} expected.`);
}

function explain(error: unknown, nc: NatsConnection): LatticeError {
  if (error instanceof LatticeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const where = nc.isClosed() ? 'the hub' : `the hub at ${nc.getServer()}`;
  if (/jetstream (is )?not enabled/i.test(message) || /no responders/i.test(message)) {
    return new LatticeError('unsupported', `JetStream is off on ${where}.`, {
      hint: 'Start nats-server with JetStream (-js), or turn it on for this account.',
      cause: error,
    });
  }
  if (permissionRefusal(error))
    return new LatticeError('auth_failed', `The user on ${where} may not use the registry: ${message}.`, {
      hint: 'lattice hub check lists all that the account lacks.',
      cause: error,
    });
  return new LatticeError('not_connected', `The registry on ${where} cannot be opened: ${message}.`, {
    hint: 'Look at the log of the hub.',
    cause: error,
  });
}

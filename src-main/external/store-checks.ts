import { JetStreamApiError, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { Objm } from '@nats-io/obj';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { StoreCheck } from '../../src-shared/views/hub-check.ts';
import { type BucketSpec, differences, openBucket, replicasFor } from '../mesh/buckets.ts';
import { registryBuckets } from '../mesh/registry-store.ts';
import { usageBucket } from '../usage/usage-share.ts';
import { compare, ensureStream, wantedStreams } from '../work/streams.ts';
import { featureOf } from './features.ts';
import { refusalText } from './refusal-text.ts';

export interface StoreChecksOptions {
  nc: NatsConnection;
  jsm: JetStreamManager;
  names: LatticeNames;
  /** Makes what is missing. */
  create: boolean;
  /** Streams that this user may not make. */
  forbidden: ReadonlySet<string>;
}

/** One store: how it is called, how it has to be, and how to make it. */
interface Store {
  kind: StoreCheck['kind'];
  name: string;
  stream: string;
  differs(info: StreamInfo): string[];
  make(): Promise<unknown>;
}

/** Looks at each stream and bucket of a lattice; makes what is missing only with `create`. */
export async function checkStores(options: StoreChecksOptions): Promise<StoreCheck[]> {
  const checks: StoreCheck[] = [];
  // One after the other, since making several at once makes small servers drop a request.
  for (const store of storesOf(options)) checks.push(await checkStore(store, options));
  return checks;
}

function storesOf({ nc, jsm, names }: StoreChecksOptions): Store[] {
  const streams = wantedStreams({ nc, names }).map(
    (wanted): Store => ({
      kind: 'stream',
      name: wanted.name,
      stream: wanted.name,
      differs: ({ config }) =>
        compare(wanted, config).map(
          ({ field, wanted: should, found }) =>
            `${field} is ${JSON.stringify(found)}, ${JSON.stringify(should)} expected.`,
        ),
      make: () => ensureStream(jsm, wanted),
    }),
  );
  const leases = { name: names.leasesBucket, history: 1, description: 'Leases of a Lattice' };
  const buckets = [...registryBuckets(names), usageBucket(names), leases].map(
    (spec: BucketSpec): Store => ({
      kind: 'bucket',
      name: spec.name,
      stream: `KV_${spec.name}`,
      differs: (info) => differences(spec, info, replicasFor(nc.info)),
      make: () => openBucket(nc, spec, true),
    }),
  );
  const results: Store = {
    kind: 'objects',
    name: names.resultsBucket,
    stream: `OBJ_${names.resultsBucket}`,
    differs: () => [],
    make: () => new Objm(nc).create(names.resultsBucket),
  };
  return [...streams, ...buckets, results];
}

async function checkStore(store: Store, options: StoreChecksOptions): Promise<StoreCheck> {
  const { jsm, create, forbidden, names } = options;
  const { kind, name, stream } = store;
  const is = (state: StoreCheck['state'], detail: string): StoreCheck => ({
    kind,
    name,
    feature: featureOf(stream, names),
    state,
    detail,
  });
  try {
    const info = await jsm.streams.info(stream);
    const differ = store.differs(info);
    return differ.length === 0 ? is('there', '') : is('differs', differ.join(' '));
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.status !== 404)
      return is('refused', `It cannot be seen: ${refusalText(error)}.`);
  }
  if (forbidden.has(stream)) return is('refused', 'It is not there, and this user may not make it.');
  if (!create) return is('absent', 'It is not there yet; the first station makes it.');
  try {
    await store.make();
    return is('made', 'It was made now.');
  } catch (error) {
    return is('refused', `It cannot be made: ${refusalText(error)}.`);
  }
}

import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { GuardedLattice } from '../src-main/testing/guarded-lattice.ts';
import { startNatsServer } from '../src-main/testing/nats-server.ts';
import { CountedSlots, startTestStation, type TestStation } from '../src-main/testing/work-station.ts';
import { type BenchResult, compared, percentile } from './result.ts';

const WORKS = 2_000;
const IN_FLIGHT = 50;
const WARM_UP = 5_000;
const SERIAL = 300;
/** What an assignment of an empty work weighs, so that both move the same. */
const ASSIGNMENT_BYTES = 1_100;
const RAW_WORKS = 6_000;
const ROUNDS = 6;

/** Work from assigned to completed, against raw JetStream publish, pull and ack of the same run on one server. */
export async function bench(): Promise<BenchResult[]> {
  const server = await startNatsServer();
  const station = await startTestStation({
    url: server.url,
    id: 'station',
    org: 'bench',
    slots: new CountedSlots(IN_FLIGHT),
    execute: async (run) => ({ status: 'completed', result: run.task }),
  });
  const nc = await connect({ servers: server.url });
  try {
    const { dispatcher } = station.service;
    const empty = async () => {
      const { id } = await dispatcher.assign({ task: 'x', agent: 'worker', requested_by: 'bench' });
      await dispatcher.await(id);
    };
    const raw = await rawQueue(nc);
    const throughput = (count: number) => assignedToCompleted(station, count);
    await throughput(WARM_UP);
    await raw(WARM_UP);
    const workRates: number[] = [];
    const rawRates: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rawRates.push(await rate(() => raw(RAW_WORKS), RAW_WORKS));
      workRates.push(await rate(() => throughput(WORKS), WORKS));
    }
    const latencies: number[] = [];
    for (let index = 0; index < SERIAL; index++) {
      const start = performance.now();
      await empty();
      latencies.push(performance.now() - start);
    }
    return [
      compared({
        name: `work assigned to completed, ${IN_FLIGHT} in flight`,
        unit: 'per s',
        value: Math.round(percentile(workRates, 0.5)),
        baseline: {
          name: 'raw JetStream publish, pull and ack',
          value: Math.round(percentile(rawRates, 0.5)),
        },
        bar: '>= 0.25 x',
      }),
      {
        name: `signed work assigned to completed, ${IN_FLIGHT} in flight`,
        unit: 'per s',
        value: Math.round(await signedRate()),
      },
      { name: 'empty work, p50', unit: 'ms', value: percentile(latencies, 0.5) },
      { name: 'empty work, p99', unit: 'ms', value: percentile(latencies, 0.99) },
    ];
  } finally {
    await nc.close();
    await station[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  }
}

/** How many works a second are done where giver and station sign everything. */
async function signedRate(): Promise<number> {
  const lattice = await GuardedLattice.start(['station']);
  try {
    await lattice.guard({ station: 'station' });
    const station = await startTestStation({
      url: lattice.server.url,
      id: 'station',
      device: await lattice.device('station'),
      slots: new CountedSlots(IN_FLIGHT),
      execute: async (run) => ({ status: 'completed', result: run.task }),
    });
    await assignedToCompleted(station, WORKS);
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round++)
      rates.push(await rate(() => assignedToCompleted(station, WORKS), WORKS));
    await station[Symbol.asyncDispose]();
    return percentile(rates, 0.5);
  } finally {
    await lattice[Symbol.asyncDispose]();
  }
}

/** Assigns works, some at a time, and waits until the board says that as many have completed. */
async function assignedToCompleted({ service }: TestStation, count: number): Promise<void> {
  let left = count;
  const done = new Promise<void>((resolve) => {
    const watching = service.works.live.on(({ upserts }) => {
      left -= upserts.filter((work) => work.status === 'completed').length;
      if (left > 0) return;
      watching[Symbol.dispose]();
      resolve();
    });
  });
  const assign = () => service.dispatcher.assign({ task: 'x', agent: 'worker', requested_by: 'bench' });
  await inFlight(async () => void (await assign()), count);
  await done;
}

/** A work queue as JetStream has it: what one can do at best. */
async function rawQueue(nc: NatsConnection): Promise<(count: number) => Promise<void>> {
  const jsm = await jetstreamManager(nc);
  const js = jetstream(nc);
  await jsm.streams.add({ name: 'RAW', subjects: ['raw.queue'], retention: RetentionPolicy.Workqueue });
  await jsm.consumers.add('RAW', {
    durable_name: 'raw',
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: 10_000,
  });
  const consumer = await js.consumers.get('RAW', 'raw');
  const payload = Buffer.alloc(ASSIGNMENT_BYTES, 'x');
  return async (count) => {
    let left = count;
    const messages = await consumer.consume({ max_messages: IN_FLIGHT });
    const consumed = (async () => {
      for await (const message of messages) {
        message.ack();
        if (--left === 0) return;
      }
    })();
    await inFlight(async () => void (await js.publish('raw.queue', payload)), count);
    await consumed;
    await messages.close();
  };
}

async function inFlight(act: () => Promise<void>, count: number): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await act();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

async function rate(act: () => Promise<void>, count: number): Promise<number> {
  const start = performance.now();
  await act();
  return count / ((performance.now() - start) / 1_000);
}

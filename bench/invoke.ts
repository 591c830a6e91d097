import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { ulid } from 'ulid';
import { MeshConnection } from '../src-main/mesh/connection.ts';
import { joinMesh, observeMesh } from '../src-main/mesh/mesh.ts';
import { Slots } from '../src-main/mesh/slots.ts';
import { Signing } from '../src-main/signing/signing.ts';
import { platformFacts } from '../src-main/system/platform.ts';
import { GuardedLattice } from '../src-main/testing/guarded-lattice.ts';
import { startNatsServer } from '../src-main/testing/nats-server.ts';
import { LiveMap } from '../src-shared/live.ts';
import type { AgentInfo } from '../src-shared/protocol/agent.ts';
import { type BenchResult, compared, percentile } from './result.ts';

/** Calls until the engine has compiled both paths. */
const WARM = 3_000;
const SERIAL = 3_000;
const BURST = 5_000;
const IN_FLIGHT = 100;

/** A hub, and the keys of both sides where it asks for them. */
interface Place {
  url: string;
  org: string;
  keys?: { station: string; caller: string };
}

/** An echo agent on a station of its own thread, on a hub that asks nobody for a key, and on one where all is signed. */
export async function bench(): Promise<BenchResult[]> {
  const server = await startNatsServer();
  const guarded = await GuardedLattice.start(['station', 'caller']);
  try {
    await guarded.guard({ station: 'station', caller: 'operator' });
    const [station, caller] = [await guarded.device('station'), await guarded.device('caller')];
    const keys = { station: station.seed, caller: caller.seed };
    return [
      ...(await measure('invoke', { url: server.url, org: 'bench' })),
      ...(await measure('signed invoke', { url: guarded.server.url, org: guarded.org, keys })),
    ];
  } finally {
    await guarded[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  }
}

/** Calls against raw request-reply with the same thread, in turns on one server. */
async function measure(name: string, place: Place): Promise<BenchResult[]> {
  const { url, org, keys } = place;
  const station = new Worker(new URL(import.meta.url), { workerData: place });
  await once(station, 'message');
  const auth = keys ? { auth: { nkeySeed: keys.caller } } : {};
  const caller = new MeshConnection({ url, kind: 'command', id: ulid(), ...auth });
  await caller.open();
  const signing = await Signing.open({ nc: caller.nc, org, id: 'caller', key: caller.signingKey });
  const observer = await observeMesh({ connection: caller, org, callerId: ulid(), signing });
  try {
    const payload = new TextEncoder().encode('x'.repeat(128));
    const task = 'x'.repeat(128);
    const rawCall = () => caller.nc.request('raw.echo', payload, { timeout: 5_000 });
    const invoke = () => observer.invoker.invoke({ target: { agent: 'echo' }, task });
    await serial(rawCall, WARM);
    await serial(invoke, WARM);
    const rawTimes: number[] = [];
    const invokeTimes: number[] = [];
    for (let round = 0; round < 6; round++) {
      rawTimes.push(...(await serial(rawCall, SERIAL / 6)));
      invokeTimes.push(...(await serial(invoke, SERIAL / 6)));
    }
    const rawRate = await perSecond(rawCall);
    const invokeRate = await perSecond(invoke);
    const rawName = 'raw nats.js request-reply';
    return [
      compared({
        name: `${name} p50`,
        unit: 'ms',
        value: percentile(invokeTimes, 0.5),
        baseline: { name: rawName, value: percentile(rawTimes, 0.5) },
        ...(keys ? {} : { bar: '<= 1.3 x' }),
      }),
      compared({
        name: `${name} p99`,
        unit: 'ms',
        value: percentile(invokeTimes, 0.99),
        baseline: { name: rawName, value: percentile(rawTimes, 0.99) },
      }),
      compared({
        name: `${name} throughput, ${IN_FLIGHT} in flight`,
        unit: 'per s',
        value: Math.round(invokeRate),
        baseline: { name: rawName, value: Math.round(rawRate) },
      }),
    ];
  } finally {
    for (const each of [observer, signing, caller]) await each[Symbol.asyncDispose]();
    await station.terminate();
  }
}

/** The other side: a station with an echo agent, and a bare responder. */
async function answer({ url, org, keys }: Place): Promise<void> {
  const auth = keys ? { auth: { nkeySeed: keys.station } } : {};
  const connection = new MeshConnection({ url, kind: 'station', id: 'station', ...auth });
  await connection.open();
  const signing = await Signing.open({ nc: connection.nc, org, id: 'station', key: connection.signingKey });
  const agents = new LiveMap<AgentInfo>((agent) => agent.name);
  agents.set({
    name: 'echo',
    description: '',
    capabilities: [],
    runner: 'command',
    digest: '0'.repeat(64),
    registered_at: new Date().toISOString(),
  });
  await joinMesh({
    connection,
    org,
    signing,
    identity: { id: 'station', name: 'station' },
    version: '0',
    hostsHub: false,
    platform: platformFacts(),
    agents,
    slots: new Slots({ maxParallel: IN_FLIGHT }),
    execute: async (_agent, request) => ({ status: 'completed', result: request.task }),
  });
  connection.nc.subscribe('raw.echo', { callback: (_error, message) => void message.respond(message.data) });
  parentPort?.postMessage('ready');
}

async function serial(call: () => Promise<unknown>, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times;
}

async function perSecond(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let left = BURST;
  const lane = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return BURST / ((performance.now() - start) / 1_000);
}

if (!isMainThread) await answer(workerData);

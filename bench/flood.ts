import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { MeshConnection } from '../src-main/mesh/connection.ts';
import { Signing } from '../src-main/signing/signing.ts';
import { GuardedLattice, type TestDevice } from '../src-main/testing/guarded-lattice.ts';
import { FixedMesh, startTestStation } from '../src-main/testing/work-station.ts';
import { StreamPublisher } from '../src-main/work/publisher.ts';
import { isSaidBySender } from '../src-main/work/said-signature.ts';
import { openWork } from '../src-main/work/work-service.ts';
import { namesOf } from '../src-shared/protocol/subjects.ts';
import { progressMessageSchema } from '../src-shared/protocol/work-output.ts';
import { type BenchResult, compared, percentile } from './result.ts';

const PER_SECOND = 2_000;
const SECONDS = 5;
const SAID = PER_SECOND * SECONDS;
const TICK_MS = 5;
/** How long the last message may take. */
const LAST_MS = 10_000;
const WORK = 'flood';
const names = namesOf('test');

/** What a watcher heard, by when it was said. */
interface Heard {
  latencies: number[];
  /** Share of the time its thread was busy. */
  busy: number;
}

/** A work that says 2,000 times a second how far it is, on a hub where all is signed, and one who watches. */
export async function bench(): Promise<BenchResult[]> {
  const lattice = await GuardedLattice.start(['station', 'watcher']);
  await lattice.guard({ station: 'station', watcher: 'operator' });
  const [{ seed }, watcher] = [await lattice.device('station'), await lattice.device('watcher')];
  const station = new Worker(new URL(import.meta.url), { workerData: { url: lattice.server.url, seed } });
  await once(station, 'message');
  try {
    return [
      ...figures('signed progress, each message checked', await hearEach(watcher, station)),
      ...figures('signed progress of an agent, on a board', await watchBoard(watcher)),
    ];
  } finally {
    await station.terminate();
    await lattice[Symbol.asyncDispose]();
  }
}

function figures(what: string, { latencies, busy }: Heard): BenchResult[] {
  const said = { name: 'said', value: SAID };
  return [
    compared({ name: `${what}: heard`, unit: 'messages', value: latencies.length, baseline: said }),
    { name: `${what}: p50`, unit: 'ms', value: Number(percentile(latencies, 0.5).toFixed(2)) },
    { name: `${what}: p99`, unit: 'ms', value: Number(percentile(latencies, 0.99).toFixed(2)) },
    { name: `${what}: share of a core`, unit: '%', value: Number((busy * 100).toFixed(1)) },
  ];
}

/** Every message for itself, as it comes over the wire. */
function hearEach({ nc, signing }: TestDevice, station: Worker): Promise<Heard> {
  return hear(async (told) => {
    const heard = nc.subscribe(names.workProgress(WORK, 'station'), {
      callback: (_, message) => {
        const said = progressMessageSchema.parse(message.json());
        if (isSaidBySender(signing, message, said)) told(said.progress.message, said.seq === SAID);
      },
    });
    await nc.flush();
    station.postMessage('flood');
    return () => heard.unsubscribe();
  });
}

/** What a board shows: the station puts together what an agent says in quick succession. */
function watchBoard({ nc, signing }: TestDevice): Promise<Heard> {
  return hear(async (told) => {
    const mesh = new FixedMesh();
    mesh.set('station', 'online', { worker: [] });
    const access = await openWork({ nc, org: 'test', mesh, signing });
    const board = await access.openBoard(true);
    board.live.on(({ upserts }) => {
      for (const { progress, ended_at } of upserts) told(progress?.message, ended_at !== undefined);
    });
    await access.dispatcher.assign({ task: 'flood', agent: 'worker', requested_by: 'bench' });
    return () => board[Symbol.asyncDispose]();
  });
}

/** Gathers what `start` tells until the last of it; a text that is no time, or came before, does not count. */
async function hear(
  start: (told: (sentAt: string | undefined, last: boolean) => void) => Promise<() => unknown>,
): Promise<Heard> {
  const latencies: number[] = [];
  let before: string | undefined;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const idle = performance.eventLoopUtilization();
  const stop = await start((sentAt, last) => {
    if (sentAt !== before && Number(sentAt) > 0) latencies.push(now() - Number(sentAt));
    before = sentAt;
    if (last) end();
  });
  await Promise.race([ended, pause(SECONDS * 1_000 + LAST_MS, undefined, { ref: false })]);
  const { utilization } = performance.eventLoopUtilization(idle);
  await stop();
  return { latencies, busy: utilization };
}

/** Both threads read the same clock. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Calls `say` at the rate of the flood, with its number from 1. */
async function flood(say: (number: number) => void): Promise<void> {
  const started = performance.now();
  for (let said = 0; said < SAID; await pause(TICK_MS)) {
    const due = Math.min(SAID, ((performance.now() - started) / 1_000) * PER_SECOND);
    while (said < due) say(++said);
  }
}

/** The other side: a station whose agent talks without end, and the same without an agent. */
async function speak({ url, seed }: { url: string; seed: string }): Promise<void> {
  const connection = new MeshConnection({ url, kind: 'station', id: 'station', auth: { nkeySeed: seed } });
  await connection.open();
  const { nc, signingKey } = connection;
  const signing = await Signing.open({ nc, org: 'test', id: 'station', key: signingKey });
  await startTestStation({
    url,
    id: 'station',
    device: { nc, signing },
    execute: async (_run, { report }) => {
      await flood(() => report({ type: 'progress', message: String(now()) }));
      return { status: 'completed', result: '' };
    },
  });
  const publisher = StreamPublisher.of(nc);
  const subject = names.workProgress(WORK, 'station');
  parentPort?.on('message', () =>
    flood((seq) => {
      const said = { attempt: 1, seq, time: new Date().toISOString(), progress: { message: String(now()) } };
      const payload = Buffer.from(JSON.stringify(said));
      const id = `flood.${seq}`;
      const lines = signing.lines({ kind: 'said', subject, id, attempt: 1, buildsOn: seq }, payload);
      void publisher.publish(subject, payload, { id, lines });
    }),
  );
  parentPort?.postMessage('ready');
}

if (!isMainThread) await speak(workerData);

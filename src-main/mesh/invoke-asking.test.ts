import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type InvokeReport,
  type InvokeRequest,
  invokeReplySchema,
} from '../../src-shared/protocol/invoke.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import type { InvokeOptions } from './agent-call.ts';
import { InvokeScene } from './invoke-scene.ts';
import type { Execute } from './invoke-server.ts';
import { failure, Gate, type TestStation, type TestStationOptions } from './test-station.ts';

const SOON = { timeout: 8_000, interval: 10 };
const names = namesOf('default');
const request = { invocation_id: 'i1', agent: 'echo', task: 'hi', timeout_ms: 5_000 };

/** Nobody counts as gone while a test waits. */
const PATIENT = { lateAfterMs: 20_000, offlineAfterMs: 30_000, returnWaitMs: 8_000 };

let scene: InvokeScene;

beforeEach(async () => {
  scene = await InvokeScene.start(PATIENT);
});

afterEach(() => scene[Symbol.asyncDispose]());

const worker = (options?: Partial<TestStationOptions>) => scene.worker(options);
const call = (change?: Partial<InvokeOptions>) => scene.call(change);

/** All that is sent to a station, as a third party hears it. */
async function requestsTo(station: string): Promise<InvokeRequest[]> {
  const heard: InvokeRequest[] = [];
  const { nc } = scene.caller.connection;
  nc.subscribe(names.agentInvoke(station), {
    callback: (_error, message) => void heard.push(message.json()),
  });
  await nc.flush();
  return heard;
}

/** Sends a request as a foreign program does and gives the first answer. */
async function answerTo(station: string, message: unknown) {
  const subject = names.agentInvoke(station);
  const reply = await scene.caller.connection.nc.request(subject, JSON.stringify(message), {
    timeout: 5_000,
  });
  return invokeReplySchema.parse(reply.json());
}

const startOf = (station: TestStation) => scene.caller.mesh.registry.manifest(station.id)?.started_at;

/** The connections of a station to its hub, which can break so that only the station notices. */
async function breakableLine(port: number) {
  const ofStation = new Set<Socket>();
  const ofHub = new Set<Socket>();
  let isUp = true;
  const relay = createServer((from) => {
    if (!isUp) return void from.destroy();
    const to = connect(port, '127.0.0.1');
    ofStation.add(from);
    ofHub.add(to);
    from.pipe(to, { end: false });
    to.pipe(from);
    for (const socket of [from, to]) socket.on('error', () => socket.destroy());
    // What the hub still sends is swallowed, as by a network that drops it.
    from.on('close', () => to.unpipe(from).resume());
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const address = relay.address();
  const line = {
    url: `nats://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    breaks: (how: 'unseen by the hub' | 'both ways') => {
      isUp = false;
      for (const socket of ofStation) socket.destroy();
      if (how === 'both ways') for (const socket of ofHub) socket.destroy();
    },
    isThereAgain: () => {
      isUp = true;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of [...ofStation, ...ofHub]) socket.destroy();
      relay.close();
      await once(relay, 'close');
    },
  };
  return scene.own(line);
}

describe('a call that gets lost', () => {
  it('on a connection that only its station knows to be broken starts there later, once', async () => {
    const tasks: string[] = [];
    const line = await breakableLine(scene.server.port);
    const forge = await worker({
      url: line.url,
      execute: async (_agent, { task }) => {
        tasks.push(task);
        return { status: 'completed', result: 'done' };
      },
    });
    line.breaks('unseen by the hub');
    await vi.waitFor(() => expect(forge.connection.connected).toBe(false), SOON);
    const running = call({ task: 'say hi' });
    const heard = await requestsTo(forge.id);
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(1), SOON);
    expect(tasks).toEqual([]);
    line.isThereAgain();
    expect((await running).result).toBe('done');
    expect(tasks).toEqual(['say hi']);
  });

  it('with the process of its station ends at once when another one took its place', async () => {
    const gate = new Gate();
    const forge = await worker({ execute: gate.execute });
    const lost = failure(call());
    await vi.waitFor(() => expect(gate.signals).toHaveLength(1), SOON);
    await forge.crash();
    await worker({ id: forge.id });
    expect(await lost).toMatchObject({ code: 'station_lost', message: /does not know this call/ });
  });
});

describe('a call to the only station', () => {
  /** A station whose hub knows that its connection is gone, and who else does not. */
  async function gone() {
    const execute = vi.fn<Execute>(async () => ({ status: 'completed', result: 'done' }));
    const line = await breakableLine(scene.server.port);
    const forge = await worker({ url: line.url, execute });
    line.breaks('both ways');
    await vi.waitFor(() => expect(forge.connection.connected).toBe(false), SOON);
    const publish = vi.spyOn(scene.caller.connection.nc, 'publish');
    const sent = () =>
      publish.mock.calls.filter(([subject]) => subject === names.agentInvoke(forge.id)).length;
    return { execute, line, sent };
  }

  it('waits for it to listen again', async () => {
    const { execute, line, sent } = await gone();
    const running = call();
    await vi.waitFor(() => expect(sent()).toBeGreaterThan(2), SOON);
    line.isThereAgain();
    expect((await running).result).toBe('done');
    expect(execute).toHaveBeenCalledTimes(1);
  });

  it('never starts when it was cancelled meanwhile', async () => {
    const { execute, line, sent } = await gone();
    const stop = new AbortController();
    const running = failure(call({ signal: stop.signal }));
    await vi.waitFor(() => expect(sent()).toBeGreaterThan(2), SOON);
    stop.abort();
    expect(await running).toMatchObject({
      code: 'cancelled',
      message: 'echo was cancelled before it started.',
    });
    line.isThereAgain();
    expect((await call()).result).toBe('done');
    expect(execute).toHaveBeenCalledTimes(1);
  });
});

describe('a silent call', () => {
  it('is asked about without its task once it runs, and tells how it stands only once', async () => {
    const gate = new Gate();
    const forge = await worker({ execute: gate.execute, maxParallel: 1 });
    const blocking = call();
    await vi.waitFor(() => expect(gate.signals).toHaveLength(1), SOON);
    const heard = await requestsTo(forge.id);
    const told: InvokeReport['report'][] = [];
    const running = call({ waitMs: 60_000, task: 'long', onReport: (report) => told.push(report) });
    await vi.waitFor(() => expect(heard.filter(({ resend }) => resend).length).toBeGreaterThan(3), SOON);
    gate.finish('first');
    await blocking;
    await vi.waitFor(() => expect(gate.signals).toHaveLength(2), SOON);
    const before = heard.length;
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(before + 2), SOON);
    gate.finish('second');
    expect((await running).result).toBe('second');
    expect(told).toEqual([{ type: 'queued', position: 0 }, { type: 'started' }]);
    expect(heard.filter(({ task }) => task === 'long')).toHaveLength(1);
    expect(gate.signals).toHaveLength(2);
  });

  it('is asked about by a caller that wanted no reports, too', async () => {
    const gate = new Gate();
    const forge = await worker({ execute: gate.execute });
    const heard = await requestsTo(forge.id);
    const running = call({ task: 'long' });
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(3), SOON);
    gate.finish('done');
    expect((await running).result).toBe('done');
    expect(heard.filter(({ task }) => task === 'long').length).toBeLessThanOrEqual(2);
    expect(gate.signals).toHaveLength(1);
  });
});

describe('a request that comes again', () => {
  it('starts what this process never got, and nothing a second time', async () => {
    const execute = vi.fn<Execute>(async () => ({ status: 'completed', result: 'ran' }));
    const forge = await worker({ execute });
    const again = { ...request, resend: { age_ms: 5_000, station_start: startOf(forge) } };
    expect(await answerTo(forge.id, again)).toMatchObject({ status: 'completed', result: 'ran' });
    // So many that the outcome is forgotten; that it ran is not.
    for (let n = 0; n < 501; n++) await answerTo(forge.id, { ...request, invocation_id: `other-${n}` });
    for (const late of [again, { ...request, invocation_id: 'other-0', resend: again.resend }]) {
      const error = { code: 'station_lost', message: expect.stringContaining('does not know this call') };
      expect(await answerTo(forge.id, late)).toMatchObject({ status: 'failed', error });
    }
    expect(execute).toHaveBeenCalledTimes(502);
  });

  it.each<[string, (start: string | undefined) => unknown]>([
    ['an earlier process', () => ({ age_ms: 10, station_start: '2026-11-01T00:00:00.000Z' })],
    ['nobody knows which process', () => ({ age_ms: 10 })],
    ['a time that is forgotten', (start) => ({ age_ms: 3_600_000, station_start: start })],
  ])('starts nothing when it went to %s first', async (_name, resend) => {
    const execute = vi.fn<Execute>(async () => ({ status: 'completed', result: 'ran' }));
    const forge = await worker({ execute });
    expect(await answerTo(forge.id, { ...request, resend: resend(startOf(forge)) })).toMatchObject({
      status: 'failed',
      error: { code: 'station_lost' },
    });
    expect(execute).not.toHaveBeenCalled();
  });

  it.each([true, {}, { age_ms: -1 }, { age_ms: 1, station_start: 'now' }])(
    'is refused when it says %j of its first time',
    async (resend) => {
      const forge = await worker();
      expect(await answerTo(forge.id, { ...request, resend })).toMatchObject({
        status: 'failed',
        error: { code: 'invalid_input', message: expect.stringContaining('resend') },
      });
    },
  );
});

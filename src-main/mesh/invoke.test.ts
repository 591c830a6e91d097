import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InvokeReport } from '../../src-shared/protocol/invoke.ts';
import type { InvokeOptions } from './agent-call.ts';
import { InvokeScene } from './invoke-scene.ts';
import type { Route } from './router.ts';
import { failure, Gate, type TestStationOptions } from './test-station.ts';

let scene: InvokeScene;

beforeEach(async () => {
  scene = await InvokeScene.start();
});

afterEach(() => scene[Symbol.asyncDispose]());

const worker = (options?: Partial<TestStationOptions>) => scene.worker(options);
const call = (change?: Partial<InvokeOptions>) => scene.call(change);

describe('a call', () => {
  it('brings back the result, from where, and why there', async () => {
    const forge = await worker();
    const routes: Route[] = [];
    const done = await call({ context: { k: 'v' }, onRoute: (chosen) => routes.push(chosen) });
    expect(done).toMatchObject({ stationId: forge.id, stationName: 'forge', agent: 'echo', result: 'hi' });
    expect(routes[0]?.candidates).toMatchObject([
      { chosen: true, reason: '0 of 4 busy, the only one online' },
    ]);
  });

  it('passes on what the agent failed with', async () => {
    const error = { code: 'agent_failed' as const, message: 'It broke.', hint: 'Mend it.' };
    const forge = await worker({ execute: async () => ({ status: 'failed', error }) });
    const told = await failure(call());
    expect(told.toShape()).toMatchObject({ ...error, details: { station_id: forge.id, agent: 'echo' } });
  });

  it('survives an agent that throws', async () => {
    await worker({
      execute: async () => {
        throw new Error('oh');
      },
    });
    expect((await failure(call())).toShape()).toMatchObject({ code: 'internal', message: 'oh' });
  });

  it('hears reports in order before the result, text that comes together in one', async () => {
    await worker({
      execute: async (_agent, _request, { report }) => {
        for (const text of ['a', 'b', 'c']) report({ type: 'output', text });
        report({ type: 'progress', percent: 50 });
        report({ type: 'output', text: 'd'.repeat(200_000) });
        return { status: 'completed', result: 'done' };
      },
    });
    const said: InvokeReport['report'][] = [];
    await call({ onReport: (report) => said.push(report) });
    expect(said.slice(0, 3)).toEqual([
      { type: 'started' },
      { type: 'output', text: 'abc' },
      { type: 'progress', percent: 50 },
    ]);
    const rest = said.slice(3).map((report) => (report.type === 'output' ? report.text : ''));
    expect(rest.join('')).toBe('d'.repeat(200_000));
  });

  it('runs in parallel up to the limit, then says busy with the load', async () => {
    const gate = new Gate();
    await worker({ execute: gate.execute, maxParallel: 2 });
    const running = [call(), call()];
    await vi.waitFor(() => expect(gate.signals).toHaveLength(2));
    const busy = await failure(call());
    expect(busy).toMatchObject({ code: 'busy', details: { running: 2, capacity: 2 } });
    expect(busy.message).toBe('forge is busy: 2 of 2 run.');
    gate.finish('ok');
    await Promise.all(running);
  });

  it('waits for a slot when it asked to, and says that it does', async () => {
    const gate = new Gate();
    const forge = await worker({ execute: gate.execute, maxParallel: 1 });
    const first = call();
    await vi.waitFor(() => expect(gate.signals).toHaveLength(1));
    const said: string[] = [];
    const second = call({ waitMs: 5_000, onReport: ({ type }) => said.push(type) });
    await vi.waitFor(() => expect(said).toEqual(['queued']));
    await vi.waitFor(() =>
      expect(scene.caller.mesh.registry.stations.get(forge.id)?.load).toMatchObject({
        running: 1,
        queued: 1,
      }),
    );
    gate.finish('one');
    expect((await first).result).toBe('one');
    await vi.waitFor(() => expect(gate.signals).toHaveLength(2));
    gate.finish('two');
    expect((await second).result).toBe('two');
    expect(said).toEqual(['queued', 'started']);
    expect((await failure(call({ waitMs: 0, timeoutMs: 20 }))).code).toBe('timeout');
  });

  it('goes to the next station when the first turns out to be busy', async () => {
    const gate = new Gate();
    const forge = await worker({
      execute: gate.execute,
      maxParallel: 1,
      timing: { loadChangeMs: 60_000, heartbeatMs: 400 },
    });
    const anvil = await worker({ name: 'anvil', id: `${forge.id}Z` });
    forge.mesh.invoker.invoke({ target: { agent: 'forge/echo' }, task: 'x' }).catch(() => {});
    await vi.waitFor(() => expect(gate.signals).toHaveLength(1));
    scene.caller.mesh.registry.heard(forge.id, { running: 0, capacity: 100, queued: 0, cpu: 0, memory: 0 });
    const routes: Route[] = [];
    const done = await call({ onRoute: (chosen) => routes.push(chosen) });
    expect(routes.map(({ choice }) => choice.stationId)).toEqual([forge.id, anvil.id]);
    expect(done.stationId).toBe(anvil.id);
    expect(routes[1]?.candidates.find((one) => one.station_id === forge.id)?.reason).toBe('1 of 1 busy');
    gate.finish('x');
  });

  it('goes on when nobody listens at the first station, and says so when there is no other', async () => {
    const forge = await worker();
    await forge.crash();
    const alone = await failure(call());
    expect(alone).toMatchObject({ code: 'station_lost' });
    expect(alone.message).toBe('forge does not answer calls.');
    const anvil = await worker({ name: 'anvil' });
    scene.caller.mesh.registry.heard(forge.id, { running: 0, capacity: 100, queued: 0, cpu: 0, memory: 0 });
    scene.caller.mesh.registry.heard(anvil.id, { running: 1, capacity: 4, queued: 0, cpu: 0, memory: 0 });
    expect((await call()).stationId).toBe(anvil.id);
  });

  it('says who could not take it', async () => {
    await worker();
    const error = await failure(call({ target: { agent: 'absent' } }));
    expect(error).toMatchObject({ code: 'no_candidate', message: 'No station offers absent.' });
  });
});

describe('a call that ends early', () => {
  it('is stopped on its station when the caller aborts, and both know it', async () => {
    const gate = new Gate();
    const forge = await worker({ execute: gate.execute });
    const stop = new AbortController();
    const running = failure(call({ signal: stop.signal }));
    await vi.waitFor(() => expect(gate.signals).toHaveLength(1));
    stop.abort();
    expect(await running).toMatchObject({ code: 'cancelled', message: 'The caller cancelled it.' });
    expect(gate.signals[0]?.aborted).toBe(true);
    await vi.waitFor(() => expect([forge.mesh.serving, forge.slots.running]).toEqual([0, 0]));
  });

  it('never starts when it is cancelled in the queue or before it was sent', async () => {
    const gate = new Gate();
    const forge = await worker({ execute: gate.execute, maxParallel: 1 });
    const first = call();
    await vi.waitFor(() => expect(gate.signals).toHaveLength(1));
    const stop = new AbortController();
    const queued = failure(call({ waitMs: 60_000, signal: stop.signal }));
    await vi.waitFor(() => expect(forge.slots.queued).toBe(1));
    stop.abort();
    expect((await queued).code).toBe('cancelled');
    expect((await failure(call({ signal: stop.signal }))).code).toBe('cancelled');
    gate.finish('ok');
    await first;
    expect(gate.signals).toHaveLength(1);
  });

  it('is stopped at its deadline, and keeps its slot until the run is gone', async () => {
    let release = () => {};
    let aborted = false;
    const forge = await worker({
      execute: (_agent, _request, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
          release = () => resolve({ status: 'completed', result: 'too late' });
        }),
    });
    const error = await failure(call({ timeoutMs: 60 }));
    expect(error).toMatchObject({ code: 'timeout' });
    expect(error.message).toBe('echo did not finish within 0.06 s and was stopped.');
    expect([aborted, forge.slots.running]).toEqual([true, 1]);
    release();
    await vi.waitFor(() => expect(forge.slots.running).toBe(0));
  });

  it('is lost when its station dies, and fails at once when it stops', async () => {
    const gate = new Gate();
    const forge = await worker({ execute: gate.execute });
    const lost = failure(call());
    await vi.waitFor(() => expect(gate.signals).toHaveLength(1));
    await forge.crash();
    const error = await lost;
    expect(error).toMatchObject({ code: 'station_lost' });
    expect(error.message).toContain('forge went offline while it ran echo');

    const anvil = await worker({ name: 'anvil', execute: gate.execute });
    const stopped = failure(call());
    await vi.waitFor(() => expect(gate.signals).toHaveLength(2));
    await anvil[Symbol.asyncDispose]();
    expect(await stopped).toMatchObject({ code: 'station_lost', message: 'anvil stopped while it ran.' });
  });

  it('is stopped when the caller is gone', async () => {
    const gate = new Gate();
    const forge = await worker({ execute: gate.execute, probeMs: 30 });
    const publish = vi.spyOn(forge.connection.nc, 'publish');
    const probes = () => publish.mock.calls.filter(([subject]) => subject.endsWith('.alive'));
    const running = failure(call({ timeoutMs: 60_000 }));
    // More than it takes to call a silent caller gone.
    await vi.waitFor(() => expect(probes().length).toBeGreaterThan(5));
    expect(gate.signals[0]?.aborted).toBe(false);
    await scene.caller.crash();
    await vi.waitFor(() => expect(gate.signals[0]?.aborted).toBe(true));
    scene.caller.mesh.invoker[Symbol.dispose]();
    expect((await running).code).toBe('cancelled');
  });
});

describe('a lost connection', () => {
  it('does not end a call that still runs', async () => {
    const gate = new Gate();
    await worker({ execute: gate.execute });
    const running = call();
    await vi.waitFor(() => expect(gate.signals).toHaveLength(1));
    await scene.server.kill();
    await vi.waitFor(() => expect(scene.caller.connection.connected).toBe(false));
    await scene.startHubAgain();
    await vi.waitFor(() => expect(scene.caller.connection.connected).toBe(true), 5_000);
    gate.finish('after all');
    expect((await running).result).toBe('after all');
    expect(gate.signals).toHaveLength(1);
  });

  it('does not lose a result that came while it was away', async () => {
    const gate = new Gate();
    const forge = await worker({ execute: gate.execute });
    const running = call();
    await vi.waitFor(() => expect(gate.signals).toHaveLength(1));
    await scene.server.kill();
    await vi.waitFor(() =>
      expect([scene.caller, forge].map((one) => one.connection.connected)).toEqual([false, false]),
    );
    gate.finish('unheard');
    await scene.startHubAgain();
    expect((await running).result).toBe('unheard');
    expect(gate.signals).toHaveLength(1);
  });

  it('refuses new calls with the reason', async () => {
    await worker();
    await scene.server.kill();
    await vi.waitFor(() => expect(scene.caller.connection.connected).toBe(false));
    expect((await failure(call())).toShape()).toMatchObject({ code: 'not_connected' });
  });
});

it('a burst spreads over replicas before their next heartbeat', async () => {
  const slow = { heartbeatMs: 400, loadChangeMs: 60_000 };
  const gate = new Gate();
  const forge = await worker({ execute: gate.execute, timing: slow, maxParallel: 8 });
  const anvil = await worker({ name: 'anvil', execute: gate.execute, timing: slow, maxParallel: 8 });
  const running = Array.from({ length: 8 }, () => call());
  await vi.waitFor(() => expect(gate.signals).toHaveLength(8));
  expect([forge.slots.running, anvil.slots.running]).toEqual([4, 4]);
  gate.finish('ok');
  await Promise.all(running);
});

it('costs little more than a bare request', async () => {
  const forge = await worker();
  const { nc } = forge.connection;
  nc.subscribe('bare', { callback: (_error, message) => void message.respond(message.data) });
  await nc.flush();
  const bare: number[] = [];
  const full: number[] = [];
  for (let n = 0; n < 500; n++) {
    const start = performance.now();
    await scene.caller.connection.nc.request('bare', 'hi', { timeout: 5_000 });
    const middle = performance.now();
    await call();
    bare.push(middle - start);
    full.push(performance.now() - middle);
  }
  const p50 = (values: number[]) => values.sort((a, b) => a - b)[values.length / 2] ?? 0;
  process.stdout.write(`invoke ${p50(full).toFixed(3)} ms, bare request ${p50(bare).toFixed(3)} ms\n`);
  expect(p50(full)).toBeLessThan(p50(bare) * 10);
});

import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { startNatsServer, type TestServer } from '../testing/nats-server.ts';
import { FixedMesh, openTestAccess, startTestStation, type TestAccess } from '../testing/work-station.ts';
import type { Execute } from './attempt-run.ts';
import { Lease } from './lease.ts';
import { WorkLog } from './log.ts';
import { WorkQueue } from './queue.ts';
import { Witness, type WitnessNotice, type WitnessTimes } from './witness.ts';

const HOUR_MS = 3_600_000;
const echo: Execute = async (run) => ({ status: 'completed', result: run.task });
const never: Execute = (_, { signal }) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ status: 'cancelled', reason: 'stopped' }));
  });

let server: TestServer;
let count = 0;
const opened: AsyncDisposable[] = [];

beforeAll(async () => {
  server = await startNatsServer();
});
afterAll(async () => server[Symbol.asyncDispose]());
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

interface Watched {
  org: string;
  access: TestAccess;
  witness: Witness;
  mesh: FixedMesh;
  notices: WitnessNotice[];
  clock: { ms: number };
}

/** A witness whose clock and mesh the test sets; it looks when it is told to. */
async function watch(times: Partial<WitnessTimes> = {}): Promise<Watched> {
  const org = `org${++count}`;
  const mesh = new FixedMesh();
  const access = await openTestAccess(server.url, mesh, org);
  opened.push(access);
  const { nc } = access;
  const names = namesOf(org);
  const works = await access.openBoard(true);
  opened.push(works);
  const clock = { ms: 0 };
  const notices: WitnessNotice[] = [];
  const witness = new Witness({
    nc,
    names,
    station: { id: 'watch', name: 'watch' },
    works: works.live,
    log: new WorkLog({ nc, names, from: { source: 'test' } }),
    queue: new WorkQueue({ nc, names }),
    mesh,
    notify: (notice) => notices.push(notice),
    times: { lookMs: 600_000, ...times },
    now: () => Date.now() + clock.ms,
  });
  opened.push(witness);
  return { org, access, witness, mesh, notices, clock };
}

const order = { task: 'x', agent: 'worker', requested_by: 'anna' };

/** Looks until the board has what the log has and the witness has judged it. */
async function judge({ witness }: Watched): Promise<void> {
  await vi.waitFor(async () => expect(await witness.look()).toBeGreaterThan(0));
}

async function lastChange(watched: Watched, id: string) {
  return (await watched.access.history(id)).at(-1)?.event;
}

describe('the witness', () => {
  it('says why work cannot be placed, once, and places it when a station joins', async () => {
    const watched = await watch();
    const { access, mesh, witness, org } = watched;
    const byAgent = await access.dispatcher.assign(order);
    const byCapability = await access.dispatcher.assign({
      task: 'y',
      capability: 'demo',
      requested_by: 'anna',
    });
    expect(byCapability.record.unplaceable?.reason).toBe('No station offers an agent that can "demo".');
    mesh.set('s1', 'offline', { worker: ['demo'] });
    await judge(watched);
    expect((await access.dispatcher.check(byAgent.id)).unplaceable?.reason).toBe(
      'Every station that offers the agent worker is offline.',
    );
    await vi.waitFor(async () => expect(await witness.look()).toBe(0));
    mesh.set('s1', 'online', { worker: ['demo'] });
    await judge(watched);
    opened.push(await startTestStation({ url: server.url, org, id: 's1', execute: echo, mesh }));
    expect(await access.dispatcher.await(byAgent.id, { timeoutMs: 5_000 })).toMatchObject({
      status: 'completed',
    });
    expect(await access.dispatcher.await(byCapability.id, { timeoutMs: 5_000 })).toMatchObject({
      status: 'completed',
      agent: 'worker',
    });
  });

  it('queues work again whose assignment was lost, and lists what it saw', async () => {
    const watched = await watch();
    const { access, mesh, clock, org } = watched;
    mesh.set('s1', 'online', { worker: [] });
    const { id } = await access.dispatcher.assign(order);
    const jsm = await (await import('@nats-io/jetstream')).jetstreamManager(access.nc);
    clock.ms = 120_000;
    expect(await watched.witness.look()).toBe(0);
    await jsm.streams.purge(namesOf(org).agentQueueStream);
    await judge(watched);
    expect(await lastChange(watched, id)).toMatchObject({
      by: 'witness on watch',
      change: {
        type: 'requeued',
        reason: 'Its assignment was lost.',
        signals: expect.arrayContaining(['not in the work queue', 'attempt 0 of 3']),
      },
    });
    opened.push(await startTestStation({ url: server.url, org, id: 's1', execute: echo, mesh }));
    expect(await access.dispatcher.await(id, { timeoutMs: 5_000 })).toMatchObject({ status: 'completed' });
  });

  it('takes work from a station that is gone, and stops when its attempts are used up', async () => {
    const watched = await watch();
    const { access, mesh, clock, org, notices } = watched;
    mesh.set('s1', 'online', { worker: [] });
    const station = await startTestStation({ url: server.url, org, id: 's1', execute: never, mesh });
    const first = await access.dispatcher.assign(order);
    const second = await access.dispatcher.assign({ ...order, max_attempts: 1 });
    for (const { id } of [first, second])
      await vi.waitFor(async () =>
        expect(await access.dispatcher.check(id)).toMatchObject({ status: 'accepted' }),
      );
    await station.nc.close();
    await station[Symbol.asyncDispose]();
    await watched.witness.look();
    mesh.set('s1', 'offline', { worker: [] });
    mesh.set('s2', 'online', { worker: [] });
    clock.ms = 61_000;
    await vi.waitFor(async () => {
      await watched.witness.look();
      expect(await access.dispatcher.check(first.id)).toMatchObject({ status: 'assigned', attempt: 1 });
      expect(await access.dispatcher.check(second.id)).toMatchObject({
        status: 'escalated',
        escalation: { cause: { kind: 'attempts_used' }, severity: 'high' },
      });
    });
    expect(notices).toMatchObject([{ kind: 'station', type: 'offline', station: { id: 's1' } }]);
    opened.push(await startTestStation({ url: server.url, org, id: 's2', execute: echo, mesh }));
    expect(await access.dispatcher.await(first.id, { timeoutMs: 5_000 })).toMatchObject({
      status: 'completed',
      attempt: 2,
    });
  });

  it('expires what waits longer than its deadline', async () => {
    const watched = await watch();
    watched.mesh.set('s1', 'online', { worker: [] });
    const { id } = await watched.access.dispatcher.assign({
      ...order,
      deadline: new Date(Date.now() + HOUR_MS).toISOString(),
    });
    watched.clock.ms = HOUR_MS + 1_000;
    await judge(watched);
    expect(await watched.access.dispatcher.check(id)).toMatchObject({ status: 'expired' });
  });

  it('brings back an escalation that nobody acknowledged, more severe, twice at most', async () => {
    const watched = await watch();
    const { access, mesh, clock, org } = watched;
    mesh.set('s1', 'online', { worker: [] });
    const ask: Execute = async (_, { ask: question }) => ({
      status: 'completed',
      result: await question({ id: 'q', text: 'Sure?', choices: [] }),
    });
    opened.push(await startTestStation({ url: server.url, org, id: 's1', execute: ask, mesh }));
    const { id } = await access.dispatcher.assign(order);
    const seen = await access.dispatcher.assign(order);
    for (const work of [id, seen.id])
      await vi.waitFor(async () =>
        expect(await access.dispatcher.check(work)).toMatchObject({ status: 'escalated' }),
      );
    await access.dispatcher.acknowledge(seen.id, 'anna');
    const severities: (string | undefined)[] = [];
    for (let round = 1; round <= 4; round++) {
      clock.ms = round * 5 * HOUR_MS;
      if (round <= 2) await judge(watched);
      else expect(await watched.witness.look()).toBe(0);
      const { escalation } = await access.dispatcher.check(id);
      severities.push(`${escalation?.severity} ${escalation?.raised}`);
    }
    expect(severities).toEqual(['high 2', 'critical 3', 'critical 3', 'critical 3']);
    expect((await access.dispatcher.check(seen.id)).escalation).toMatchObject({
      severity: 'medium',
      raised: 1,
    });
    await access.dispatcher.answer(id, 'anna', 'yes');
    expect(await access.dispatcher.await(id, { timeoutMs: 5_000 })).toMatchObject({ result: 'yes' });
  });

  it('reports an attempt that says nothing for long, once', async () => {
    const watched = await watch();
    const { access, mesh, clock, org, notices } = watched;
    mesh.set('s1', 'online', { worker: [] });
    opened.push(await startTestStation({ url: server.url, org, id: 's1', execute: never, mesh }));
    const { id } = await access.dispatcher.assign(order);
    await vi.waitFor(async () =>
      expect(await access.dispatcher.check(id)).toMatchObject({ status: 'accepted' }),
    );
    clock.ms = 301_000;
    await vi.waitFor(async () => {
      await watched.witness.look();
      expect(notices).toHaveLength(1);
    });
    await watched.witness.look();
    expect(notices).toMatchObject([{ type: 'quiet', data: { work_id: id, attempt: 1 } }]);
    expect(await access.dispatcher.check(id)).toMatchObject({ status: 'accepted' });
  });
});

describe('the lease', () => {
  const connections: NatsConnection[] = [];
  afterEach(async () => {
    for (const nc of connections.splice(0)) await nc.close();
  });

  async function lease(holder: string, bucket: string): Promise<{ lease: Lease; nc: NatsConnection }> {
    const nc = await connect({ servers: server.url });
    connections.push(nc);
    return { nc, lease: new Lease({ nc, bucket, key: 'witness', holder, renewMs: 30, expireMs: 200 }) };
  }

  it('has one holder, and another when the first is gone or gives it back', async () => {
    const first = await lease('a', 'leases');
    await vi.waitFor(() => expect(first.lease.isHeld).toBe(true));
    const second = await lease('b', 'leases');
    const third = await lease('c', 'leases');
    const held = () => [first, second, third].filter((one) => one.lease.isHeld).length;
    for (let round = 0; round < 10; round++) {
      await new Promise((next) => setTimeout(next, 30));
      expect(held()).toBeLessThanOrEqual(1);
    }
    expect(first.lease.isHeld).toBe(true);
    await first.nc.close();
    await vi.waitFor(() => expect(second.lease.isHeld || third.lease.isHeld).toBe(true), { timeout: 3_000 });
    await vi.waitFor(() => expect(held()).toBe(1));
    const [now, next] = second.lease.isHeld ? [second, third] : [third, second];
    await now.lease[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(next.lease.isHeld).toBe(true), { timeout: 150 });
    await first.lease[Symbol.asyncDispose]();
    await next.lease[Symbol.asyncDispose]();
  });
});

import { Kvm } from '@nats-io/kv';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { startNatsServer, type TestServer, type TestServerOptions } from '../testing/nats-server.ts';
import { MeshConnection } from './connection.ts';
import { observeMesh } from './mesh.ts';
import {
  agentInfo,
  FAST,
  failure,
  hubConnections,
  manifest,
  startStation,
  type TestStation,
  type TestStationOptions,
} from './test-station.ts';
import { encode } from './wire.ts';

const open: AsyncDisposable[] = [];
const names = namesOf('default');

function own<T extends AsyncDisposable>(thing: T): T {
  open.push(thing);
  return thing;
}

async function hub(options?: TestServerOptions): Promise<TestServer> {
  const started = await startNatsServer(options);
  // Stations end before every hub, also one that came later.
  open.unshift(started);
  return started;
}

async function station(options: TestStationOptions): Promise<TestStation> {
  return own(await startStation(options));
}

async function observe(url: string, id = 'cli') {
  const connection = own(new MeshConnection({ url, kind: 'command', id }));
  await connection.open();
  return own(await observeMesh({ connection, org: 'default', callerId: id, timing: FAST }));
}

const statusOf = (of: { mesh: TestStation['mesh'] }, id: string) => of.mesh.registry.stations.get(id)?.status;
const kinds = (of: TestStation) => of.mesh.registry.events.snapshot().map((event) => event.kind);

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]();
});

describe('two stations', () => {
  it('see each other with their agents, at once', async () => {
    const { url } = await hub();
    const a = await station({ url, name: 'forge', agents: [agentInfo('one')] });
    const b = await station({ url, name: 'anvil', agents: [agentInfo('two')] });
    expect(statusOf(b, a.id)).toBe('online');
    await vi.waitFor(() => expect(statusOf(a, b.id)).toBe('online'));
    for (const { mesh } of [a, b])
      await vi.waitFor(() =>
        expect(
          mesh.registry.agents
            .snapshot()
            .map(({ name }) => name)
            .sort(),
        ).toEqual(['one', 'two']),
      );
    expect(a.mesh.registry.stations.get(a.id)?.is_self).toBe(true);
    expect(a.mesh.problems.snapshot()).toEqual([]);
    expect(kinds(a)).toEqual(['station.joined']);
  });

  it('hear of changed agents, another name and a goodbye', async () => {
    const { url } = await hub();
    const a = await station({ url, name: 'forge' });
    const b = await station({ url, name: 'anvil', agents: [agentInfo('one')] });
    b.agents.apply([agentInfo('two')], ['one']);
    await vi.waitFor(() =>
      expect(a.mesh.registry.agents.snapshot().map(({ name }) => name)).toEqual(['two']),
    );
    await b.mesh.update({ stationName: 'big anvil', hostsHub: true });
    await vi.waitFor(() =>
      expect(a.mesh.registry.stations.get(b.id)).toMatchObject({ name: 'big anvil', hosts_hub: true }),
    );
    await b[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(statusOf(a, b.id)).toBe('offline'));
    expect(kinds(a)).toEqual([
      'station.joined',
      'agent.registered',
      'agent.deregistered',
      'station.renamed',
      'station.left',
    ]);
    const late = await observe(url);
    expect(late.registry.stations.get(b.id)?.status).toBe('offline');
  });

  it('show one that was killed as late, then offline, and as online again under the same id', async () => {
    const { url } = await hub();
    const a = await station({ url, name: 'forge' });
    const b = await station({ url, name: 'anvil', agents: [agentInfo('one')] });
    await vi.waitFor(() => expect(statusOf(a, b.id)).toBe('online'));
    const seen: string[] = [];
    a.mesh.registry.stations.on(({ upserts }) => {
      for (const { id, status } of upserts) if (id === b.id && seen.at(-1) !== status) seen.push(status);
    });
    await b.crash();
    await vi.waitFor(() => expect(seen.slice(-2)).toEqual(['late', 'offline']), 5_000);
    const fresh = await observe(url, 'cli-1');
    expect(fresh.registry.stations.get(b.id)?.status).toBe('offline');
    expect(fresh.registry.stations.get(a.id)?.status).toBe('online');
    await station({ url, name: 'anvil', id: b.id, agents: [agentInfo('one')] });
    await vi.waitFor(() => expect(statusOf(a, b.id)).toBe('online'));
    expect(kinds(a).slice(-3)).toEqual(['station.late', 'station.offline', 'station.returned']);
  });

  it('take up where they were after kill -9 of the hub, with its data', async () => {
    const first = await startNatsServer();
    const a = await station({ url: first.url, name: 'forge' });
    const b = await station({ url: first.url, name: 'anvil', agents: [agentInfo('one')] });
    await vi.waitFor(() => expect(statusOf(a, b.id)).toBe('online'));
    await first.kill();
    await vi.waitFor(() => expect(a.connection.connected).toBe(false));
    await hub({ port: first.port, storeDir: first.storeDir });
    // Its folder holds the store, so it goes last.
    open.unshift(first);
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      await vi.waitFor(() => expect(one.connection.connected).toBe(true), 5_000);
      await vi.waitFor(() => expect(statusOf(one, other.id)).toBe('online'), 5_000);
      await vi.waitFor(() => expect(kinds(one)).toContain('connection.restored'), 8_000);
    }
    expect(kinds(a)).not.toContain('station.offline');
    b.agents.set(agentInfo('two'));
    await vi.waitFor(() => expect(a.mesh.registry.agents.get(`${b.id}/two`)).toBeDefined());
  });

  it('find each other again on a hub that lost its data', async () => {
    const first = await startNatsServer();
    const a = await station({ url: first.url, name: 'forge' });
    const b = await station({ url: first.url, name: 'anvil' });
    await first[Symbol.asyncDispose]();
    await hub({ port: first.port });
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const)
      await vi.waitFor(() => expect(statusOf(one, other.id)).toBe('online'), 8_000);
  });

  it('agree who holds a contested name, and both show both sides', async () => {
    const { url } = await hub();
    const newer = agentInfo('echo', { digest: 'b'.repeat(64), registered_at: '2026-11-02T00:00:00Z' });
    const b = await station({ url, name: 'anvil', agents: [newer] });
    const a = await station({ url, name: 'forge', agents: [agentInfo('echo')] });
    for (const { mesh } of [a, b]) {
      await vi.waitFor(() =>
        expect(mesh.registry.agents.get(`${b.id}/echo`)?.conflict).toMatchObject({
          holder_station_id: a.id,
          holds_name: false,
        }),
      );
      expect(mesh.registry.agents.get(`${a.id}/echo`)?.conflict).toMatchObject({ holds_name: true });
      expect(mesh.invoker.route({ agent: 'echo' }).choice.stationId).toBe(a.id);
      expect(mesh.invoker.route({ agent: 'anvil/echo' }).choice.stationId).toBe(b.id);
    }
    await vi.waitFor(() => expect(kinds(b)).toContain('agent.conflict'));
  });
});

describe('the records', () => {
  it('hold only what a station offers, also after it was killed and came back with less', async () => {
    const { url } = await hub();
    const a = await station({ url, name: 'forge', agents: [agentInfo('one'), agentInfo('two')] });
    await a.crash();
    const again = await station({ url, name: 'forge', id: a.id, agents: [agentInfo('two')] });
    const entries = await new Kvm(again.connection.nc).open(names.agentsBucket);
    await vi.waitFor(async () => {
      const keys: string[] = [];
      for await (const key of await entries.keys()) keys.push(key);
      expect(keys).toEqual([`${a.id}.two`]);
    });
    const entry = await entries.get(`${a.id}.two`);
    expect(entry?.json()).toMatchObject({ name: 'two', station_id: a.id, station_name: 'forge' });
  });

  it('that are set up differently are reported and left alone', async () => {
    const { url } = await hub();
    const connection = own(new MeshConnection({ url, kind: 'command', id: 'x' }));
    await connection.open();
    await new Kvm(connection.nc).create(names.stationsBucket, { history: 2 });
    const a = await station({ url, name: 'forge' });
    expect(a.mesh.problems.snapshot()).toMatchObject([
      { severity: 'warning', detail: expect.stringContaining('has versions per key 2, 5 expected.') },
    ]);
    const kv = await new Kvm(connection.nc).open(names.stationsBucket);
    expect((await kv.status()).history).toBe(2);
  });

  it('are put right by their station when another sets it offline', async () => {
    const { url } = await hub();
    const a = await station({ url, name: 'forge' });
    const kv = await new Kvm(a.connection.nc).open(names.stationsBucket);
    await kv.put(a.id, encode(manifest(a.id, [], { status: 'offline' })));
    await vi.waitFor(async () => {
      const entry = await kv.get(a.id);
      expect(entry?.json()).toMatchObject({ status: 'online', station_name: 'forge' });
    });
  });

  it('need JetStream, and say so', async () => {
    const { url } = await hub({
      config: 'accounts { PLAIN { users: [{ user: a, password: b }] } }',
    });
    const error = await failure(
      startStation({ url, name: 'forge', connection: { auth: { user: 'a', password: 'b' } } }),
    );
    expect(error).toMatchObject({ code: 'unsupported' });
    expect(error.message).toContain('JetStream is off');
  });

  it('of a lattice nobody joined yet are empty, and an observer does not make any', async () => {
    const { url } = await hub();
    const seen = await observe(url);
    expect(seen.registry.stations.size).toBe(0);
    const a = await station({ url, name: 'forge', agents: [agentInfo('echo')] });
    await vi.waitFor(() => expect(seen.registry.stations.get(a.id)?.status).toBe('online'));
    expect((await seen.invoker.invoke({ target: { agent: 'echo' }, task: 'hi' })).result).toBe('hi');
  });
});

describe('rubbish from a peer', () => {
  const long = 'x'.repeat(300);
  const heartbeat = (id: string, change: object = {}) => ({
    station_id: id,
    station_name: 'x',
    time: '2026-11-01T00:00:00Z',
    load: manifest(id).load,
    ...change,
  });
  const announce = (id: string, change: object) => ({ ...heartbeat(id), manifest: manifest(id), ...change });

  it.each<[string, string, unknown, string]>([
    ['announce', 'no JSON', 'hello', 'not JSON'],
    ['announce', 'nothing', '', 'not JSON'],
    ['announce', 'no manifest', announce('p', { manifest: undefined }), 'manifest'],
    ['announce', 'another station', announce('p', { manifest: manifest('q') }), 'its manifest is of q'],
    ['announce', 'a dotted agent', announce('p', { manifest: rawAgent('a.b') }), 'agents.0.name'],
    ['announce', 'a long agent name', announce('p', { manifest: rawAgent(long) }), 'agents.0.name'],
    ['announce', 'a wildcard id', announce('*', { manifest: manifest('*') }), 'station_id'],
    ['heartbeat', 'a negative load', heartbeat('p', { load: { running: -1 } }), 'load'],
    ['announce', 'the name of another', announce('q', {}), 'it speaks for q'],
    ['heartbeat', 'the name of another', heartbeat('q'), 'it speaks for q'],
    ['goodbye', 'the name of another', heartbeat('q'), 'it speaks for q'],
    ['heartbeat', 'a list', [], 'Invalid input'],
    ['goodbye', 'a number', 7, 'Invalid input'],
  ])('%s with %s is refused and shown', async (kind, _what, message, why) => {
    const { url } = await hub();
    const a = await station({ url, name: 'forge' });
    const subject = {
      announce: names.presenceAnnounce,
      heartbeat: names.presenceHeartbeat,
      goodbye: names.presenceGoodbye,
    };
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    a.connection.nc.publish(subject[kind as keyof typeof subject]('p'), data);
    await vi.waitFor(() => {
      const told = a.mesh.registry.events.snapshot().find((event) => event.kind === 'message.refused');
      expect(told?.detail).toMatch(new RegExp(`^Refused ${kind}.*${why}`));
    });
    expect(a.mesh.registry.stations.snapshot().map(({ id }) => id)).toEqual([a.id]);
  });

  it('in the buckets is refused too, and a record under another key', async () => {
    const { url } = await hub();
    const a = await station({ url, name: 'forge' });
    const kv = await new Kvm(a.connection.nc).open(names.stationsBucket);
    await kv.put('p', '{');
    await kv.put('q', encode(manifest('r')));
    await kv.put('s', encode(manifest('s')));
    await vi.waitFor(() => expect(a.mesh.registry.stations.get('s')).toBeDefined());
    expect(a.mesh.registry.log.refusedCount).toBe(2);
    const b = await station({ url, name: 'anvil' });
    expect(b.mesh.registry.stations.size).toBe(3);
  });

  it('does not flood: a thousand of them are one event', async () => {
    const { url } = await hub();
    const a = await station({ url, name: 'forge' });
    for (let n = 0; n < 1_000; n++) a.connection.nc.publish(names.presenceHeartbeat('p'), 'x');
    await vi.waitFor(() => expect(a.mesh.registry.log.refusedCount).toBe(1_000));
    expect(kinds(a).filter((kind) => kind === 'message.refused')).toHaveLength(1);
  });

  it('is not sent by us: an agent that cannot be announced is left out and reported', async () => {
    const { url } = await hub();
    const a = await station({
      url,
      name: 'forge',
      agents: [agentInfo('good'), { ...agentInfo('x'), name: 'a.b' }],
    });
    expect(a.mesh.registry.agents.snapshot().map(({ name }) => name)).toEqual(['good']);
    expect(a.mesh.problems.snapshot()).toMatchObject([{ title: '1 agent is not on the mesh' }]);
    a.agents.apply([], ['a.b']);
    await vi.waitFor(() => expect(a.mesh.problems.snapshot()).toEqual([]));
  });

  it('learns of a station that was heard before its record was', async () => {
    const { url } = await hub();
    const a = await station({ url, name: 'forge' });
    a.connection.nc.publish(names.presenceHeartbeat('ghost'), JSON.stringify(heartbeat('ghost')));
    await vi.waitFor(() =>
      expect(a.mesh.registry.events.snapshot().at(-1)?.detail).toBe(
        'Refused heartbeat of ghost: it has no record.',
      ),
    );
  });
});

function rawAgent(name: string) {
  return { ...manifest('p'), agents: [{ ...agentInfo('x'), name }] };
}

it('reports a second process under the same station id, until it is gone', async () => {
  const { url } = await hub();
  const a = await station({ url, name: 'forge' });
  const twin = await station({ url, name: 'forge', id: a.id });
  for (const { mesh } of [a, twin])
    await vi.waitFor(() => expect(mesh.problems.snapshot()).toMatchObject([{ id: 'mesh.twin' }]), 3_000);
  await twin[Symbol.asyncDispose]();
  await vi.waitFor(() => expect(a.mesh.problems.snapshot()).toEqual([]), 5_000);
  await vi.waitFor(() => expect(statusOf(a, a.id)).toBe('online'));
});

it('keeps two orgs on one hub apart', async () => {
  const { url } = await hub();
  const a = await station({ url, name: 'forge', org: 'red' });
  const b = await station({ url, name: 'anvil', org: 'blue' });
  expect(a.mesh.registry.stations.snapshot().map(({ id }) => id)).toEqual([a.id]);
  expect(b.mesh.registry.stations.snapshot().map(({ id }) => id)).toEqual([b.id]);
  expect((await failure(startStation({ url, name: 'x', org: 'a.b' }))).code).toBe('invalid_input');
});

it('leaves nothing behind', async () => {
  const server = await hub();
  const { url } = server;
  const a = await startStation({ url, name: 'forge', agents: [agentInfo('echo')] });
  const b = await startStation({ url, name: 'anvil' });
  await vi.waitFor(() => expect(b.mesh.registry.agents.size).toBe(1));
  await b.mesh.invoker.invoke({ target: { agent: 'echo' }, task: 'hi', onReport: () => {} });
  for (const one of [a, b]) await one[Symbol.asyncDispose]();
  await vi.waitFor(async () => expect(await hubConnections(server.monitorUrl)).toEqual([]));
  for (const { connection, slots } of [a, b]) {
    const { lost, restored, refused } = connection;
    expect([lost, restored, refused, slots.changed].map(({ size }) => size)).toEqual([0, 0, 0, 0]);
  }
  expect([a.mesh.serving, b.mesh.invoker.size]).toEqual([0, 0]);
});

import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadStationConfig } from './config/station-config.ts';
import { runningStations } from './config/station-home.ts';
import { initProject } from './config/template.ts';
import type { LatticeNode } from './lattice-node.ts';
import { demoNode } from './testing/demo-node.ts';

const WAIT = { timeout: 10_000, interval: 20 };

let folder = '';
const nodes: LatticeNode[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-node-'));
});
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node[Symbol.asyncDispose]()));
  expect(await hubProcesses()).toEqual([]);
  await rm(folder, { recursive: true });
});

async function makeNode(name: string, flags: Record<string, unknown> = {}): Promise<LatticeNode> {
  const node = await demoNode(folder, name, flags);
  nodes.push(node);
  return node;
}

/** The hubs that were started from the test's folder. */
async function hubProcesses(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes('nats-server') && line.includes(folder));
}

function urlOf(node: LatticeNode): string {
  const url = node.view.value.hub?.url;
  if (url === undefined) throw new Error('The node hosts no hub.');
  return url;
}

async function runOf(
  node: LatticeNode,
  agent: string,
  context: Record<string, unknown> = {},
  station?: string,
) {
  const id = node.runs.start({ agent, station, task: 'go', context, wait: true });
  await vi.waitFor(() => expect(node.runs.runs.get(id)?.ended_at).toBeDefined(), WAIT);
  return node.runs.runs.get(id);
}

describe('a node that hosts', () => {
  it('runs its own agents and those of a member, and shows both stations', async () => {
    const host = await makeNode('atlas');
    await host.host();
    expect(host.view.value).toMatchObject({ mode: 'orchestrator', connection: { state: 'connected' } });
    const member = await makeNode('forge');
    await member.join({ url: urlOf(host) });
    await vi.waitFor(() => expect(host.stations.snapshot()).toHaveLength(2), WAIT);
    expect(host.agents.snapshot().filter((agent) => agent.name === 'counter')).toHaveLength(2);
    expect(await runOf(host, 'counter', { to: 2, delay_ms: 10 }, 'forge')).toMatchObject({
      state: 'completed',
      station_name: 'forge',
      result: expect.stringContaining('2'),
    });
    const [local] = await runningStations(host.paths.dataDir);
    expect(local).toMatchObject({ mode: 'orchestrator', station_name: 'atlas' });
    await member.leave();
    await vi.waitFor(
      () => expect(host.stations.snapshot().some((each) => each.status === 'offline')).toBe(true),
      WAIT,
    );
    expect(member.view.value.mode).toBe('idle');
    expect(member.stations.snapshot()).toEqual([]);
  });

  it('gives durable work to any station and keeps its story', async () => {
    const host = await makeNode('atlas');
    await host.host();
    const { id } = await host.work.dispatcher.assign({
      agent: 'counter',
      task: 'Count',
      context: { to: 2, delay_ms: 10 },
      requested_by: 'a test',
    });
    const record = await host.work.dispatcher.await(id, { signal: AbortSignal.timeout(10_000) });
    expect(record).toMatchObject({ status: 'completed', station_name: 'atlas', attempt: 1 });
    await vi.waitFor(
      () => expect(host.works.snapshot().find((work) => work.id === id)?.status).toBe('completed'),
      WAIT,
    );
    await vi.waitFor(async () => {
      const types = (await host.log.query({ limit: 100 })).map((event) => event.type);
      expect(types).toEqual(
        expect.arrayContaining(['station.joined', 'agent.registered', 'work.assigned', 'work.completed']),
      );
    }, WAIT);
  });

  it('cancels a run and stops its process', async () => {
    const host = await makeNode('atlas');
    await host.host();
    const id = host.runs.start({
      agent: 'counter',
      task: 'go',
      context: { to: 1_000, delay_ms: 50 },
      wait: true,
    });
    await vi.waitFor(() => expect(host.runs.runs.get(id)?.progress).toBeDefined(), WAIT);
    expect(host.running).toBeGreaterThan(0);
    host.runs.cancel(id);
    await vi.waitFor(() => expect(host.runs.runs.get(id)?.state).toBe('cancelled'), WAIT);
    await vi.waitFor(() => expect(host.running).toBe(0), WAIT);
  });

  it('opens to the network with TLS and keys, stays connected, and closes again', async () => {
    const host = await makeNode('atlas');
    await host.host();
    const addresses = await host.share(true);
    expect(host.view.value.hub?.shared).toBe(true);
    await vi.waitFor(() => expect(host.view.value.connection.state).toBe('connected'), WAIT);
    const stranger = await makeNode('stranger');
    await expect(stranger.join({ url: urlOf(host) })).rejects.toMatchObject({ code: 'unsafe' });
    const tls = { caFile: join(host.paths.dataDir, 'hub-tls/ca.pem') };
    await expect(stranger.join({ url: urlOf(host), tls })).rejects.toMatchObject({ code: 'auth_failed' });
    expect(stranger.view.value.mode).toBe('idle');
    for (const address of addresses) expect(address).toMatch(/^tls:\/\/[^@]+$/);
    expect(() => host.joinSecret('nats://elsewhere:4222')).toThrow('not an address of this hub');
    expect(await runOf(host, 'counter', { to: 1 })).toMatchObject({ state: 'completed' });
    expect(await host.share(false)).toEqual([]);
    await vi.waitFor(() => expect(host.view.value.connection.state).toBe('connected'), WAIT);
    expect((await stat(join(host.paths.dataDir, 'share.json'))).mode & 0o777).toBe(0o600);
  });

  it('stops and starts its hub, and its station comes back by itself', async () => {
    const host = await makeNode('atlas');
    await host.host();
    await host.controlHub('stop');
    await vi.waitFor(() => expect(host.view.value.connection.state).toBe('reconnecting'), WAIT);
    await host.controlHub('start');
    await vi.waitFor(() => expect(host.view.value.connection.state).toBe('connected'), WAIT);
    await vi.waitFor(() => expect(host.stations.snapshot()[0]?.status).toBe('online'), WAIT);
  });

  it('says who has the port and which one is free, and is alone again', async () => {
    const taken = createServer();
    await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
    const host = await makeNode('atlas', { port: portOf(taken) });
    await expect(host.host()).rejects.toMatchObject({
      code: 'port_taken',
      details: { next_free: expect.any(Number) },
    });
    expect(host.view.value).toMatchObject({ mode: 'idle', connection: { state: 'disconnected' } });
    taken.close();
  });
});

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

describe('a node alone', () => {
  it('runs agents on a private hub that only loopback reaches', async () => {
    const alone = await makeNode('laptop');
    await alone.standalone();
    expect(alone.view.value).toMatchObject({ mode: 'standalone', hub: { shared: false } });
    expect(urlOf(alone)).toContain('127.0.0.1');
    expect(await runOf(alone, 'text-analyser', { text: 'one two' })).toMatchObject({ state: 'completed' });
  });

  it('refuses what needs a lattice, with what to do', async () => {
    const idle = await makeNode('laptop');
    expect(() => idle.work).toThrow('not part of a lattice');
    await expect(idle.controlHub('start')).rejects.toMatchObject({ code: 'unsupported' });
    expect(await runOf(idle, 'counter')).toMatchObject({ state: 'failed', error: { code: 'not_connected' } });
  });

  it('takes another project folder with the agents in it, on the same lattice', async () => {
    const node = await makeNode('laptop');
    await node.standalone();
    const before = node.view.value.station_id;
    await node.moveTo(join(folder, 'empty'));
    expect(node.view.value).toMatchObject({ mode: 'standalone', project_dir: join(folder, 'empty') });
    expect(node.view.value.station_id).not.toBe(before);
    expect(node.agents.snapshot()).toEqual([]);
    await initProject(join(folder, 'empty'));
    await vi.waitFor(() => expect(node.agents.snapshot().length).toBeGreaterThan(0), WAIT);
  });

  it('takes a new name at once', async () => {
    const node = await makeNode('laptop');
    await node.standalone();
    const { values } = await loadStationConfig({
      file: '/none',
      env: {},
      flags: { station_name: 'desk', max_parallel: 3 },
    });
    node.configure(values);
    await vi.waitFor(
      () => expect(node.stations.snapshot()[0]).toMatchObject({ name: 'desk', load: { capacity: 3 } }),
      WAIT,
    );
  });
});

import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readJoinLink, writeJoinLink } from '../src-shared/join-link.ts';
import type { Role } from '../src-shared/protocol/roles.ts';
import type { LatticeNode } from './lattice-node.ts';
import { demoNode } from './testing/demo-node.ts';
import { expectNoLeak, findSecretsIn, rememberLink } from './testing/find-secrets.ts';

const WAIT = { timeout: 15_000, interval: 20 };
/** A member tries again with growing pauses, so it comes back later the longer the hub was away. */
const BACK = { timeout: 40_000, interval: 20 };

let folder = '';
const nodes: LatticeNode[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-join-'));
});
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node[Symbol.asyncDispose]()));
  expectNoLeak(findSecretsIn(folder));
  await rm(folder, { recursive: true });
});

async function makeNode(name: string, flags: Record<string, unknown> = {}): Promise<LatticeNode> {
  const node = await demoNode(folder, name, { lattice_name: `Lattice of ${name}`, ...flags });
  nodes.push(node);
  return node;
}

async function sharedHost(): Promise<LatticeNode> {
  const host = await makeNode('atlas');
  await host.host({ shared: true });
  return host;
}

async function member(host: LatticeNode, name: string, role: Role = 'station'): Promise<LatticeNode> {
  const node = await makeNode(name);
  await node.joinLink(rememberLink(await host.access.invite({ role })));
  return node;
}

async function runOf(node: LatticeNode, agent: string, station?: string) {
  const id = node.runs.start({ agent, station, task: 'go', context: { to: 2, delay_ms: 1 }, wait: true });
  await vi.waitFor(() => expect(node.runs.runs.get(id)?.ended_at).toBeDefined(), WAIT);
  return node.runs.runs.get(id);
}

/** What the hub wrote about things it did not allow. */
function violations(host: LatticeNode): string[] {
  return host.hubLog
    .snapshot()
    .map((line) => line.text)
    .filter((text) => /violation/i.test(text));
}

describe('a link', () => {
  it('lets a station in that runs agents, gives and takes work, and is refused nothing it needs', async () => {
    const host = await sharedHost();
    const forge = await member(host, 'forge');
    expect(forge.view.value).toMatchObject({
      mode: 'member',
      lattice_name: 'Lattice of atlas',
      role: 'station',
    });
    await vi.waitFor(
      () => expect(host.agents.snapshot().filter((a) => a.name === 'counter')).toHaveLength(2),
      WAIT,
    );
    expect(await runOf(host, 'counter', forge.view.value.station_id)).toMatchObject({ state: 'completed' });
    expect(await runOf(forge, 'counter', host.view.value.station_id)).toMatchObject({ state: 'completed' });
    const order = { agent: 'counter', task: 'go', context: { to: 2, delay_ms: 1 }, requested_by: 'anna' };
    for (const [from, station] of [
      [host, forge],
      [forge, host],
      [forge, forge],
    ] as const) {
      const { id } = await from.work.dispatcher.assign({ ...order, station: station.view.value.station_id });
      await vi.waitFor(
        () => expect(from.works.snapshot().find((work) => work.id === id)?.status).toBe('completed'),
        WAIT,
      );
    }
    expect(violations(host)).toEqual([]);
    expect(forge.view.value.problems).toEqual([]);
    const [device] = (await host.access.list()).devices;
    expect(device).toMatchObject({ name: 'forge', role: 'station', connected: true, agents: 4 });
  });

  it('is rejoined after a restart without a link, and survives that sharing stops and starts', {
    timeout: 60_000,
  }, async () => {
    const host = await makeNode('atlas');
    await host.host();
    expect(await host.share(true)).not.toEqual([]);
    const forge = await member(host, 'forge');
    await forge.leave();
    await forge.rejoin();
    await vi.waitFor(() => expect(forge.view.value.connection.state).toBe('connected'), WAIT);
    await host.share(false);
    await vi.waitFor(() => expect(forge.view.value.connection.state).toBe('reconnecting'), WAIT);
    expect(await runOf(host, 'counter')).toMatchObject({ state: 'completed' });
    await host.share(true);
    await vi.waitFor(() => expect(forge.view.value.connection).toMatchObject({ state: 'connected' }), BACK);
    // Connected comes first, then it tells the others that it is there again.
    const again = () => runOf(host, 'counter', forge.view.value.station_id);
    await vi.waitFor(async () => expect(await again()).toMatchObject({ state: 'completed' }), BACK);
  });

  it('lets in observers that see, and an operator that acts', async () => {
    const host = await sharedHost();
    const viewer = await member(host, 'viewer', 'viewer');
    const operator = await member(host, 'operator', 'operator');
    expect(await runOf(operator, 'counter')).toMatchObject({ state: 'completed' });
    const { id } = await operator.work.dispatcher.assign({
      agent: 'counter',
      task: 'go',
      context: { to: 2 },
      requested_by: 'anna',
    });
    for (const node of [viewer, operator])
      await vi.waitFor(
        () => expect(node.works.snapshot().find((work) => work.id === id)?.status).toBe('completed'),
        WAIT,
      );
    expect(host.stations.snapshot()).toHaveLength(1);
    expect(viewer.stations.snapshot()).toHaveLength(1);
    expect(violations(host)).toEqual([]);
    expect(await runOf(viewer, 'counter')).toMatchObject({ state: 'failed', error: { code: 'auth_failed' } });
    const order = { agent: 'counter', task: 'go', context: {}, requested_by: 'anna' };
    await expect(viewer.work.dispatcher.assign(order)).rejects.toMatchObject({ code: 'auth_failed' });
    await vi.waitFor(() => expect(violations(host)).not.toEqual([]), WAIT);
  });
});

describe('taking access back', () => {
  it('puts a station out within a second and gives its work to another', async () => {
    const host = await sharedHost();
    const forge = await member(host, 'forge');
    const stationId = forge.view.value.station_id;
    await vi.waitFor(() => expect(host.stations.snapshot()).toHaveLength(2), WAIT);
    const { id } = await host.work.dispatcher.assign({
      agent: 'counter',
      task: 'go',
      context: { to: 100_000, delay_ms: 20 },
      requested_by: 'anna',
      station: stationId,
    });
    const work = () => host.works.snapshot().find((one) => one.id === id);
    await vi.waitFor(() => expect(work()?.status).toBe('accepted'), WAIT);
    const from = performance.now();
    await host.access.manage({ op: 'revoke', device: stationId });
    await vi.waitFor(() => expect(forge.view.value.connection.state).not.toBe('connected'), WAIT);
    const outMs = performance.now() - from;
    await vi.waitFor(() => expect(work()?.status).toBe('assigned'), WAIT);
    await vi.waitFor(
      () => expect(host.stations.snapshot().find((one) => one.id === stationId)?.status).toBe('offline'),
      WAIT,
    );
    expect(performance.now() - from).toBeLessThan(1_000);
    expect(outMs).toBeLessThan(1_000);
    await vi.waitFor(() => expect(forge.view.value.connection.state).toBe('failed'), WAIT);
    expect(forge.view.value).toMatchObject({
      connection: { error: { message: 'The host does not let this station in any more.' } },
      problems: [{ detail: 'The host does not let this station in any more.' }],
    });
    await vi.waitFor(() => expect(forge.running).toBe(0), WAIT);
    await expect(forge.rejoin()).rejects.toMatchObject({ code: 'auth_failed' });
    expect((await host.access.list()).devices[0]).toMatchObject({
      connected: false,
      revoked_at: expect.any(String),
    });
  });

  it('changes a role while the device is connected', async () => {
    const host = await sharedHost();
    const viewer = await member(host, 'viewer', 'viewer');
    const device = viewer.view.value.station_id;
    await host.access.manage({ op: 'role', device, role: 'operator' });
    expect(await runOf(viewer, 'counter')).toMatchObject({ state: 'completed' });
    await host.access.manage({ op: 'role', device, role: 'viewer' });
    expect(await runOf(viewer, 'counter')).toMatchObject({ state: 'failed' });
  });
});

describe('a link that should not work', () => {
  it('says that it was used, is too old, was taken back, or is of another hub', async () => {
    const host = await sharedHost();
    const link = await host.access.invite({});
    const first = await makeNode('first');
    await first.joinLink(link);
    await first.leave();
    await first.joinLink(link);
    const second = await makeNode('second');
    await expect(second.joinLink(link)).rejects.toThrow('used already');
    const withdrawn = await host.access.invite({});
    await host.access.manage({ op: 'withdraw', invitation: readJoinLink(withdrawn).invitation });
    await expect(second.joinLink(withdrawn)).rejects.toThrow('took this link back');
    const wrongPin = writeJoinLink({ ...readJoinLink(await host.access.invite({})), pin: 'A'.repeat(43) });
    await expect(second.joinLink(wrongPin)).rejects.toMatchObject({ code: 'unsafe' });
    const wrongCode = writeJoinLink({ ...readJoinLink(await host.access.invite({})), code: 'A'.repeat(27) });
    await expect(second.joinLink(wrongCode)).rejects.toMatchObject({ code: 'auth_failed' });
    expect(second.view.value.mode).toBe('idle');
    expect((await host.access.list()).devices).toHaveLength(1);
  });

  it('lets exactly one of two devices in that race for it', async () => {
    const host = await sharedHost();
    const link = await host.access.invite({});
    const racers = await Promise.all([makeNode('left'), makeNode('right')]);
    const results = await Promise.allSettled(racers.map((node) => node.joinLink(link)));
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await host.access.list()).devices).toHaveLength(1);
  });

  it('waits for the host to say yes, and takes a no for an answer', async () => {
    const host = await sharedHost();
    const forge = await makeNode('forge');
    for (const allow of [false, true]) {
      const link = await host.access.invite({ approve: true });
      const onWaiting = vi.fn();
      const joining = forge.joinLink(link, { onWaiting }).then(
        () => 'in',
        (error: Error) => error.message,
      );
      const waiting = async () => (await host.access.list()).invitations[0]?.waiting[0];
      await vi.waitFor(async () => expect(await waiting()).toMatchObject({ name: 'forge' }), WAIT);
      await vi.waitFor(() => expect(onWaiting).toHaveBeenCalledTimes(1), WAIT);
      const key = (await waiting())?.key ?? '';
      await host.access.manage({ op: 'decide', invitation: readJoinLink(link).invitation, key, allow });
      expect(await joining).toBe(allow ? 'in' : 'The host said no to this device.');
    }
  });

  it('leaves no secret readable by others or in the roster of the host', async () => {
    const host = await sharedHost();
    const link = rememberLink(await host.access.invite({}));
    await (await makeNode('forge')).joinLink(link);
    const file = join(host.paths.dataDir, 'access.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain(readJoinLink(link).code);
    expect(await readFile(join(host.paths.dataDir, 'hub/nats-server.conf'), 'utf8')).not.toContain(
      readJoinLink(link).code,
    );
  });
});

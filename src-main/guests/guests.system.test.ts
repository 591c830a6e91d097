import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nkeyAuthenticator } from '@nats-io/nats-core';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readJoinLink, writeJoinLink } from '../../src-shared/join-link.ts';
import type { LatticeNode } from '../lattice-node.ts';
import { demoNode } from '../testing/demo-node.ts';

const WAIT = { timeout: 15_000, interval: 20 };
/** A member tries again with growing pauses, so it comes back later the longer it was away. */
const BACK = { timeout: 40_000, interval: 20 };

let folder = '';
const nodes: LatticeNode[] = [];
const taps: NatsConnection[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-guests-'));
});
afterEach(async () => {
  await Promise.all(taps.splice(0).map((nc) => nc.close()));
  await Promise.all(nodes.splice(0).map((node) => node[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true });
});

async function makeNode(name: string): Promise<LatticeNode> {
  const node = await demoNode(folder, name, { lattice_name: `Lattice of ${name}` });
  nodes.push(node);
  return node;
}

async function hostWithGuest(): Promise<LatticeNode> {
  const host = await makeNode('atlas');
  await host.host({ shared: true });
  await guestsOf(host).handle({ op: 'add', org: 'other', name: 'Other team' });
  return host;
}

async function guestMember(host: LatticeNode, name: string): Promise<LatticeNode> {
  const node = await makeNode(name);
  await node.joinLink(await guestsOf(host).access('other').invite({}));
  return node;
}

/** Hears everything on the lattice of the host's key in this folder. */
async function tap(host: LatticeNode, dir: string, name: string): Promise<{ heard(): string[] }> {
  const file = (await readdir(dir, { recursive: true })).find((path) => path.endsWith(name)) ?? '';
  const url = new URL(host.view.value.hub?.url ?? '');
  const nc = await connect({
    servers: url.host,
    tls: { caFile: join(host.paths.dataDir, 'hub-tls', 'ca.pem') },
    authenticator: nkeyAuthenticator(await readFile(join(dir, file))),
  });
  taps.push(nc);
  const heard: string[] = [];
  nc.subscribe('>', {
    callback: (_error, message) => void heard.push(`${message.subject} ${message.string()}`),
  });
  await nc.flush();
  return { heard: () => heard };
}

const guestsOf = (host: LatticeNode) => host.guests ?? expect.unreachable('This hub carries no guests.');
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
const violations = (host: LatticeNode) =>
  host.hubLog.snapshot().filter((line) => /violation/i.test(line.text));
const stationsOf = (node: LatticeNode) =>
  node.stations
    .snapshot()
    .map((station) => station.name)
    .sort();

async function work(node: LatticeNode, agent = 'counter'): Promise<string> {
  const context = { to: 2, delay_ms: 1 };
  const { id } = await node.work.dispatcher.assign({ agent, task: 'go', context, requested_by: 'anna' });
  await vi.waitFor(
    () => expect(node.works.snapshot().find((one) => one.id === id)?.status).toBe('completed'),
    WAIT,
  );
  return id;
}

describe('a guest lattice', () => {
  it('has stations and work of its own beside those of the host, and is refused nothing it needs', {
    timeout: 30_000,
  }, async () => {
    const host = await hostWithGuest();
    const own = await makeNode('forge');
    await own.joinLink(await host.access.invite({}));
    const guest = await guestMember(host, 'laptop');
    expect(guest.view.value).toMatchObject({ lattice_name: 'Other team', org: 'other', role: 'station' });
    const taps = {
      host: await tap(host, join(host.paths.dataDir, 'stations'), 'device.nk'),
      guest: await tap(host, join(host.paths.dataDir, 'guests'), 'other.nk'),
    };
    const [hosts, guests] = await Promise.all([work(host), work(guest)]);
    expect(taps.host.heard().filter((text) => text.includes(hosts)).length).toBeGreaterThan(5);
    expect(taps.guest.heard().filter((text) => text.includes(guests)).length).toBeGreaterThan(5);
    const ofGuest = [guests, guest.view.value.station_id, 'laptop'];
    const ofHost = [hosts, own.view.value.station_id, 'forge'];
    expect(taps.host.heard().filter((text) => ofGuest.some((word) => text.includes(word)))).toEqual([]);
    expect(taps.guest.heard().filter((text) => ofHost.some((word) => text.includes(word)))).toEqual([]);
    await vi.waitFor(() => expect(stationsOf(host)).toEqual(['atlas', 'forge']), WAIT);
    await vi.waitFor(() => expect(stationsOf(guest)).toEqual(['atlas', 'laptop']), WAIT);
    expect(host.works.snapshot().map((one) => one.id)).toEqual([hosts]);
    expect(guest.works.snapshot().map((one) => one.id)).toEqual([guests]);
    expect(host.agents.snapshot().every((agent) => agent.station_name !== 'laptop')).toBe(true);
    expect(violations(host)).toEqual([]);
    expect(guest.view.value.problems).toEqual([]);
    expect(host.view.value.problems).toEqual([]);
    expect(await guestsOf(host).list()).toMatchObject([
      { org: 'other', name: 'Other team', state: 'open', devices: 1, connections: 2 },
    ]);
    const [device] = (await guestsOf(host).access('other').list()).devices;
    expect(device).toMatchObject({ name: 'laptop', connected: true, agents: 4 });
    await guestsOf(host)
      .access('other')
      .manage({ op: 'revoke', device: device?.id ?? '' });
    await vi.waitFor(() => expect(guest.view.value.connection.state).toBe('failed'), WAIT);
    expect(own.view.value.connection.state).toBe('connected');
  });

  it('takes no link of another lattice, and no device that is on another', async () => {
    const host = await hostWithGuest();
    const own = await makeNode('forge');
    await own.joinLink(await host.access.invite({}));
    const toGuest = await guestsOf(host).access('other').invite({});
    await expect(own.joinLink(toGuest)).rejects.toMatchObject({
      code: 'conflict',
      message: 'This device is on another lattice of the same hub.',
    });
    const stranger = await makeNode('stranger');
    const moved = writeJoinLink({ ...readJoinLink(toGuest), org: host.view.value.org });
    await expect(stranger.joinLink(moved)).rejects.toMatchObject({ code: 'not_connected' });
    expect((await guestsOf(host).access('other').list()).devices).toEqual([]);
    expect((await host.access.list()).devices).toHaveLength(1);
    expect(stranger.view.value.mode).toBe('idle');
  });

  it('is there again after the hub was stopped, and stays when sharing ends and begins', {
    timeout: 90_000,
  }, async () => {
    const host = await hostWithGuest();
    const guest = await guestMember(host, 'laptop');
    await work(guest);
    const { port } = host.view.value.hub ?? {};
    await host.leave();
    await host.host({ port, shared: true });
    await vi.waitFor(() => expect(guest.view.value.connection.state).toBe('connected'), BACK);
    await vi.waitFor(async () => expect((await guestsOf(host).list())[0]?.state).toBe('open'), WAIT);
    expect(guest.works.snapshot()).toHaveLength(1);
    await host.share(false);
    expect((await guestsOf(host).list())[0]).toMatchObject({ state: 'resting' });
    await expect(guestsOf(host).handle({ op: 'add', org: 'third' })).rejects.toMatchObject({
      code: 'unsafe',
    });
    await host.share(true);
    await vi.waitFor(() => expect(guest.view.value.connection.state).toBe('connected'), BACK);
    await work(guest);
  });

  it('is removed when its org is written, comes back with what it had, and is gone when asked for', {
    timeout: 90_000,
  }, async () => {
    const host = await hostWithGuest();
    const guest = await guestMember(host, 'laptop');
    const id = await work(guest);
    const remove = { op: 'remove', org: 'other' } as const;
    await expect(
      guestsOf(host).handle({ ...remove, confirm: 'othr', delete_data: true }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
    const { kept = [] } = await guestsOf(host).handle({ ...remove, confirm: 'other', delete_data: false });
    expect(await guestsOf(host).list()).toEqual([]);
    expect(await Promise.all(kept.map(exists))).toEqual([true, true]);
    await vi.waitFor(() => expect(guest.view.value.connection.state).toBe('failed'), WAIT);
    const { port } = host.view.value.hub ?? {};
    await host.leave();
    await host.host({ port, shared: true });
    await guestsOf(host).handle({ op: 'add', org: 'other', name: 'Other team' });
    await guest.rejoin();
    await vi.waitFor(() => expect(guest.works.snapshot().map((one) => one.id)).toEqual([id]), WAIT);
    expect(await guestsOf(host).handle({ ...remove, confirm: 'other', delete_data: true })).toEqual({
      kept: [],
    });
    expect(await Promise.all(kept.map(exists))).toEqual([false, false]);
    await guestsOf(host).handle({ op: 'add', org: 'other' });
    expect((await guestsOf(host).access('other').list()).devices).toEqual([]);
    await expect(guest.rejoin()).rejects.toMatchObject({ code: 'auth_failed' });
    expect(await work(host)).toBeDefined();
  });

  it('is refused under the name of another, and with limits beyond the disk', async () => {
    const host = await hostWithGuest();
    for (const org of ['other', 'OTHER', host.view.value.org])
      await expect(guestsOf(host).handle({ op: 'add', org })).rejects.toMatchObject({ code: 'conflict' });
    await expect(
      guestsOf(host).handle({ op: 'add', org: 'huge', limits: { storage_bytes: 1024 ** 5 } }),
    ).rejects.toThrow();
    expect((await guestsOf(host).list()).map((guest) => guest.org)).toEqual(['other']);
    await guestsOf(host).handle({ op: 'limit', org: 'other', limits: { connections: 7 } });
    expect((await guestsOf(host).list())[0]?.limits).toMatchObject({
      connections: 7,
      storage_bytes: 1024 ** 3,
    });
    await expect(guestsOf(host).handle({ op: 'access', org: 'nobody' })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await work(host)).toBeDefined();
  });
});

import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { nkeyAuthenticator } from '@nats-io/nats-core';
import { createUser, type KeyPair } from '@nats-io/nkeys';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { allowedTo, roleSchema } from '../../src-shared/protocol/roles.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { accountFigures } from '../guests/account-figures.ts';
import { LimitWatch } from '../guests/limit-watch.ts';
import { guestAccount, HOME_ACCOUNT } from '../hub/accounts.ts';
import type { Hub } from '../hub/hub.ts';
import { HubFixture, testBinaries } from '../hub/hub-fixture.ts';
import { ensureStores } from '../work/streams.ts';
import { hubUsers } from './hub-users.ts';

/** Both lattices have one org, one set of station ids and one set of streams: nothing but the account keeps them apart. */
const ORG = 'team';
const names = namesOf(ORG);
const WAIT = { timeout: 10_000, interval: 20 };
const MIB = 1024 ** 2;
const LIMITS = { storage_bytes: 32 * MIB, memory_bytes: 4 * MIB, connections: 12, subscriptions: 100 };
const roles = roleSchema.options;
const joined_at = new Date().toISOString();

interface Side {
  name: string;
  host: KeyPair;
  keys: Map<string, KeyPair>;
}

function side(name: string): Side {
  return { name, host: createUser(), keys: new Map(roles.map((role) => [role, createUser()])) };
}

function usersOf({ host, keys }: Side) {
  const devices = roles.map((role) => ({
    id: `the-${role}`,
    key: keys.get(role)?.getPublicKey() ?? '',
    former_keys: [],
    name: role,
    role,
    version: '1',
    platform: 'Linux x64',
    joined_at,
  }));
  return hubUsers({ org: ORG, hostKey: host.getPublicKey(), devices, invitations: [] });
}

describe.each(testBinaries())('two lattices on one hub of %s', (binary) => {
  const home = side('home');
  const guest = side('guest');
  let fixture: HubFixture;
  let hub: Hub;
  let nc: Record<'home' | 'guest', NatsConnection>;

  const connectAs = (pair: KeyPair, device: string) =>
    connect({
      servers: hub.url ?? '',
      authenticator: nkeyAuthenticator(pair.getSeed()),
      inboxPrefix: `_INBOX_${device}`,
      reconnect: false,
    });

  const limitWatch = () =>
    new LimitWatch({
      log: hub.log,
      used: async () => {
        const figures = await accountFigures(hub.view.value.monitor_url);
        return [{ org: ORG, name: 'Guest', limits: LIMITS, ...figures(guestAccount(ORG)) }];
      },
    });

  beforeAll(async () => {
    fixture = await HubFixture.create();
    hub = fixture.hub({
      binary,
      account: HOME_ACCOUNT,
      auth: usersOf(home),
      guests: [{ name: guestAccount(ORG), users: usersOf(guest).users, limits: LIMITS }],
    });
    await hub.start();
    nc = { home: await connectAs(home.host, 'host'), guest: await connectAs(guest.host, 'host') };
    for (const [name, each] of Object.entries(nc)) {
      await ensureStores({ nc: each, names, limits: { eventsBytes: 8 * MIB, outputBytes: 4 * MIB } });
      const registry = await new Kvm(each).create(names.stationsBucket);
      await registry.put('the-station', name);
      await new Kvm(each).create(`only-${name}`);
      await jetstream(each).publish(names.workState('w1'), `work of ${name}`);
    }
  }, 30_000);

  afterAll(async () => {
    await Promise.all(Object.values(nc).map((each) => each.close()));
    await fixture[Symbol.asyncDispose]();
  });

  const pairs = [
    [home, 'guest'],
    [guest, 'home'],
  ] as const;

  it.each(roles)('show nothing of each other to the %s', async (role) => {
    const concrete = (subject: string) => subject.replaceAll('*', 'x').replace(/>$/, 'x');
    for (const [own, other] of pairs) {
      const pair = own.keys.get(role) ?? expect.unreachable();
      const device = await connectAs(pair, `the-${role}`);
      const heard: string[] = [];
      const { subscribe, publish } = allowedTo(role, ORG, `the-${role}`);
      for (const subject of [...subscribe, '>', '$JS.>', '$SYS.>'])
        device.subscribe(subject, { callback: (_error, message) => void heard.push(message?.subject ?? '') });
      await device.flush();
      heard.length = 0;
      for (const subject of [...subscribe, ...publish.filter((one) => !one.startsWith('$JS'))])
        nc[other].publish(concrete(subject), other);
      await nc[other].flush();
      await device.flush();
      expect(heard.filter((subject) => subject !== '')).toEqual([]);
      for (const subject of subscribe) nc[own === home ? 'home' : 'guest'].publish(concrete(subject), 'own');
      await vi.waitFor(() => expect(heard.filter((one) => one !== '')).toHaveLength(subscribe.length), WAIT);
      await device.close();
    }
  });

  it('show nothing of each other to who may do everything on one of them', async () => {
    for (const [own, other] of pairs) {
      const mine = nc[own === home ? 'home' : 'guest'];
      const heard: string[] = [];
      const taps = ['>', '$JS.>', '$SYS.>', '$KV.>'].map((subject) =>
        mine.subscribe(subject, {
          callback: (_error, message) => void heard.push(`${message.subject} ${message.string()}`),
        }),
      );
      await mine.flush();
      await jetstream(nc[other]).publish(names.events('the-host', 'station', 'secret'), 'a secret');
      await (await new Kvm(nc[other]).open(names.stationsBucket)).put('the-admin', 'a secret');
      nc[other].publish(names.presenceAnnounce('the-host'), 'a secret');
      await nc[other].flush();
      await mine.flush();
      expect(heard.filter((one) => one.includes('secret'))).toEqual([]);
      for (const tap of taps) tap.unsubscribe();
    }
  });

  it('have stores of the same names and cannot reach those of each other', async () => {
    for (const [own, other] of pairs) {
      const name = own === home ? 'home' : 'guest';
      const mine = nc[name];
      const jsm = await jetstreamManager(mine);
      const streams: string[] = [];
      for await (const stream of jsm.streams.names()) streams.push(stream);
      expect(streams.sort()).toEqual(
        [
          names.agentQueueStream,
          names.eventsStream,
          names.outputStream,
          names.queueStream,
          `KV_${names.stationsBucket}`,
          `KV_only-${name}`,
        ].sort(),
      );
      expect((await jsm.getAccountInfo()).streams).toBe(6);
      await expect(jsm.streams.info(`KV_only-${other}`)).rejects.toMatchObject({ status: 404 });
      await expect(jsm.consumers.list(`KV_only-${other}`).next()).rejects.toMatchObject({ status: 404 });
      await expect(jsm.streams.delete(`KV_only-${other}`)).rejects.toMatchObject({ status: 404 });
      const kept = await jsm.streams.getMessage(names.eventsStream, {
        last_by_subj: names.workState('w1'),
      });
      expect(kept?.string()).toBe(`work of ${name}`);
      const registry = await new Kvm(mine).open(names.stationsBucket);
      expect((await registry.get('the-station'))?.string()).toBe(name);
    }
  });

  it('tell nothing of the server or of other accounts', async () => {
    for (const [own, other] of pairs) {
      const mine = nc[own === home ? 'home' : 'guest'];
      for (const account of [guestAccount(ORG), HOME_ACCOUNT, '$SYS'])
        for (const what of ['CONNZ', 'JSZ', 'INFO', 'SUBSZ'])
          await expect(
            mine.request(`$SYS.REQ.ACCOUNT.${account}.${what}`, '', { timeout: 500 }),
          ).rejects.toThrow();
      for (const what of ['SERVER.PING', 'SERVER.PING.VARZ', 'SERVER.PING.JSZ', 'CLAIMS.LIST'])
        await expect(mine.request(`$SYS.REQ.${what}`, '', { timeout: 500 })).rejects.toThrow();
      const clients = await mine.request('$SYS.REQ.ACCOUNT.PING.CONNZ', '', { timeout: 2_000 });
      const text = clients.string();
      const stranger = other === 'home' ? HOME_ACCOUNT : guestAccount(ORG);
      expect(text).not.toContain(`"account":"${stranger}"`);
      expect(text).not.toContain((other === 'home' ? home : guest).host.getPublicKey());
    }
  });

  it('keep their pace while the other is flooded, and room while the other is full', {
    timeout: 60_000,
  }, async () => {
    const watch = limitWatch();
    const publish = async (count: number) => {
      const times: number[] = [];
      for (let done = 0; done < count; done++) {
        const from = performance.now();
        await jetstream(nc.home).publish(names.workState(`pace-${done}`), 'state');
        times.push(performance.now() - from);
      }
      return times.sort((a, b) => a - b)[Math.floor(count * 0.95)] ?? Number.NaN;
    };
    await watch.look();
    expect(watch.problems.snapshot()).toEqual([]);
    const calm = await publish(200);
    const before = (await (await jetstreamManager(nc.home)).getAccountInfo()).storage;
    let isOver = false;
    const flood = async (pair: KeyPair) => {
      const device = await connectAs(pair, 'the-station');
      const payload = new Uint8Array(512);
      let sent = 0;
      while (!isOver) {
        for (let each = 0; each < 200; each++)
          device.publish(names.workProgress(`flood-${each}`, 'the-station'), payload);
        await device.flush();
        sent += 200;
      }
      await device.close();
      return sent;
    };
    const stations = ['station', 'admin'].map((role) => guest.keys.get(role) ?? expect.unreachable());
    const floods = stations.map(flood);
    const busy = await publish(200);
    isOver = true;
    const sent = (await Promise.all(floods)).reduce((sum, each) => sum + each, 0);
    expect(sent).toBeGreaterThan(1_000);
    expect(busy).toBeLessThan(Math.max(calm * 20, 150));

    const guestStreams = jetstream(nc.guest, { timeout: 5_000 });
    const large = new Uint8Array(MIB);
    const full = async () => {
      for (let each = 0; each < 64; each++)
        await guestStreams.publish(names.stationWorkAssign('x', 3), large);
    };
    await expect(full()).rejects.toMatchObject({ code: 10002 });
    await watch.look();
    expect(watch.problems.snapshot()).toMatchObject([
      { id: `guest.storage.${ORG}`, title: 'The lattice Guest has stored nearly as much as it may' },
    ]);
    const info = await (await jetstreamManager(nc.guest)).getAccountInfo();
    expect(info.storage).toBeLessThanOrEqual(LIMITS.storage_bytes);
    const after = (await (await jetstreamManager(nc.home)).getAccountInfo()).storage;
    expect(after - before).toBeLessThan(MIB);
    await jetstream(nc.home).publish(names.stationWorkAssign('x', 3), large);
    watch[Symbol.dispose]();
  });

  it('let no more in than the limit of one says, while the other takes them', async () => {
    const watch = limitWatch();
    const viewer = guest.keys.get('viewer') ?? expect.unreachable();
    const opened: NatsConnection[] = [];
    await expect(
      (async () => {
        for (let each = 0; each <= LIMITS.connections; each++)
          opened.push(await connectAs(viewer, 'the-viewer'));
      })(),
    ).rejects.toThrow();
    expect(opened.length).toBe(LIMITS.connections - 1);
    for (let each = 0; each <= LIMITS.connections; each++)
      opened.push(await connectAs(home.keys.get('viewer') ?? expect.unreachable(), 'the-viewer'));
    await vi.waitFor(() => expect(watch.problems.get('guest.connections')).toBeDefined(), WAIT);
    await Promise.all(opened.map((each) => each.close()));
    watch[Symbol.dispose]();
  });
});

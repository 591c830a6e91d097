import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { nkeyAuthenticator, PermissionViolationError } from '@nats-io/nats-core';
import { createUser, type KeyPair } from '@nats-io/nkeys';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Role, roleRules, roleSchema } from '../../src-shared/protocol/roles.ts';
import { LEVELS, namesOf } from '../../src-shared/protocol/subjects.ts';
import type { Hub } from '../hub/hub.ts';
import { HubFixture, testBinaries } from '../hub/hub-fixture.ts';
import { expectNoLeak, findSecretsIn, rememberSecret } from '../testing/find-secrets.ts';
import { ensureStores } from '../work/streams.ts';
import { hubUsers } from './hub-users.ts';
import { Violations } from './violations.ts';

const ORG = 'team';
const names = namesOf(ORG);
const WAIT = { timeout: 5_000, interval: 20 };
const host = createUser();
const keys = new Map<Role, KeyPair>(roleSchema.options.map((role) => [role, createUser()]));

let fixture: HubFixture;
let hub: Hub;
let hostNc: NatsConnection;

function connectAs(pair: KeyPair, device: string): Promise<NatsConnection> {
  return connect({
    servers: hub.url ?? '',
    authenticator: nkeyAuthenticator(pair.getSeed()),
    inboxPrefix: `_INBOX_${device}`,
    reconnect: false,
  });
}

/** What the server refused while `act` ran, as `publish subject` or `subscription subject`. */
async function refusals(role: Role, act: (nc: NatsConnection) => void | Promise<void>): Promise<string[]> {
  const pair = keys.get(role);
  if (!pair) throw new Error(`No key for ${role}.`);
  const nc = await connectAs(pair, `the-${role}`);
  const found: string[] = [];
  const reading = (async () => {
    for await (const status of nc.status())
      if (status.type === 'error' && status.error instanceof PermissionViolationError)
        found.push(`${status.error.operation} ${status.error.subject}`);
  })();
  try {
    await act(nc);
    await nc.flush();
    // The refusal of a message comes before the answer to a ping that was sent after it.
    await nc.flush();
  } finally {
    await nc.close();
    await reading;
  }
  return found;
}

const other = 'somebody-else';
const readable = [names.eventsStream, names.outputStream, `KV_${names.stationsBucket}`];
const stores = [
  ...readable,
  ...[names.queueStream, names.agentQueueStream],
  `OBJ_${names.resultsBucket}`,
  'KV_private',
];
const everyone = roleSchema.options;
const watching: readonly Role[] = ['viewer', 'auditor'];
const notAdmin: readonly Role[] = ['viewer', 'operator', 'station', 'auditor'];
const queues = [names.queueStream, names.agentQueueStream];
const notOffering: readonly Role[] = ['viewer', 'operator', 'auditor'];

/** What no such role may write to; a device that tries knows its own id. */
const forbiddenPublish = (me: string): [string, readonly Role[], readonly string[]][] => [
  [
    'change or delete what is stored',
    everyone,
    stores.flatMap((stream) => [
      `$JS.API.STREAM.PURGE.${stream}`,
      `$JS.API.STREAM.DELETE.${stream}`,
      `$JS.API.STREAM.UPDATE.${stream}`,
      `$JS.API.STREAM.MSG.DELETE.${stream}`,
      `$JS.API.STREAM.SNAPSHOT.${stream}`,
    ]),
  ],
  ['make stores of its own', everyone, ['$JS.API.STREAM.CREATE.MINE', '$JS.API.STREAM.CREATE.KV_mine']],
  [
    'use the API beyond its list',
    everyone,
    [
      '$JS.API.STREAM.NAMES',
      '$JS.API.STREAM.LIST',
      '$JS.API.ACCOUNT.PURGE.X',
      '$JS.API.META.LEADER.STEPDOWN',
      `$JS.API.CONSUMER.CREATE.${names.queueStream}.all`,
      `$JS.API.CONSUMER.CREATE.${names.queueStream}.all.>`,
      `$JS.API.CONSUMER.CREATE.${names.queueStream}.${names.stationReader(other, 3)}.${names.stationWorkAssign(other, 3)}`,
      `$JS.API.CONSUMER.DURABLE.CREATE.${names.eventsStream}.mine`,
      '$JS.API.SERVER.REMOVE',
      '$SYS.REQ.SERVER.PING',
    ],
  ],
  [
    'read stores outside its need',
    everyone,
    [
      '$JS.API.STREAM.INFO.KV_private',
      '$JS.API.DIRECT.GET.KV_private.$KV.private.key',
      '$JS.API.CONSUMER.CREATE.KV_private.c.>',
      '$KV.private.key',
    ],
  ],
  [
    'speak as another station',
    everyone,
    [
      `$KV.${names.stationsBucket}.${other}`,
      `$KV.${names.agentsBucket}.${other}.counter`,
      `$KV.${names.presenceBucket}.${other}`,
      `$KV.${names.usageBucket}.2026-11-21.${other}`,
      `$KV.${names.leasesBucket}.${other}`,
      `$KV.${names.membersBucket}.${other}`,
      names.presenceAnnounce(other),
      names.presenceHeartbeat(other),
      names.presenceGoodbye(other),
      names.workProgress('w1', other),
      names.workOutput('w1', other),
      names.events(other, 'station', 'left'),
      names.events(other, 'agent', 'quiet'),
      `${names.workOutput('w1', me)}.${other}`,
      `_INBOX_${other}.answer`,
    ],
  ],
  [
    'take, see or confirm what waits for another station',
    everyone,
    LEVELS.flatMap((level) => [
      `$JS.API.CONSUMER.MSG.NEXT.${names.queueStream}.${names.stationReader(other, level)}`,
      `$JS.API.CONSUMER.INFO.${names.queueStream}.${names.stationReader(other, level)}`,
      `$JS.API.CONSUMER.CREATE.${names.queueStream}.${names.stationReader(other, level)}.${names.stationWorkAssign(other, level)}`,
      `$JS.API.CONSUMER.CREATE.${names.queueStream}.${names.stationReader(other, level)}.${names.stationWorkAssign(me, level)}`,
      `$JS.API.CONSUMER.CREATE.${names.queueStream}.${names.stationReader(me, level)}.${names.stationWorkAssign(other, level)}`,
      `$JS.ACK.${names.queueStream}.${names.stationReader(other, level)}.1.1.1.1.0`,
    ]),
  ],
  [
    'remove the readers of the queues',
    notAdmin,
    queues.flatMap((queue) => [
      `$JS.API.CONSUMER.LIST.${queue}`,
      `$JS.API.CONSUMER.DELETE.${queue}.${names.stationReader(other, 3)}`,
      `$JS.API.CONSUMER.DELETE.${queue}.${names.agentReader('counter', 3)}`,
    ]),
  ],
  [
    'read what only stations need',
    notOffering,
    [
      ...queues.flatMap((queue) => [`$JS.API.DIRECT.GET.${queue}`, `$JS.API.DIRECT.GET.${queue}.x`]),
      `$JS.API.STREAM.INFO.KV_${names.leasesBucket}`,
      `$JS.API.DIRECT.GET.KV_${names.leasesBucket}.$KV.${names.leasesBucket}.witness`,
      `$JS.API.CONSUMER.CREATE.KV_${names.leasesBucket}.c.>`,
    ],
  ],
  ['let others in', notAdmin, everyone.map((role) => names.hubManage(`the-${role}`))],
  ['act on the access of another device', everyone, [names.hubManage(other), names.hubOwn(other)]],
  ['see or change what else the hub carries', everyone, [names.hubGuests]],
  ['see who has access', ['viewer', 'operator', 'station'], [names.hubDevices]],
  ['ask to be let in for somebody', everyone, [names.enrol('invitation')]],
  [
    'give, change or cancel work, or call agents',
    watching,
    [
      names.workState('w1'),
      names.agentInvoke(other),
      names.agentCancel(other),
      names.stationWorkAssign(other, 3),
      names.agentWorkAssign('counter', 3),
    ],
  ],
  [
    'be a station, even in its own name',
    notOffering,
    [
      names.presenceAnnounce(me),
      names.presenceHeartbeat(me),
      names.presenceGoodbye(me),
      names.workProgress('w1', me),
      names.workOutput('w1', me),
      `${names.reply(other)}.x`,
      names.events(me, 'station', 'joined'),
      `$KV.${names.stationsBucket}.${me}`,
      `$O.${names.resultsBucket}.M.x`,
      `$JS.ACK.${names.queueStream}.${names.stationReader(me, 1)}.1.1.1.1.0`,
      `$JS.ACK.${names.agentQueueStream}.${names.agentReader('counter', 1)}.1.1.1.1.0`,
      `$JS.API.CONSUMER.MSG.NEXT.${names.queueStream}.${names.stationReader(me, 1)}`,
      `$JS.API.CONSUMER.MSG.NEXT.${names.agentQueueStream}.${names.agentReader('counter', 1)}`,
      `$KV.${names.leasesBucket}.witness`,
    ],
  ],
  ['leave the lattice', everyone, ['lattice.v1.other.presence.announce.x', 'elsewhere', `lattice.v1.${ORG}`]],
];

const forbiddenSubscribe: readonly string[] = [
  '>',
  '*',
  '_INBOX.>',
  `_INBOX_${other}.>`,
  'lattice.>',
  `lattice.v1.${ORG}.>`,
  `${names.reply(other)}.>`,
  names.replyAll,
  names.agentInvoke(other),
  names.workStateAll,
  names.workOutputAll('w1'),
  names.outputAll[1] ?? '',
  names.stationWorkAssign(other, 3),
  names.eventsAll,
  names.enrolAll,
  names.hubManageAll,
  names.hubOwnAll,
  '$JS.>',
  '$JS.API.>',
  `$KV.${names.stationsBucket}.>`,
  '$SYS.>',
  'lattice.v1.other.>',
];

describe.each(testBinaries())('with %s', (binary) => {
  beforeAll(async () => {
    for (const pair of [host, ...keys.values()])
      rememberSecret(Buffer.from(pair.getSeed()).toString('ascii'));
    fixture = await HubFixture.create();
    const devices = [...keys].map(([role, pair]) => ({
      id: `the-${role}`,
      key: pair.getPublicKey(),
      former_keys: [],
      name: role,
      role,
      version: '1',
      platform: 'Linux x64',
      joined_at: new Date().toISOString(),
    }));
    const auth = hubUsers({ org: ORG, hostKey: host.getPublicKey(), devices, invitations: [] });
    hub = fixture.hub({ auth, binary });
    await hub.start();
    hostNc = await connectAs(host, 'the-host');
    await ensureStores({ nc: hostNc, names, limits: { eventsBytes: 1e7, outputBytes: 1e7 } });
    for (const bucket of [names.stationsBucket, names.agentsBucket, names.presenceBucket, names.leasesBucket])
      await new Kvm(hostNc).create(bucket);
    await new Kvm(hostNc).create('private');
  }, 30_000);

  afterAll(async () => {
    await hostNc.close();
    expectNoLeak(findSecretsIn(fixture.folder));
    await fixture[Symbol.asyncDispose]();
  });

  describe.each(everyone)('the %s', (role) => {
    it.each(forbiddenPublish(`the-${role}`).filter(([, roles]) => roles.includes(role)))(
      'may not %s',
      async (_what, _roles, subjects) => {
        const found = await refusals(role, (nc) => {
          for (const subject of subjects) nc.publish(subject, '{}');
        });
        expect(found.sort()).toEqual(subjects.map((subject) => `publish ${subject}`).sort());
      },
    );

    it('may not listen to anything that is not for it', async () => {
      const found = await refusals(role, (nc) => {
        for (const subject of forbiddenSubscribe) nc.subscribe(subject, { callback: () => undefined });
      });
      expect(found.sort()).toEqual(forbiddenSubscribe.map((subject) => `subscription ${subject}`).sort());
    });

    it('is refused nothing that its rules list', async () => {
      const rules = roleRules(ORG, `the-${role}`).filter((rule) => rule.roles.includes(role));
      const concrete = (subject: string) => subject.replaceAll('*', 'x').replace(/>$/, 'x');
      const found = await refusals(role, (nc) => {
        for (const { verb, subjects } of rules)
          for (const subject of subjects)
            if (verb === 'publish') nc.publish(concrete(subject), '{}');
            else nc.subscribe(subject, { callback: () => undefined });
      });
      expect(found).toEqual([]);
    });

    it('cannot send more than the hub takes, whatever its client thinks of it', async () => {
      const pair = keys.get(role);
      if (!pair) throw new Error('No key.');
      const nc = await connectAs(pair, `the-${role}`);
      const subject = names.hubManage(`the-${role}`);
      const tooLarge = new Uint8Array((nc.info?.max_payload ?? 0) + 1);
      expect(() => nc.publish(subject, tooLarge)).toThrow(/payload/i);
      if (nc.info) nc.info.max_payload = tooLarge.length;
      nc.publish(subject, tooLarge);
      expect(await nc.closed()).toBeDefined();
    });
  });

  describe('the hub', () => {
    it('keeps what it had after everything that was tried', async () => {
      const { streams } = await jetstream(hostNc).jetstreamManager();
      for (const stream of [...readable, names.queueStream])
        expect((await streams.info(stream)).config.name).toBe(stream);
    });

    it('lets a device have no more than its share of subscriptions', async () => {
      const pair = keys.get('viewer');
      if (!pair) throw new Error('No key.');
      const nc = await connectAs(pair, 'the-viewer');
      const closed = nc.closed();
      for (let count = 0; count < 4_200; count++)
        nc.subscribe(`_INBOX_the-viewer.${count}`, { callback: () => undefined });
      const errors: string[] = [];
      const reading = (async () => {
        for await (const status of nc.status())
          if (status.type === 'error') errors.push(String(status.error));
      })();
      await vi.waitFor(() => expect(errors.join()).toMatch(/maximum subscriptions/i), WAIT);
      await nc.close();
      await closed;
      await reading;
    });

    it.each(everyone)('shows to its host what the %s tried', async (role) => {
      const violations = new Violations({
        log: hub.log,
        nameOf: (key) => [...keys].find(([, pair]) => pair.getPublicKey() === key)?.[0],
      });
      await refusals(role, (nc) => {
        nc.publish(names.presenceGoodbye(other), '{}');
        nc.subscribe('>', { callback: () => undefined });
      });
      await vi.waitFor(
        () =>
          expect(violations.problems.snapshot()).toMatchObject([
            {
              title: `${role} tried what its role does not allow`,
              detail: expect.stringMatching(/^2 times; the last was to listen to >\./),
            },
          ]),
        WAIT,
      );
      expect(violations.of(keys.get(role)?.getPublicKey() ?? '')).toMatchObject({
        count: 2,
        last: 'listen to >',
      });
      const another = everyone.find((each) => each !== role) ?? role;
      expect(violations.of(keys.get(another)?.getPublicKey() ?? '')).toBeUndefined();
      violations[Symbol.dispose]();
    });

    it('knows nobody who is not on its list', async () => {
      await expect(connectAs(createUser(), 'stranger')).rejects.toThrow(/authorization/i);
      await expect(connect({ servers: hub.url ?? '', reconnect: false })).rejects.toThrow(/authorization/i);
    });
  });
});

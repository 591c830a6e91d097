import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { nkeyAuthenticator, PermissionViolationError } from '@nats-io/nats-core';
import { createUser, type KeyPair } from '@nats-io/nkeys';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Role, roleRules, roleSchema } from '../../src-shared/protocol/roles.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import type { Hub } from '../hub/hub.ts';
import { HubFixture } from '../hub/hub-fixture.ts';
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

beforeAll(async () => {
  fixture = await HubFixture.create();
  const devices = [...keys].map(([role, pair]) => ({
    id: `the-${role}`,
    key: pair.getPublicKey(),
    name: role,
    role,
    version: '1',
    platform: 'Linux x64',
    joined_at: new Date().toISOString(),
  }));
  const auth = hubUsers({ org: ORG, hostKey: host.getPublicKey(), devices, invitations: [] });
  hub = fixture.hub({ auth });
  await hub.start();
  hostNc = await connectAs(host, 'the-host');
  await ensureStores({ nc: hostNc, names, limits: { eventsBytes: 1e7, outputBytes: 1e7 } });
  for (const bucket of [names.stationsBucket, names.agentsBucket, names.presenceBucket, names.leasesBucket])
    await new Kvm(hostNc).create(bucket);
  await new Kvm(hostNc).create('private');
}, 30_000);

afterAll(async () => {
  await hostNc.close();
  await fixture[Symbol.asyncDispose]();
});

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
const stores = [...readable, names.queueStream, `OBJ_${names.resultsBucket}`, 'KV_private'];
const everyone = roleSchema.options;
const watching: readonly Role[] = ['viewer', 'auditor'];
const notOffering: readonly Role[] = ['viewer', 'operator', 'auditor'];

/** What no such role may write to. */
const forbiddenPublish: [string, readonly Role[], readonly string[]][] = [
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
      `$JS.API.CONSUMER.CREATE.${names.queueStream}.all.${names.stationWorkAll(other)}`,
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
      `_INBOX_${other}.answer`,
    ],
  ],
  ['let others in', ['viewer', 'operator', 'station', 'auditor'], [names.hubManage]],
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
    'forge presence, progress, answers, events or confirmations',
    notOffering,
    [
      names.presenceAnnounce,
      names.presenceHeartbeat,
      names.presenceGoodbye,
      names.workProgress('w1'),
      names.workOutput('w1'),
      `${names.reply(other)}.x`,
      names.events('station', 'joined'),
      `$JS.ACK.${names.queueStream}.station-x-1.1.1.1.1.0`,
      `$JS.API.CONSUMER.MSG.NEXT.${names.queueStream}.station-x-1`,
      `$KV.${names.leasesBucket}.witness`,
    ],
  ],
  ['leave the lattice', everyone, ['lattice.v1.other.presence.announce', 'elsewhere', `lattice.v1.${ORG}`]],
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
  names.workOutput('w1'),
  names.stationWorkAll(other),
  names.enrolAll,
  names.hubManage,
  '$JS.>',
  '$JS.API.>',
  `$KV.${names.stationsBucket}.>`,
  '$SYS.>',
  'lattice.v1.other.>',
];

describe.each(everyone)('the %s', (role) => {
  it.each(forbiddenPublish.filter(([, roles]) => roles.includes(role)))(
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

  it('cannot send more than the hub takes', async () => {
    const pair = keys.get(role);
    if (!pair) throw new Error('No key.');
    const nc = await connectAs(pair, `the-${role}`);
    expect(() =>
      nc.publish(names.workProgress('w'), new Uint8Array((nc.info?.max_payload ?? 0) + 1)),
    ).toThrow(/payload/i);
    await nc.close();
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
      for await (const status of nc.status()) if (status.type === 'error') errors.push(String(status.error));
    })();
    await vi.waitFor(() => expect(errors.join()).toMatch(/maximum subscriptions/i), WAIT);
    await nc.close();
    await closed;
    await reading;
  });

  it('shows to its host who tried what', async () => {
    const violations = new Violations({
      log: hub.log,
      nameOf: (key) => [...keys].find(([, pair]) => pair.getPublicKey() === key)?.[0],
    });
    await refusals('viewer', (nc) => {
      nc.publish(names.hubManage, '{}');
      nc.subscribe('>', { callback: () => undefined });
    });
    await vi.waitFor(
      () =>
        expect(violations.problems.snapshot()).toMatchObject([
          {
            title: 'viewer tried what its role does not allow',
            detail: expect.stringMatching(/^2 times; the last was to listen to >\./),
          },
        ]),
      WAIT,
    );
    violations[Symbol.dispose]();
  });

  it('knows nobody who is not on its list', async () => {
    await expect(connectAs(createUser(), 'stranger')).rejects.toThrow(/authorization/i);
    await expect(connect({ servers: hub.url ?? '', reconnect: false })).rejects.toThrow(/authorization/i);
  });
});

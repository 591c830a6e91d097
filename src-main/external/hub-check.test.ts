import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { createUser } from '@nats-io/nkeys';
import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { permissionsConf, permissionsFor } from '../../src-shared/protocol/permission-text.ts';
import { roleSchema } from '../../src-shared/protocol/roles.ts';
import type { FeatureCheck, HubCheck } from '../../src-shared/views/hub-check.ts';
import type { ContextTarget } from '../config/nats-contexts.ts';
import { failure } from '../mesh/test-station.ts';
import { certificates } from '../testing/certificates.ts';
import { operatorMode, seedOf } from '../testing/nats-operator.ts';
import { startNatsServer, type TestServer, type TestServerOptions } from '../testing/nats-server.ts';
import { checkHub, isUsable } from './hub-check.ts';

const ME = 'forge';
const open: AsyncDisposable[] = [];
let folder = '';

async function server(options: TestServerOptions = {}): Promise<TestServer> {
  const started = await startNatsServer(options);
  open.push(started);
  return started;
}

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function check(url: string, target: Partial<ContextTarget> = {}, create = false): Promise<HubCheck> {
  return checkHub({
    target: { url, auth: {}, tls: {}, ...target },
    org: 'main',
    role: 'station',
    device: ME,
    create,
  });
}

function states({ features }: HubCheck): Record<string, string> {
  return Object.fromEntries(features.map(({ id, state }) => [id, state]));
}

function feature({ features }: HubCheck, id: string): FeatureCheck {
  const found = features.find((each) => each.id === id);
  if (!found) throw new Error(id);
  return found;
}

const ALL = [
  'answers',
  'jetstream',
  'registry',
  'presence',
  'calls',
  'work',
  'log',
  'output',
  'results',
  'usage',
  'witness',
];
const all = (state: string) => Object.fromEntries(ALL.map((id) => [id, state]));
/** A server without any store yet. */
const fresh = { ...all('limited'), answers: 'ok', jetstream: 'ok', presence: 'ok', calls: 'ok' };

/** A user with exactly these permissions beside one that may do all. */
function withUser(permissions: string): string {
  return `authorization { users: [ { user: admin, password: pw }, { user: ann, password: pw, ${permissions} } ] }`;
}
const ann = { auth: { user: 'ann', password: 'pw' } };
const admin = { auth: { user: 'admin', password: 'pw' } };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-hub-check-'));
});
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what an account allows', () => {
  it('everything, on a server that is new, and nothing is left behind', async () => {
    const { url, port } = await server();
    const found = await check(url);
    expect(states(found)).toEqual(fresh);
    expect(isUsable(found)).toBe(true);
    expect(found.server).toMatchObject({ url: `nats://127.0.0.1:${port}`, tls: false });
    expect(found.server.version).toMatch(/^2\./);
    expect(found.who.account).toBe('$G');
    expect(found.stores).toHaveLength(10);
    expect(found.stores.every(({ state }) => state === 'absent')).toBe(true);
    const nc = await connect({ servers: url });
    const account = await (await jetstreamManager(nc)).getAccountInfo();
    await nc.close();
    expect(account).toMatchObject({ streams: 0, consumers: 0 });
  });

  it('makes the stores when it is asked to, and stores nothing in them by looking', async () => {
    const { url } = await server();
    const made = await check(url, {}, true);
    expect(states(made)).toEqual(all('ok'));
    expect(made.stores.every(({ state }) => state === 'made')).toBe(true);
    const again = await check(url);
    expect(states(again)).toEqual(all('ok'));
    expect(again.stores.every(({ state }) => state === 'there')).toBe(true);
    const nc = await connect({ servers: url });
    const jsm = await jetstreamManager(nc);
    for await (const { state, config } of jsm.streams.list())
      expect([config.name, state.messages, state.last_seq, state.consumer_count]).toEqual([
        config.name,
        0,
        0,
        0,
      ]);
    await nc.close();
  });

  it('says which stream is set up otherwise', async () => {
    const { url } = await server();
    const nc = await connect({ servers: url });
    const jsm = await jetstreamManager(nc);
    await jsm.streams.add({ name: 'LATTICE_main_QUEUE', subjects: ['other.>'] });
    await nc.close();
    const found = await check(url);
    expect(states(found).work).toBe('limited');
    expect(found.stores.find(({ name }) => name === 'LATTICE_main_QUEUE')).toMatchObject({
      state: 'differs',
    });
    expect(feature(found, 'work').facts.join(' ')).toContain('retention is "limits", "workqueue" expected.');
  });

  it('without JetStream', async () => {
    const config = 'accounts { A { users: [{ user: ann, password: pw }] } }';
    const { url } = await server({ config });
    const found = await check(url, ann);
    expect(isUsable(found)).toBe(false);
    expect(states(found)).toEqual({ ...all('off'), answers: 'ok', presence: 'ok', calls: 'ok' });
    expect(feature(found, 'jetstream').facts.join(' ')).toContain('JetStream does not answer');
    expect(found.who).toMatchObject({ user: 'ann', account: 'A' });
  });

  it('with JetStream denied', async () => {
    const { url } = await server({ config: withUser('permissions: { publish: { deny: "$JS.>" } }') });
    const found = await check(url, ann);
    expect(isUsable(found)).toBe(false);
    expect(states(found)).toMatchObject({ answers: 'ok', jetstream: 'off', registry: 'off', calls: 'ok' });
    expect(feature(found, 'jetstream').missing.map(({ subject }) => subject)).toEqual(['$JS.API.INFO']);
  });

  it('with one stream denied: it is named, and the rest stays', async () => {
    const deny = 'permissions: { publish: { deny: "$JS.API.*.*.LATTICE_main_QUEUE" } }';
    const { url } = await server({ config: withUser(deny) });
    const found = await check(url, ann);
    expect(states(found)).toEqual({ ...fresh, work: 'off' });
    const work = feature(found, 'work');
    expect(work.without).toContain('No work can be given');
    expect(work.facts.join(' ')).toContain(
      'LATTICE_main_QUEUE: It cannot be seen: this user may not publish to $JS.API.STREAM.INFO.LATTICE_main_QUEUE.',
    );
  });

  it('with making of a stream denied', async () => {
    const deny = 'permissions: { publish: { deny: "$JS.API.STREAM.CREATE.LATTICE_main_QUEUE" } }';
    const { url } = await server({ config: withUser(deny) });
    expect(states(await check(url, ann))).toEqual({ ...fresh, work: 'off' });
    await check(url, admin, true);
    expect(states(await check(url, ann))).toEqual(all('ok'));
  });

  it('with events denied', async () => {
    const { url } = await server({
      config: withUser('permissions: { publish: { deny: "lattice.v1.main.events.>" } }'),
    });
    await check(url, admin, true);
    const found = await check(url, ann);
    expect(states(found)).toEqual({ ...all('ok'), log: 'off' });
    expect(feature(found, 'log').missing).toMatchObject([
      { verb: 'publish', subject: `lattice.v1.main.events.${ME}.>` },
    ]);
  });

  it('with another inbox', async () => {
    const config = withUser('permissions: { publish: ">", subscribe: { allow: ["_ANN.>", "lattice.>"] } }');
    const { url } = await server({ config });
    expect(isUsable(await check(url, { ...ann, inboxPrefix: '_ANN' }))).toBe(true);
    const wrong = await check(url, ann);
    expect(isUsable(wrong)).toBe(false);
    expect(feature(wrong, 'answers').missing).toMatchObject([
      { verb: 'subscribe', subject: `_INBOX_${ME}.>` },
    ]);
  });

  it('with a JetStream domain', async () => {
    const { url } = await server({ config: `jetstream { domain: hub, store_dir: "${folder}/domain" }` });
    const right = await check(url, { domain: 'hub' });
    expect(states(right)).toEqual(fresh);
    expect(right.server.domain).toBe('hub');
    const found = await check(url, { domain: 'elsewhere' });
    expect(states(found).jetstream).toBe('off');
    expect(feature(found, 'jetstream').facts.join(' ')).toContain(
      'This server is of the domain hub, and elsewhere was asked for',
    );
  });

  it('on nats-server 2.9.10', async () => {
    const binary = process.env.LATTICE_NATS_SERVER_29;
    if (binary === undefined) throw new Error('LATTICE_NATS_SERVER_29 is not set.');
    const { url } = await server({ binary });
    expect(states(await check(url))).toEqual(fresh);
    expect(states(await check(url, {}, true))).toEqual(all('ok'));
    const found = await check(url);
    expect(found.server.version).toBe('2.9.10');
    expect(feature(found, 'jetstream').facts.join(' ')).toContain('2.10');
  });
});

describe('ways in', () => {
  it.each([
    ['token', () => ({ config: 'authorization { token: s3cret }', target: { auth: { token: 's3cret' } } })],
    ['user', () => ({ config: withUser(''), target: ann })],
    [
      'NKey',
      () => {
        const user = createUser();
        return {
          config: `authorization { users: [{ nkey: ${user.getPublicKey()} }] }`,
          target: { auth: { nkeySeed: seedOf(user) } },
        };
      },
    ],
    [
      'credentials in operator mode',
      async () => {
        const { config, good } = operatorMode();
        return { config, target: { auth: { credsFile: await file('good.creds', good) } } };
      },
    ],
    [
      'JWT and seed',
      () => {
        const { config, good } = operatorMode();
        const [, jwt = ''] = /JWT-----\n(.*)\n/.exec(good) ?? [];
        const [nkeySeed = ''] = /SU[A-Z2-7]{56}/.exec(good) ?? [];
        return { config, target: { auth: { userJwt: jwt, nkeySeed } } };
      },
    ],
  ])('%s', async (_name, make) => {
    const { config, target } = await make();
    const { url } = await server({ config });
    const found = await check(url, target);
    expect(states(found)).toEqual(fresh);
    expect(JSON.stringify(found)).not.toContain('s3cret');
    expect((await failure(check(url))).code).toBe('auth_failed');
  });

  it('TLS with a client certificate, and TLS first', async () => {
    await certificates(folder);
    const path = (name: string) => join(folder, name);
    const files = { caFile: path('ca.pem'), certFile: path('client.pem'), keyFile: path('client.key') };
    for (const first of [false, true]) {
      const { url } = await server({
        config: `tls { cert_file: "${path('server.pem')}", key_file: "${path('server.key')}", ca_file: "${path('ca.pem')}", verify: true, ${first ? 'handshake_first: true' : ''} }`,
      });
      const found = await check(url.replace('nats:', 'tls:'), { tls: { ...files, first } });
      expect(found.server.tls).toBe(true);
      expect(states(found)).toEqual(fresh);
    }
  });
});

describe('the permissions for an admin', () => {
  it.each(roleSchema.options)('are enough for %s, in the config file', async (role) => {
    const block = permissionsConf(permissionsFor({ org: 'main', role, device: ME, inboxPrefix: '_ANN' }));
    const { url } = await server({ config: withUser(block) });
    await check(url, admin, true);
    const found = await checkHub({
      target: { url, ...ann, tls: {}, inboxPrefix: '_ANN' },
      org: 'main',
      role,
      device: ME,
    });
    expect(found.features.filter(({ state }) => state !== 'ok')).toEqual([]);
  });

  it('let the first station make everything', async () => {
    const subjects = permissionsFor({ org: 'main', role: 'station', device: ME, create: true });
    const { url } = await server({ config: withUser(permissionsConf(subjects)) });
    expect(states(await check(url, ann))).toEqual(fresh);
    expect(states(await check(url, ann, true))).toEqual(all('ok'));
  });

  it('are enough as a JWT', async () => {
    const { config, good } = operatorMode(
      permissionsFor({ org: 'main', role: 'station', device: ME, create: true }),
    );
    const { url } = await server({ config });
    const target = { auth: { credsFile: await file('narrow.creds', good) } };
    expect(states(await check(url, target, true))).toEqual(all('ok'));
  });
});

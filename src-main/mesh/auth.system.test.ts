import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUser } from '@nats-io/nkeys';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NatsAuth, NatsTls } from '../../src-shared/protocol/auth.ts';
import { certificates } from '../testing/certificates.ts';
import { expectNoLeak, findSecretsInText, makeSecret } from '../testing/find-secrets.ts';
import { operatorMode, seedOf } from '../testing/nats-operator.ts';
import { startNatsServer, type TestServer } from '../testing/nats-server.ts';
import { MeshConnection } from './connection.ts';
import { countingRelay, failure } from './test-station.ts';

const SECRET = makeSecret('right-');
const WRONG = makeSecret('wrong-');

interface Way {
  name: string;
  config: string;
  good: NatsAuth;
  bad: NatsAuth;
  /** What the message has to name. */
  says: RegExp;
}

let folder = '';
let ways: Way[] = [];
const open: AsyncDisposable[] = [];

function own<T extends AsyncDisposable>(thing: T): T {
  open.push(thing);
  return thing;
}

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function connectionTo(url: string, auth: NatsAuth, tls?: NatsTls): MeshConnection {
  return own(
    new MeshConnection({
      url,
      auth,
      kind: 'station',
      id: 'probe',
      timeoutMs: 1_000,
      ...(tls ? { tls } : {}),
    }),
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-auth-'));
  const [user, stranger] = [createUser(), createUser()];
  const seed = seedOf(user);
  const strangeSeed = seedOf(stranger);
  const jwt = operatorMode();
  ways = [
    {
      name: 'token',
      config: `authorization { token: "${SECRET}" }`,
      good: { token: SECRET },
      bad: { token: WRONG },
      says: /refused the token/,
    },
    {
      name: 'user and password',
      config: `authorization { users: [{ user: ann, password: "${SECRET}" }] }`,
      good: { user: 'ann', password: SECRET },
      bad: { user: 'ann', password: WRONG },
      says: /refused the user "ann" with this password/,
    },
    {
      name: 'NKey seed',
      config: `authorization { users: [{ nkey: ${user.getPublicKey()} }] }`,
      good: { nkeySeed: seed },
      bad: { nkeySeed: strangeSeed },
      says: new RegExp(`refused the NKey ${stranger.getPublicKey()}`),
    },
    {
      name: 'NKey file',
      config: `authorization { users: [{ nkey: ${user.getPublicKey()} }] }`,
      good: { nkeyFile: await file('good.nk', `${seed}\n`) },
      bad: { nkeyFile: await file('bad.nk', strangeSeed) },
      says: /refused the NKey U\w+ of .*bad\.nk/,
    },
    {
      name: 'credentials file',
      config: jwt.config,
      good: { credsFile: await file('good.creds', jwt.good) },
      bad: { credsFile: await file('bad.creds', jwt.bad) },
      says: /refused the credentials file .*bad\.creds/,
    },
  ];
});

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('ways to prove who we are', () => {
  it('none on loopback', async () => {
    const server = own(await startNatsServer());
    const connection = connectionTo(server.url, {});
    await connection.open();
    expect(connection.view.value).toMatchObject({ state: 'connected', attempt: 0 });
    expect(connection.view.value.server_version).toMatch(/^2\./);
  });

  it.each(['token', 'user and password', 'NKey seed', 'NKey file', 'credentials file'])(
    '%s, and a wrong one fails at once, once and clearly',
    async (name) => {
      const way = ways.find((one) => one.name === name);
      if (!way) throw new Error(name);
      const server = own(await startNatsServer({ config: way.config }));
      const relay = own(await countingRelay(server.port));
      const url = `nats://127.0.0.1:${relay.port}`;

      const right = connectionTo(url, way.good);
      await right.open();
      expect(right.connected).toBe(true);

      const before = relay.dials;
      const wrong = connectionTo(url, way.bad);
      const error = await failure(wrong.open());
      expect(error.code).toBe('auth_failed');
      expect(error.message).toMatch(way.says);
      expect(error.hint).toBeTruthy();
      expect(wrong.view.value).toMatchObject({ state: 'failed', error: { code: 'auth_failed' } });
      await settled(relay);
      expect(relay.dials - before).toBe(1);

      const missing = await failure(connectionTo(url, {}).open());
      expect(missing).toMatchObject({ code: 'auth_failed' });
      expect(missing.message).toContain('none was given');

      const told = JSON.stringify([error.toShape(), error.stack, wrong.view.value, right.view.value]);
      expectNoLeak(findSecretsInText('what the connections told', told));
    },
  );

  it('userinfo in the address, which is shown without it', async () => {
    const server = own(await startNatsServer({ config: `authorization { token: "${SECRET}" }` }));
    const connection = connectionTo(`nats://${SECRET}@127.0.0.1:${server.port}`, {});
    await connection.open();
    expect(connection.view.value.url).toBe(`nats://127.0.0.1:${server.port}`);
    const error = await failure(connectionTo(`nats://${WRONG}@127.0.0.1:${server.port}`, {}).open());
    expect(error.code).toBe('auth_failed');
    expect(JSON.stringify(error.toShape())).not.toContain(WRONG);
  });

  it('the strongest way given wins', async () => {
    const server = own(await startNatsServer({ config: `authorization { token: "${SECRET}" }` }));
    const connection = connectionTo(`nats://${WRONG}@127.0.0.1:${server.port}`, {
      token: SECRET,
      user: 'ann',
    });
    await connection.open();
    expect(connection.connected).toBe(true);
    const stronger = await failure(
      connectionTo(server.url, { token: SECRET, nkeyFile: join(folder, 'good.nk') }).open(),
    );
    expect(stronger.message).toMatch(/refused the NKey/);
  });

  it('waits for no hub when the secret is wrong', async () => {
    const server = own(await startNatsServer({ config: `authorization { token: "${SECRET}" }` }));
    const relay = own(await countingRelay(server.port));
    const connection = own(
      new MeshConnection({
        url: `nats://127.0.0.1:${relay.port}`,
        auth: { token: WRONG },
        kind: 'command',
        id: 'probe',
        waitForHub: true,
      }),
    );
    expect((await failure(connection.open())).code).toBe('auth_failed');
    await settled(relay);
    expect(relay.dials).toBe(1);
  });
});

describe('files that cannot be used', () => {
  it.each([
    [
      'a missing credentials file',
      { credsFile: '/nowhere/x.creds' },
      /credentials file \/nowhere\/x\.creds cannot be read \(ENOENT\)/,
    ],
    ['a missing NKey file', { nkeyFile: '/nowhere/x.nk' }, /NKey file \/nowhere\/x\.nk cannot be read/],
    ['a path where a seed belongs', { nkeySeed: '/home/ann/user.nk' }, /NKey seed cannot be used/],
  ])('%s', async (_name, auth, says) => {
    const error = await failure(connectionTo('nats://127.0.0.1:1', auth).open());
    expect(error.code).toBe('auth_failed');
    expect(error.message).toMatch(says);
  });

  it('files with something else in them', async () => {
    const rubbish = await file('rubbish.txt', 'hello');
    for (const auth of [{ credsFile: rubbish }, { nkeyFile: rubbish }])
      expect((await failure(connectionTo('nats://127.0.0.1:1', auth).open())).message).toContain(
        'rubbish.txt',
      );
  });
});

describe('TLS', () => {
  let server: TestServer;
  let url = '';
  const path = (name: string) => join(folder, name);

  beforeAll(async () => {
    await certificates(folder);
    server = await startNatsServer({
      config: `tls { cert_file: "${path('server.pem')}", key_file: "${path('server.key')}", ca_file: "${path('ca.pem')}", verify: true }`,
    });
    url = `tls://127.0.0.1:${server.port}`;
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const good = () => ({ caFile: path('ca.pem'), certFile: path('client.pem'), keyFile: path('client.key') });

  it('connects with a client certificate of our CA, by address and by name', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const connection = connectionTo(`tls://${host}:${server.port}`, {}, good());
      await connection.open();
      expect(connection.connected).toBe(true);
    }
  });

  it.each([
    ['no client certificate', () => ({ caFile: path('ca.pem') })],
    [
      'a client certificate of a stranger',
      () => ({ caFile: path('ca.pem'), certFile: path('stranger.pem'), keyFile: path('stranger.key') }),
    ],
  ])('says so for %s, without a storm', async (_name, tls) => {
    const relay = own(await countingRelay(server.port));
    const error = await failure(connectionTo(`tls://127.0.0.1:${relay.port}`, {}, tls()).open());
    expect(error).toMatchObject({ code: 'auth_failed' });
    expect(error.message).toMatch(/refused the TLS client certificate/);
    await settled(relay);
    // One attempt, and one look at why it ended in silence.
    expect(relay.dials).toBe(2);
  });

  it('does not trust a server of another CA, or under another name', async () => {
    const other = await failure(connectionTo(url, {}, { ...good(), caFile: path('stranger.pem') }).open());
    expect(other).toMatchObject({ code: 'unsafe' });
    expect(other.message).toContain('is not trusted');
    expect((await failure(connectionTo(url, {}, {}).open())).code).toBe('unsafe');
    const misnamed = own(
      await startNatsServer({
        config: `tls { cert_file: "${path('client.pem')}", key_file: "${path('client.key')}" }`,
      }),
    );
    const error = await failure(connectionTo(`tls://127.0.0.1:${misnamed.port}`, {}, good()).open());
    expect(error).toMatchObject({ code: 'unsafe' });
  });

  it('refuses half a certificate, a missing file and a server without TLS', async () => {
    expect((await failure(connectionTo(url, {}, { certFile: path('client.pem') }).open())).code).toBe(
      'invalid_input',
    );
    const missing = await failure(connectionTo(url, {}, { caFile: path('none.pem') }).open());
    expect(missing.message).toContain('none.pem cannot be read');
    const plain = own(await startNatsServer());
    const error = await failure(connectionTo(`tls://127.0.0.1:${plain.port}`, {}, good()).open());
    expect(error).toMatchObject({ code: 'unsafe' });
    expect(error.message).toContain('does not offer TLS');
  });
});

/** Gives a client that would storm the time to show it: its first pause is at most 250 ms. */
async function settled(relay: { dials: number }): Promise<void> {
  let seen = -1;
  while (seen !== relay.dials) {
    seen = relay.dials;
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createUser, fromSeed } from '@nats-io/nkeys';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { OFFLINE_AFTER_MS } from '../../src-shared/protocol/station.ts';
import { configHash, renderConfig } from './hub-config.ts';
import { HubFixture, testBinaries, withConnection } from './hub-fixture.ts';
import { hubAuthSchema } from './hub-options.ts';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.create();
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

const nasty = [
  '"',
  '\\',
  '\n',
  '\r',
  '\t',
  '$',
  '#',
  '//',
  '{',
  '}',
  '[',
  ']',
  "'",
  ',',
  ' ',
  'é',
  '😀',
  '\u0000',
  '\u0085',
];
const secret = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc
      .array(fc.constantFrom(...nasty, 'a', '1', 'true', 'token'), { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join('')),
  )
  .filter((text) => hubAuthSchema.safeParse({ kind: 'token', token: text }).success);

const base = {
  host: '127.0.0.1',
  port: 4222,
  httpPort: 8222,
  serverName: 'lattice-test',
  storeDir: '/data/store',
  runtimeDir: '/data/run',
  logFile: '/data/hub.log',
  serverVersion: '2.14.5',
};

describe.each(testBinaries())('a config that %s reads', (binary) => {
  test('lets in every user with any name and password, and nobody else', async () => {
    const users =
      fc.sample(
        fc.uniqueArray(fc.record({ user: secret, password: secret }), {
          minLength: 30,
          maxLength: 30,
          selector: ({ user }) => user,
        }),
        1,
      )[0] ?? [];
    const hub = fixture.hub({ binary, auth: { kind: 'users', users } });
    await hub.start();
    for (const { user, password } of users) {
      await withConnection({ servers: hub.url ?? '', user, pass: password }, async (connection) =>
        connection.flush(),
      );
      const wrong = connect({ servers: hub.url ?? '', user, pass: `${password}x`, reconnect: false });
      await expect(wrong, JSON.stringify({ user, password })).rejects.toThrow(/auth/i);
    }
  });

  test('drops a connection that answers nothing before its station counts as offline', async () => {
    const hub = fixture.hub({ binary });
    await hub.start();
    const answer = await fetch(`http://127.0.0.1:${hub.view.value.http_port}/varz`);
    const { ping_interval, ping_max } = z
      .object({ ping_interval: z.number(), ping_max: z.number() })
      .parse(await answer.json());
    expect((ping_interval / 1_000_000) * (ping_max + 1)).toBeLessThanOrEqual(OFFLINE_AFTER_MS);
  });

  test('takes any token', async () => {
    const hub = fixture.hub({ binary });
    await hub.start();
    const { pid } = hub.view.value;
    await fc.assert(
      fc.asyncProperty(secret, async (token) => {
        await hub.reconfigure({ auth: { kind: 'token', token } });
        await withConnection({ servers: hub.url ?? '', token }, async (connection) => connection.flush());
        await expect(connect({ servers: hub.url ?? '', reconnect: false })).rejects.toThrow(/auth/i);
      }),
      { numRuns: 25 },
    );
    expect(hub.view.value.pid).toBe(pid);
  });

  test('puts the store, the log and the config into folders of any name', async () => {
    const name = secret
      .map((text) => text.replaceAll(/[/\0]/g, '_'))
      .filter((text) => text !== '.' && text !== '..' && text.trim() !== '');
    await fc.assert(
      fc.asyncProperty(name, async (folder) => {
        const place = join(fixture.folder, 'deep', folder);
        const hub = fixture.hub({
          binary,
          storeDir: join(place, 'store'),
          runtimeDir: join(place, 'run'),
          logFile: join(place, 'hub.log'),
        });
        await hub.start();
        await hub.stop();
        expect(await readdir(place)).toEqual(['hub.log', 'run', 'store']);
      }),
      { numRuns: 12 },
    );
    expect(await readdir(fixture.folder)).toEqual(['deep']);
  });

  test('lets an NKey in with its permissions only', async () => {
    const user = createUser();
    const seed = user.getSeed();
    const auth = {
      kind: 'nkeys' as const,
      users: [
        {
          nkey: user.getPublicKey(),
          permissions: { publish: { allow: ['a.>'], deny: ['a.b'] }, subscribe: { allow: ['a.>'] } },
        },
      ],
    };
    const hub = fixture.hub({ binary, auth });
    await hub.start();
    await withConnection(
      { servers: hub.url ?? '', authenticator: nkeyAuthenticator(seed) },
      async (connection) => {
        const refused = connection.subscribe('b');
        connection.publish('a.c');
        await expect(refused[Symbol.asyncIterator]().next()).rejects.toThrow(/permission/i);
      },
    );
    const stranger = nkeyAuthenticator(createUser().getSeed());
    await expect(
      connect({ servers: hub.url ?? '', authenticator: stranger, reconnect: false }),
    ).rejects.toThrow(/auth/i);
    expect(fromSeed(seed).getPublicKey()).toBe(user.getPublicKey());
  });
});

test('never lets a value leave its quotes', () => {
  const keys = (text: string) => text.split('\n').map((line) => line.replace(/"(\\.|[^"\\])*"/g, '""'));
  fc.assert(
    fc.property(secret, secret, secret, (token, storeDir, logFile) => {
      const plain = renderConfig({ ...base, auth: { kind: 'token', token: 'x' } });
      const text = renderConfig({
        ...base,
        storeDir,
        logFile,
        runtimeDir: logFile,
        auth: { kind: 'token', token },
      });
      expect(keys(text)).toEqual(keys(plain));
    }),
  );
});

test('rotates logs by number only where the server knows how', () => {
  expect(renderConfig(base)).toContain('logfile_max_num: 5');
  expect(renderConfig({ ...base, serverVersion: '2.9.10' })).not.toContain('logfile_max_num');
});

test('has a hash that changes with what it says', () => {
  expect(configHash(renderConfig(base))).toBe(configHash(renderConfig({ ...base })));
  expect(configHash(renderConfig({ ...base, host: '::1' }))).not.toBe(configHash(renderConfig(base)));
  expect(renderConfig({ ...base, host: '::1' })).toContain('listen: "[::1]:4222"');
});

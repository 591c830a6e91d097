import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { createUser } from '@nats-io/nkeys';
import { nkeyAuthenticator } from '@nats-io/transport-node';
import { build } from 'vite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GLOBAL_ACCOUNT, HOME_ACCOUNT } from './accounts.ts';
import type { Hub } from './hub.ts';
import { HubFixture, refusal, testBinaries, withConnection } from './hub-fixture.ts';
import type { HubOptions } from './hub-options.ts';
import { accountFolder, moveToAccount } from './store-account.ts';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.create();
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

const key = createUser();
const byKey: Partial<HubOptions> = { auth: { kind: 'nkeys', users: [{ nkey: key.getPublicKey() }] } };
const signed = { authenticator: nkeyAuthenticator(key.getSeed()) };

/** Runs a hub of these options on the one store of the test, for as long as `use` takes. */
async function withHub<T>(options: Partial<HubOptions>, use: (hub: Hub) => Promise<T>): Promise<T> {
  const hub = fixture.hub(options);
  await hub.start();
  try {
    return await use(hub);
  } finally {
    await hub.stop();
  }
}

function fill(hub: Hub, more: object = {}): Promise<void> {
  return withConnection({ servers: hub.url ?? '', ...more }, async (nc) => {
    const jsm = await jetstreamManager(nc);
    await jsm.streams.add({ name: 'LOG', subjects: ['log.>'], deny_delete: true });
    await jsm.consumers.add('LOG', { durable_name: 'reader', ack_policy: 'explicit' });
    for (const text of ['one', 'two', 'three']) await jetstream(nc).publish('log.text', text);
    const reader = await jetstream(nc).consumers.get('LOG', 'reader');
    const first = await reader.next();
    await first?.ackAck();
    const kv = await new Kvm(nc).create('settings', { history: 5 });
    await kv.put('colour', 'red');
    await kv.put('colour', 'green');
  });
}

/** What a hub has of {@link fill}. */
function contents(hub: Hub, more: object = {}) {
  return withConnection({ servers: hub.url ?? '', ...more }, async (nc) => {
    const jsm = await jetstreamManager(nc);
    const kv = await new Kvm(nc).open('settings');
    const next = await (await jetstream(nc).consumers.get('LOG', 'reader')).next();
    return {
      messages: (await jsm.streams.info('LOG')).state.messages,
      next: next?.string(),
      acked: (await jsm.consumers.info('LOG', 'reader')).ack_floor.consumer_seq,
      colour: [(await kv.get('colour'))?.string(), (await kv.get('colour'))?.revision],
    };
  });
}

const whole = { messages: 3, next: 'two', acked: 1, colour: ['green', 2] };
const folders = () => readdir(join(fixture.folder, 'store', 'jetstream'));

describe.each(testBinaries())('the store of %s', (binary) => {
  test('goes along from the global account to the account of the lattice, shared or not', async () => {
    await withHub({ binary }, (hub) => fill(hub));
    expect(await folders()).toEqual([GLOBAL_ACCOUNT]);
    await withHub({ binary, account: HOME_ACCOUNT }, async (hub) => {
      expect(hub.view.value.notices).toEqual([]);
      expect(await contents(hub)).toEqual(whole);
    });
    expect(await folders()).toEqual([HOME_ACCOUNT]);
    await withHub({ binary, account: HOME_ACCOUNT, ...byKey }, async (hub) => {
      expect(await contents(hub, signed)).toMatchObject({ messages: 3, colour: ['green', 2] });
      await expect(contents(hub)).rejects.toThrow(/authorization/i);
    });
  });

  test('goes back to the global account for a token, and along with users by name', async () => {
    const token: Partial<HubOptions> = { auth: { kind: 'token', token: 's3cret' } };
    const users: Partial<HubOptions> = { auth: { kind: 'users', users: [{ user: 'anna', password: 'pw' }] } };
    await withHub({ binary, account: HOME_ACCOUNT }, (hub) => fill(hub));
    await withHub({ binary, account: HOME_ACCOUNT, ...token }, async (hub) =>
      expect(await contents(hub, { token: 's3cret' })).toEqual(whole),
    );
    expect(await folders()).toEqual([GLOBAL_ACCOUNT]);
    await withHub({ binary, account: HOME_ACCOUNT, ...users }, async (hub) =>
      expect(await contents(hub, { user: 'anna', pass: 'pw' })).toMatchObject({ messages: 3 }),
    );
    expect(await folders()).toEqual([HOME_ACCOUNT]);
  });

  test('of two versions is not mixed: the hub keeps the one it has and says where the other is', async () => {
    await withHub({ binary, account: HOME_ACCOUNT }, (hub) => fill(hub));
    const other = { ...fixture.options(), storeDir: join(fixture.folder, 'other') };
    await withHub({ binary, storeDir: other.storeDir }, (hub) => fill(hub));
    const left = accountFolder(join(fixture.folder, 'store'), GLOBAL_ACCOUNT);
    await cp(accountFolder(other.storeDir, GLOBAL_ACCOUNT), left, { recursive: true });
    await withHub({ binary, account: HOME_ACCOUNT }, async (hub) => {
      expect(hub.view.value.notices).toEqual([expect.stringContaining(left)]);
      expect(await contents(hub)).toEqual(whole);
    });
    expect((await folders()).sort()).toEqual([GLOBAL_ACCOUNT, HOME_ACCOUNT]);
  });
});

test('a kill at any moment leaves the data under one name, and the next start finds it', {
  timeout: 30_000,
}, async () => {
  await withHub({}, (hub) => fill(hub));
  const store = join(fixture.folder, 'store');
  const here = dirname(fileURLToPath(import.meta.url));
  const entry = join(fixture.folder, 'mover.ts');
  await writeFile(
    entry,
    `import { moveToAccount } from ${JSON.stringify(join(here, 'store-account.ts'))};
     process.stdout.write('ready');
     for (;;) for (const account of ['${HOME_ACCOUNT}', '${GLOBAL_ACCOUNT}'])
       await moveToAccount(process.argv[2], account);`,
  );
  await build({
    logLevel: 'error',
    configFile: false,
    root: join(here, '..', '..'),
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: fixture.folder,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: 'mover.mjs' } },
    },
  });
  const found = new Set<string>();
  for (let round = 0; round < 12; round++) {
    const child = spawn(process.execPath, [join(fixture.folder, 'mover.mjs'), store], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    for (let turns = 0; turns < round * 3; turns++) await folders();
    child.kill('SIGKILL');
    await exited;
    const names = await folders();
    expect(names).toHaveLength(1);
    found.add(String(names[0]));
  }
  expect([...found].every((name) => name === HOME_ACCOUNT || name === GLOBAL_ACCOUNT)).toBe(true);
  await withHub({ account: HOME_ACCOUNT }, async (hub) => expect(await contents(hub)).toEqual(whole));
});

test('a folder that cannot be moved stops the start with words', async () => {
  await withHub({}, (hub) => fill(hub));
  const store = join(fixture.folder, 'store');
  await writeFile(accountFolder(store, HOME_ACCOUNT), 'a file in the way');
  const error = await refusal(moveToAccount(store, HOME_ACCOUNT));
  expect(error).toMatchObject({ code: 'io_failed', message: expect.stringContaining(store) });
  await expect(withHub({ account: HOME_ACCOUNT }, contents)).rejects.toMatchObject({ code: 'io_failed' });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { identify } from '../system/process-identity.ts';
import { makeSecret } from '../testing/find-secrets.ts';
import { HubFixture, testBinaries, withConnection } from './hub-fixture.ts';
import type { HubOptions } from './hub-options.ts';
import { readRuntimeFile, writeRuntimeFile } from './runtime-file.ts';

const here = dirname(fileURLToPath(import.meta.url));
let built: HubFixture;
let host: string;
const TOKEN = makeSecret();

let fixture: HubFixture;

beforeAll(async () => {
  built = await HubFixture.create();
  const entry = join(built.folder, 'host.ts');
  host = join(built.folder, 'out', 'host.cjs');
  await writeFile(
    entry,
    `import { Hub } from ${JSON.stringify(join(here, 'hub.ts'))};
     const hub = new Hub(JSON.parse(process.argv[2]));
     void hub.start().then(() => process.stdout.write(JSON.stringify(hub.view.value) + '\\n'));`,
  );
  await build({
    logLevel: 'error',
    configFile: false,
    root: join(here, '..', '..'),
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: dirname(host),
      rollupOptions: { output: { format: 'cjs', entryFileNames: 'host.cjs' } },
    },
  });
});
afterAll(async () => {
  await built[Symbol.asyncDispose]();
});
beforeEach(async () => {
  fixture = await HubFixture.create();
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

/** Hosts a hub in another process and resolves when it serves. */
async function hostElsewhere(
  options: HubOptions,
): Promise<{ child: ChildProcess; pid: number; port: number }> {
  const child = spawn(process.execPath, [host, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  fixture.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const failed = once(child, 'exit').then(() => Promise.reject(new Error('The other process ended.')));
  failed.catch(() => undefined);
  const [line] = await Promise.race([once(child.stdout, 'data'), failed]);
  return { child, ...JSON.parse(String(line)) };
}

/** Ends a hub that no process of ours looks after any more. */
function killAtEnd(pid: number): void {
  fixture.defer(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in the test, as it should.
    }
  });
}

async function crash(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe.each(testBinaries())('a hub on %s whose process was killed with -9', (binary) => {
  test('lives on, is adopted with its data, is watched, and is stopped', async () => {
    const options = fixture.options({ binary });
    const first = await hostElsewhere(options);
    killAtEnd(first.pid);
    await withConnection({ servers: `nats://127.0.0.1:${first.port}` }, async (connection) => {
      await (await jetstreamManager(connection)).streams.add({
        name: 'KEPT',
        subjects: ['kept'],
        storage: StorageType.Memory,
      });
      await jetstream(connection).publish('kept', 'in memory, so only the same process has it');
    });
    await crash(first.child);

    const hub = fixture.hub({ binary });
    await hub.start();
    expect(hub.view.value).toMatchObject({
      state: 'running',
      adopted: true,
      pid: first.pid,
      port: first.port,
    });
    await withConnection({ servers: hub.url ?? '' }, async (connection) => {
      expect((await (await jetstreamManager(connection)).streams.info('KEPT')).state.messages).toBe(1);
    });
    expect(hub.log.snapshot().some((line) => line.text === 'Server is ready')).toBe(true);

    process.kill(first.pid, 'SIGKILL');
    await vi.waitFor(() => expect(hub.view.value).toMatchObject({ state: 'running', restarts: 1 }), 5_000);
    expect(hub.view.value).toMatchObject({ adopted: false, port: first.port });
    const { pid = 0 } = hub.view.value;
    await hub.stop();
    expect(await identify(pid)).toBeUndefined();
  });
});

/** Leaves a folder as it is when a process dies between the start of its hub and the record of it. */
async function forgetHub({ storeDir, runtimeDir }: HubOptions): Promise<void> {
  await rm(join(runtimeDir, 'hub.json'));
  for (const folder of [storeDir, runtimeDir])
    for (const name of await readdir(folder)) if (name.endsWith('.lock')) await rm(join(folder, name));
}

describe('the next start', () => {
  test('ends a hub that nobody had recorded yet, so that no two write one store', async () => {
    const options = fixture.options();
    const first = await hostElsewhere(options);
    killAtEnd(first.pid);
    await crash(first.child);
    await forgetHub(options);
    const hub = fixture.hub();
    await hub.start();
    expect(hub.view.value).toMatchObject({ state: 'running', adopted: false });
    expect(hub.view.value.pid).not.toBe(first.pid);
    expect(await identify(first.pid)).toBeUndefined();
  });

  test.each(['rubbish', '', '0', '-1', String(process.pid)])(
    'ends nothing for a file of a pid that says %j',
    async (text) => {
      const { runtimeDir } = fixture.options();
      await mkdir(runtimeDir, { recursive: true });
      await writeFile(join(runtimeDir, 'nats-server.pid'), text);
      const hub = fixture.hub();
      await hub.start();
      expect(hub.view.value.state).toBe('running');
    },
  );

  test('stops an adopted hub like an own one', async () => {
    const first = await hostElsewhere(fixture.options());
    killAtEnd(first.pid);
    await crash(first.child);
    const hub = fixture.hub();
    await hub.start();
    expect(hub.view.value.adopted).toBe(true);
    await hub[Symbol.asyncDispose]();
    expect(await identify(first.pid)).toBeUndefined();
  });

  test('says again why the monitor of an adopted hub is elsewhere', async () => {
    const taken = await hostElsewhere(
      fixture.options({ runtimeDir: join(fixture.folder, 'x'), storeDir: join(fixture.folder, 'y') }),
    );
    killAtEnd(taken.pid);
    const first = await hostElsewhere(fixture.options({ httpPort: taken.port }));
    killAtEnd(first.pid);
    await crash(first.child);
    const hub = fixture.hub({ httpPort: taken.port });
    await hub.start();
    expect(hub.view.value.adopted).toBe(true);
    expect(hub.view.value.notices).toEqual([
      `Port ${taken.port} is used by nats-server (pid ${taken.pid}), so the monitor listens on ${hub.view.value.http_port}.`,
    ]);
  });

  test('replaces a hub of ours that has other settings, on its port', async () => {
    const first = await hostElsewhere(fixture.options());
    killAtEnd(first.pid);
    await crash(first.child);
    const hub = fixture.hub({ auth: { kind: 'token', token: 'new since then' } });
    await hub.start();
    expect(hub.view.value).toMatchObject({ state: 'running', adopted: false, port: first.port });
    expect(await identify(first.pid)).toBeUndefined();
  });

  test('leaves a hub alone whose process still looks after it', async () => {
    const first = await hostElsewhere(fixture.options());
    killAtEnd(first.pid);
    const hub = fixture.hub();
    await expect(hub.start()).rejects.toMatchObject({
      code: 'conflict',
      message: `The store folder ${join(fixture.folder, 'store')} is used by lattice (pid ${first.child.pid}).`,
    });
    expect(await identify(first.pid)).toBeDefined();
    await fixture
      .hub({ storeDir: join(fixture.folder, 'other') })
      .start()
      .then(
        () => expect.unreachable(),
        (error: Error) => expect(error.message).toContain('The runtime folder'),
      );
  });

  test('refuses the store of a hub that outlived another runtime folder', async () => {
    const first = await hostElsewhere(fixture.options({ runtimeDir: join(fixture.folder, 'elsewhere') }));
    killAtEnd(first.pid);
    await crash(first.child);
    await expect(fixture.hub().start()).rejects.toMatchObject({
      code: 'conflict',
      details: { holder: 'nats-server', pid: first.pid },
    });
    expect(await identify(first.pid)).toBeDefined();
  });

  test('never touches a stranger that a forged runtime file names', async () => {
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    fixture.defer(async () => {
      stranger.kill('SIGKILL');
      if (stranger.exitCode === null && stranger.signalCode === null) await once(stranger, 'exit');
    });
    await once(stranger, 'spawn');
    const identity = await identify(stranger.pid ?? 0);
    if (!identity) return expect.unreachable();
    const before = fixture.hub();
    await before.start();
    const { port = 0, http_port = 0 } = before.view.value;
    const record = await readRuntimeFile(join(fixture.folder, 'run'));
    await before.stop();
    if (!record) return expect.unreachable();
    await writeRuntimeFile(join(fixture.folder, 'run'), {
      ...record,
      ...identity,
      ports: { client: port, monitor: http_port },
    });
    const hub = fixture.hub({ timing: { adopt: 100 } });
    await hub.start();
    expect(hub.view.value).toMatchObject({ state: 'running', adopted: false });
    await hub.stop();
    expect(stranger.exitCode).toBeNull();
    expect(stranger.signalCode).toBeNull();
  });

  test('ignores a runtime file of a reused pid or of another server, and one that is rubbish', async () => {
    const other = fixture.hub({
      serverName: 'another',
      storeDir: join(fixture.folder, 'other-store'),
      runtimeDir: join(fixture.folder, 'other-run'),
    });
    await other.start();
    const record = await readRuntimeFile(join(fixture.folder, 'other-run'));
    if (!record) return expect.unreachable();
    const hub = fixture.hub({ timing: { adopt: 100 } });
    const runtimeDir = join(fixture.folder, 'run');
    await hub.start();
    await hub.stop();
    for (const stale of [
      { ...record, start_time: 'another boot:1' },
      { ...record, server_name: 'lattice-test' },
    ]) {
      await writeRuntimeFile(runtimeDir, stale);
      await hub.start();
      expect(hub.view.value).toMatchObject({ state: 'running', adopted: false });
      await hub.stop();
    }
    await writeFile(join(runtimeDir, 'hub.json'), '{"pid": "all of them"');
    await hub.start();
    expect(hub.view.value.adopted).toBe(false);
    expect(other.view.value).toMatchObject({ state: 'running', restarts: 0, pid: record.pid });
  });

  test('writes a runtime file with what it needs and no secret', async () => {
    const hub = fixture.hub({ auth: { kind: 'token', token: TOKEN } });
    await hub.start();
    const text = await readFile(join(fixture.folder, 'run', 'hub.json'), 'utf8');
    const { pid, port, http_port, version } = hub.view.value;
    expect(JSON.parse(text)).toMatchObject({
      pid,
      server_name: 'lattice-test',
      ports: { client: port, monitor: http_port },
      version,
      config_hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    expect(text).not.toContain(TOKEN);
  });
});

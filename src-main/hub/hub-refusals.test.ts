import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HubFixture, refusal } from './hub-fixture.ts';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.create();
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

/** A program that is not ours, on a loopback port. */
async function strangerOnPort(): Promise<{ stranger: Server; port: number }> {
  const stranger = createServer();
  await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening));
  fixture.defer(() => void stranger.close());
  const address = stranger.address();
  return { stranger, port: typeof address === 'object' && address ? address.port : 0 };
}

describe('a hub', () => {
  test('is refused beyond loopback without auth, at the start and later', async () => {
    const open = fixture.hub({ host: '0.0.0.0' });
    expect(await refusal(open.start())).toMatchObject({ code: 'unsafe' });
    expect(open.view.value).toMatchObject({ state: 'failed', error: { code: 'unsafe' } });

    const hub = fixture.hub();
    await hub.start();
    const { pid } = hub.view.value;
    expect(await refusal(hub.reconfigure({ host: '0.0.0.0' }))).toMatchObject({ code: 'unsafe' });
    expect(hub.view.value).toMatchObject({ state: 'running', pid, shared: false });
  });

  test('says who holds its port and which one is free, and leaves that program alone', async () => {
    const { stranger, port } = await strangerOnPort();
    const hub = fixture.hub({ port });
    const error = await refusal(hub.start());
    expect(error).toMatchObject({ code: 'port_taken', details: { port, pid: process.pid } });
    const free = error.details?.next_free;
    expect(error.message).toMatch(
      new RegExp(`^Port ${port} is used by .+ \\(pid ${process.pid}\\)\\. Use ${free}\\?$`),
    );
    expect(stranger.listening).toBe(true);

    await hub.reconfigure({ port: Number(free) });
    await hub.start();
    expect(hub.view.value).toMatchObject({ state: 'running', port: free });
    expect(await refusal(hub.reconfigure({ port }))).toMatchObject({ code: 'port_taken' });
    expect(hub.view.value).toMatchObject({ state: 'running', port: free });
  });

  test('moves its monitor when that port is taken, and says so', async () => {
    const { port: httpPort } = await strangerOnPort();
    const hub = fixture.hub({ httpPort });
    await hub.start();
    const { http_port: moved = 0, notices } = hub.view.value;
    expect(moved).toBeGreaterThan(httpPort);
    expect(notices.join()).toMatch(
      new RegExp(`^Port ${httpPort} is used by .+ \\(pid \\d+\\), so the monitor listens on ${moved}\\.$`),
    );
  });

  test('names the folder it cannot write', async () => {
    const file = join(fixture.folder, 'plain');
    await writeFile(file, '');
    const hub = fixture.hub({ storeDir: join(file, 'store') });
    const error = await refusal(hub.start());
    expect(error.code).toBe('io_failed');
    expect(error.message).toContain(join(file, 'store'));
  });

  test.each([
    { serverName: 'two words' },
    { port: 65_536 },
    { port: Number.NaN },
    { httpPort: -1 },
    { host: '127.0.0.1"\nlisten: "0.0.0.0' },
    { auth: { kind: 'token', token: '' } },
    { auth: { kind: 'users', users: [] } },
    { auth: { kind: 'nkeys', users: [{ nkey: 'SUAMQ' }] } },
  ] as const)('refuses %j', async (change) => {
    const hub = fixture.hub({
      ...change,
      auth: 'auth' in change ? (structuredClone(change.auth) as never) : undefined,
    });
    expect(await refusal(hub.start())).toMatchObject({ code: 'invalid_input' });
  });

  test('runs on with the old settings when the new ones cannot be used', async () => {
    const hub = fixture.hub();
    await hub.start();
    const { pid } = hub.view.value;
    const tls = { certFile: join(fixture.folder, 'no.pem'), keyFile: join(fixture.folder, 'no.key') };
    expect(await refusal(hub.reconfigure({ tls }))).toMatchObject({ code: 'invalid_input' });
    expect(hub.view.value).toMatchObject({ state: 'running', pid });
    await hub.reconfigure({ auth: { kind: 'token', token: 'after all' } });
    expect(hub.view.value).toMatchObject({ state: 'running', pid });
  });

  test('reports the reason the server gives when it cannot start', async () => {
    const fake = join(fixture.folder, 'nats-server');
    await writeFile(
      fake,
      '#!/bin/sh\n[ "$1" = --version ] && echo nats-server: v2.14.5 && exit 0\necho "nats-server: the disk is full of s3cret" >&2\nexit 3\n',
      { mode: 0o755 },
    );
    const hub = fixture.hub({ binary: fake, auth: { kind: 'token', token: 's3cret' } });
    const error = await refusal(hub.start());
    expect(error.code).toBe('hub_failed');
    expect(error.message).toBe('The hub ended with exit code 3: nats-server: the disk is full of [redacted]');
    expect(JSON.stringify(hub.log.snapshot())).not.toContain('s3cret');
  });

  test('says why the server broke, not the stacks it prints after that', async () => {
    const fake = join(fixture.folder, 'nats-server');
    const steps = [
      '[ "$1" = --version ] && echo nats-server: v2.14.5 && exit 0',
      'echo "panic: no memory" >&2',
      'echo "goroutine 1" >&2',
      'exit 2',
    ];
    await writeFile(fake, `#!/bin/sh\n${steps.join('\n')}\n`, { mode: 0o755 });
    const error = await refusal(fixture.hub({ binary: fake }).start());
    expect(error.message).toBe('The hub ended with exit code 2: panic: no memory');
  });

  test('does not share a store with another one', async () => {
    const hub = fixture.hub();
    await hub.start();
    const second = fixture.hub({ runtimeDir: join(fixture.folder, 'second') });
    expect(await refusal(second.start())).toMatchObject({ code: 'conflict' });
    expect(second.view.value.state).toBe('failed');
    expect(hub.view.value.state).toBe('running');
    await hub.stop();
    await second.start();
    expect(second.view.value.state).toBe('running');
  });
});

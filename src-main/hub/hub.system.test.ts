import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { identify } from '../system/process-identity.ts';
import { makeSecret } from '../testing/find-secrets.ts';
import { HubFixture, refusal, testBinaries, withConnection } from './hub-fixture.ts';

const run = promisify(execFile);

const TOKEN = makeSecret();

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.create();
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

/** True while somebody takes connections on a loopback port. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial({ host: '127.0.0.1', port });
    socket.on('connect', () => socket.destroy());
    socket.on('error', () => resolve(false));
    socket.on('close', (failed) => resolve(!failed));
  });
}

describe.each(testBinaries())('a hub on %s', (binary) => {
  test('serves with JetStream in well under two seconds and leaves nothing when it stops', async () => {
    const hub = fixture.hub({ binary });
    const begun = performance.now();
    await hub.start();
    expect(performance.now() - begun).toBeLessThan(1_500);

    const view = hub.view.value;
    expect(view).toMatchObject({ state: 'running', adopted: false, shared: false, notices: [], restarts: 0 });
    expect(hub.url).toBe(`nats://127.0.0.1:${view.port}`);
    const pid = view.pid ?? 0;
    await withConnection({ servers: hub.url ?? '' }, async (connection) => {
      expect(connection.info?.max_payload).toBe(8_388_608);
      expect(connection.info?.server_name).toBe('lattice-test');
      await jetstreamManager(connection);
    });
    const config = join(fixture.folder, 'run', 'nats-server.conf');
    expect((await stat(config)).mode & 0o777).toBe(0o600);

    await hub.stop();
    expect(hub.view.value).toMatchObject({ state: 'stopped' });
    expect(hub.url).toBeUndefined();
    expect(await identify(pid)).toBeUndefined();
    expect(await answers(view.port ?? 0)).toBe(false);
    expect(await answers(view.http_port ?? 0)).toBe(false);
    expect(await readdir(join(fixture.folder, 'run'))).not.toContain('hub.json');
    expect(await readdir(join(fixture.folder, 'store'))).toEqual(['jetstream']);
  });

  test('is back within three seconds after kill -9, on the same ports and with its data', async () => {
    const hub = fixture.hub({ binary, timing: { backoffFirst: 250 } });
    await hub.start();
    const { pid = 0, port, http_port } = hub.view.value;
    await withConnection({ servers: hub.url ?? '' }, async (connection) => {
      const manager = await jetstreamManager(connection);
      await manager.streams.add({ name: 'KEPT', subjects: ['kept.>'] });
      await jetstream(connection).publish('kept.one', 'still here');
    });

    const killed = performance.now();
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(hub.view.value).toMatchObject({ state: 'running', restarts: 1 }), 5_000);
    expect(performance.now() - killed).toBeLessThan(3_000);
    expect(hub.view.value).toMatchObject({ port, http_port });
    expect(hub.view.value.pid).not.toBe(pid);
    await withConnection({ servers: hub.url ?? '' }, async (connection) => {
      const stored = await (await jetstreamManager(connection)).streams.getMessage('KEPT', { seq: 1 });
      expect(stored?.string()).toBe('still here');
    });
  });

  test('keeps its data and its log when auth is set, reloaded without a restart', async () => {
    const hub = fixture.hub({ binary });
    await hub.start();
    const { pid, port } = hub.view.value;
    await withConnection({ servers: hub.url ?? '' }, async (connection) => {
      await (await jetstreamManager(connection)).streams.add({ name: 'KEPT', subjects: ['kept.>'] });
    });
    await hub.reconfigure({ auth: { kind: 'token', token: TOKEN } });
    expect(hub.view.value).toMatchObject({ pid, port, state: 'running', restarts: 0 });
    await expect(connect({ servers: hub.url ?? '', reconnect: false })).rejects.toThrow(/auth/i);
    await withConnection({ servers: hub.url ?? '', token: TOKEN }, async (connection) => {
      expect((await (await jetstreamManager(connection)).streams.info('KEPT')).config.name).toBe('KEPT');
    });
    await hub.reconfigure({ auth: undefined });
    await withConnection({ servers: hub.url ?? '' }, async (connection) => connection.flush());
    expect(hub.view.value.pid).toBe(pid);
  });

  test('is shared beyond loopback with a token and comes back, on the same port', async () => {
    const hub = fixture.hub({ binary });
    await hub.start();
    const { port } = hub.view.value;
    await hub.reconfigure({ host: '0.0.0.0', auth: { kind: 'token', token: TOKEN } });
    expect(hub.view.value).toMatchObject({
      state: 'running',
      port,
      shared: true,
      url: `nats://127.0.0.1:${port}`,
    });
    expect(JSON.stringify([hub.view.value, hub.log.snapshot()])).not.toContain(TOKEN);
    await hub.reconfigure({ host: '127.0.0.1', auth: undefined });
    expect(hub.view.value).toMatchObject({ state: 'running', port, shared: false });
  });

  test('lets stations of others leave as a lame duck, and does not wait for our own', async () => {
    const hub = fixture.hub({ binary, ownStation: 'own' });
    await hub.start();
    const guest = await connect({ servers: hub.url ?? '', name: 'station-guest', reconnect: false });
    fixture.defer(() => guest.close());
    const seen: string[] = [];
    const following = (async () => {
      for await (const status of guest.status()) seen.push(status.type);
    })();
    await hub.stop();
    await guest.closed();
    await following;
    expect(seen).toContain('ldm');

    const begun = performance.now();
    await hub.start();
    const own = await connect({ servers: hub.url ?? '', name: 'station-own', reconnect: false });
    fixture.defer(() => own.close());
    await hub.stop();
    expect(performance.now() - begun).toBeLessThan(1_500);
  });
});

describe('a hub', () => {
  test('gives up after five exits and starts again when a person asks', async () => {
    const hub = fixture.hub({ timing: { backoffFirst: 1, backoffMax: 5 } });
    await hub.start();
    for (let exits = 0; exits < 5; exits += 1) {
      await vi.waitFor(
        () => expect(hub.view.value).toMatchObject({ state: 'running', restarts: exits }),
        5_000,
      );
      process.kill(hub.view.value.pid ?? 0, 'SIGKILL');
    }
    await vi.waitFor(() => expect(hub.view.value.state).toBe('failed'), 5_000);
    expect(hub.view.value.error?.message).toContain('5 times');
    await hub.start();
    expect(hub.view.value).toMatchObject({ state: 'running', restarts: 0 });
  });

  test('can be cancelled and stopped while it starts', async () => {
    const hub = fixture.hub();
    expect(await refusal(hub.start(AbortSignal.abort()))).toMatchObject({ code: 'cancelled' });
    expect(hub.view.value.state).toBe('stopped');
    await Promise.allSettled([hub.start(), hub.stop()]);
    expect(hub.view.value.state).toBe('stopped');
    const { stdout } = await run('ps', ['-eo', 'args']);
    expect(stdout).not.toContain(fixture.folder);
  });

  test('keeps secrets of our environment away from the server', async () => {
    const hub = fixture.hub({ env: { ...process.env, LATTICE_NATS_TOKEN: TOKEN } });
    await hub.start();
    const environment = await readFile(`/proc/${hub.view.value.pid}/environ`, 'utf8');
    expect(environment).not.toContain(TOKEN);
  });

  test('does not hear the Ctrl+C of our terminal', async () => {
    const hub = fixture.hub();
    await hub.start();
    const { stdout } = await run('ps', ['-o', 'pgid=', '-p', String(hub.view.value.pid)]);
    expect(Number(stdout)).toBe(hub.view.value.pid);
  });

  test('serves TLS with a client certificate', async () => {
    const pem = (name: string) => join(fixture.folder, `${name}.pem`);
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      pem('key'),
      '-out',
      pem('cert'),
    ]);
    const hub = fixture.hub({
      tls: { certFile: pem('cert'), keyFile: pem('key'), caFile: pem('cert'), verify: true },
    });
    await hub.start();
    expect(hub.url).toMatch(/^tls:/);
    const client = { certFile: pem('cert'), keyFile: pem('key'), caFile: pem('cert') };
    await withConnection({ servers: hub.url ?? '', tls: client }, async (connection) => connection.flush());
    await expect(
      connect({ servers: hub.url ?? '', tls: { caFile: pem('cert') }, reconnect: false }),
    ).rejects.toThrow();
  });
});

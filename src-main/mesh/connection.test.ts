import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startNatsServer } from '../testing/nats-server.ts';
import { MeshConnection, type MeshConnectionOptions } from './connection.ts';
import { countingRelay, failure, hubConnections } from './test-station.ts';

const open: AsyncDisposable[] = [];
const backoff = { minMs: 20, maxMs: 100 };

function own<T extends AsyncDisposable>(thing: T): T {
  open.push(thing);
  return thing;
}

function connectionTo(url: string, options: Partial<MeshConnectionOptions> = {}): MeshConnection {
  return own(new MeshConnection({ url, kind: 'station', id: 'abc', backoff, ...options }));
}

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]();
});

describe('opening', () => {
  it('is named in the hub list, measures the round trip and knows the version', async () => {
    const server = own(await startNatsServer());
    const connection = connectionTo(server.url, { rttEveryMs: 20 });
    await connection.open();
    await vi.waitFor(() => expect(connection.view.value.rtt_ms).toBeGreaterThan(0));
    expect(await hubConnections(server.monitorUrl)).toEqual(['station-abc']);
    expect(connection.view.value.server_version).toMatch(/^\d+\.\d+/);
    expect(connectionTo(server.url, { kind: 'command' }).name).toBe('lattice-cli-abc');
  });

  it('says that nothing listens, and what to do', async () => {
    const server = await startNatsServer();
    await server[Symbol.asyncDispose]();
    const connection = connectionTo(server.url);
    const error = await failure(connection.open());
    expect(error).toMatchObject({ code: 'not_connected' });
    expect(error.message).toBe(`Nothing listens at 127.0.0.1:${server.port}.`);
    expect(error.hint).toContain('lattice serve');
    expect(connection.view.value.state).toBe('failed');
    expect(() => connection.nc).toThrow('Nothing listens');
  });

  it('gives up on what is no NATS server within the time limit', async () => {
    const web = createServer(() => {}).listen(0, '127.0.0.1');
    own({ [Symbol.asyncDispose]: () => new Promise((resolve) => web.close(() => resolve())) });
    await vi.waitFor(() => expect(web.listening).toBe(true));
    const address = web.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const error = await failure(connectionTo(`nats://127.0.0.1:${port}`, { timeoutMs: 200 }).open());
    expect(error).toMatchObject({ code: 'not_connected' });
    expect(error.message).toContain('did not answer as a NATS server within 0.2 s');
    web.closeAllConnections();
  });

  it('says when a host has no address', async () => {
    const error = await failure(connectionTo('nats://no-such-host.invalid:4222').open());
    expect(error.message).toBe('The host no-such-host.invalid cannot be found.');
  });

  it('waits for a hub that comes later', async () => {
    const server = await startNatsServer();
    await server[Symbol.asyncDispose]();
    const connection = connectionTo(server.url, { waitForHub: true });
    const opened = connection.open();
    await vi.waitFor(() => expect(connection.view.value.attempt).toBeGreaterThan(2));
    expect(connection.view.value).toMatchObject({ state: 'connecting', error: { code: 'not_connected' } });
    own(await startNatsServer({ port: server.port }));
    await opened;
    expect(connection.view.value).toMatchObject({ state: 'connected', attempt: 0 });
    expect(connection.view.value.error).toBeUndefined();
  });

  it('stops waiting when it is told to', async () => {
    const server = await startNatsServer();
    await server[Symbol.asyncDispose]();
    const connection = connectionTo(server.url, { waitForHub: true });
    const stop = new AbortController();
    const opened = failure(connection.open(stop.signal));
    await vi.waitFor(() => expect(connection.view.value.attempt).toBeGreaterThan(1));
    stop.abort();
    expect((await opened).code).toBe('cancelled');
    expect(connection.view.value.state).toBe('disconnected');
  });

  it.each([
    ['', 'is empty'],
    ['http://host:4222', 'starts with http://'],
    ['nats://', 'names no host'],
    ['nats://host:4222/path', 'goes on after the port'],
    ['nats://host:notaport', 'cannot be read'],
    ['nats://host:0', 'has port 0'],
    ['nats://se%cret@host', 'stray %'],
  ])('refuses the address %j', (url, why) => {
    expect(() => connectionTo(url)).toThrow(why);
  });
});

describe('a connection that was lost', () => {
  it('comes back by itself after kill -9 of the hub, as often as it takes', async () => {
    const server = await startNatsServer();
    const connection = connectionTo(server.url);
    await connection.open();
    const told: string[] = [];
    connection.lost.on(() => told.push('lost'));
    connection.restored.on(() => told.push('restored'));
    const before = connection.view.value.since;
    await server[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(connection.view.value.attempt).toBeGreaterThan(1));
    expect(connection.view.value.state).toBe('reconnecting');
    const again = own(await startNatsServer({ port: server.port }));
    await vi.waitFor(() => expect(connection.connected).toBe(true), 5_000);
    await again.kill();
    own(await startNatsServer({ port: server.port }));
    await vi.waitFor(() => expect(told).toEqual(['lost', 'restored', 'lost', 'restored']), 5_000);
    expect(connection.view.value.since > before).toBe(true);
  });

  it('stops for good when the hub refuses the secret twice', async () => {
    const server = await startNatsServer({ config: 'authorization { token: "first" }' });
    const connection = connectionTo(server.url, { auth: { token: 'first' } });
    await connection.open();
    await server[Symbol.asyncDispose]();
    const other = own(
      await startNatsServer({ port: server.port, config: 'authorization { token: "second" }' }),
    );
    await vi.waitFor(() => expect(connection.view.value.state).toBe('failed'), 5_000);
    expect(connection.view.value.error).toMatchObject({ code: 'auth_failed' });
    expect(JSON.stringify(connection.view.value)).not.toContain('first');
    expect(() => connection.nc).toThrow('refused the token');
    expect(await hubConnections(other.monitorUrl)).toEqual([]);
  });

  it('paces its attempts', async () => {
    const server = own(await startNatsServer());
    const relay = await countingRelay(server.port);
    const connection = connectionTo(`nats://127.0.0.1:${relay.port}`, {
      backoff: { minMs: 100, maxMs: 400 },
    });
    await connection.open();
    const start = performance.now();
    await relay[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(connection.view.value.attempt).toBeGreaterThanOrEqual(4), 5_000);
    // At once, then after at least 50, 100 and 200 ms.
    expect(performance.now() - start).toBeGreaterThan(300);
  });

  it('ends cleanly while it tries', async () => {
    const server = await startNatsServer();
    const connection = connectionTo(server.url);
    await connection.open();
    await server[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(connection.view.value.state).toBe('reconnecting'));
    await connection[Symbol.asyncDispose]();
    expect(connection.view.value.state).toBe('disconnected');
    await connection[Symbol.asyncDispose]();
  });

  it('tells what the hub does not permit', async () => {
    const server = own(
      await startNatsServer({
        config:
          'authorization { users: [{ user: a, password: b, permissions: { publish: "x.>", subscribe: ">" } }] }',
      }),
    );
    const connection = connectionTo(server.url, { auth: { user: 'a', password: 'b' } });
    await connection.open();
    const refused: string[] = [];
    connection.refused.on((error) => refused.push(error.message));
    connection.nc.publish('y.z');
    await vi.waitFor(() => expect(refused).toEqual(['The hub does not allow this user to publish to y.z.']));
    expect(connection.connected).toBe(true);
  });
});

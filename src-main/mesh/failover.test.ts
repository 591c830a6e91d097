import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startNatsServer } from '../testing/nats-server.ts';
import { MeshConnection, type MeshConnectionOptions } from './connection.ts';
import { failure } from './test-station.ts';

const SOON = { timeout: 8_000, interval: 20 };
const open: AsyncDisposable[] = [];

function own<T extends AsyncDisposable>(thing: T): T {
  open.push(thing);
  return thing;
}

function connectionTo(url: string, more: Partial<MeshConnectionOptions> = {}): MeshConnection {
  return own(
    new MeshConnection({
      url,
      kind: 'station',
      id: 'probe',
      timeoutMs: 1_000,
      backoff: { minMs: 20, maxMs: 100 },
      ...more,
    }),
  );
}

/** A port of loopback where nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]();
});

describe('several hubs', () => {
  it('takes the first of the list that is there', async () => {
    const server = own(await startNatsServer());
    const connection = connectionTo(`nats://127.0.0.1:${await freePort()},${server.url}`);
    await connection.open();
    expect(connection.nc.getServer()).toBe(`127.0.0.1:${server.port}`);
  });

  it('goes over to the next when one goes away, and subscriptions go with it', async () => {
    const [first, second] = [own(await startNatsServer()), own(await startNatsServer())];
    const connection = connectionTo(`${first.url},${second.url}`);
    await connection.open();
    expect(connection.nc.getServer()).toBe(`127.0.0.1:${first.port}`);
    const heard: string[] = [];
    connection.nc.subscribe('hello', {
      callback: (_error, message) => {
        heard.push(message.string());
      },
    });
    const restored = vi.fn();
    connection.restored.on(restored);
    await first.kill();
    await vi.waitFor(() => expect(restored).toHaveBeenCalledTimes(1), SOON);
    expect(connection.connected).toBe(true);
    expect(connection.nc.getServer()).toBe(`127.0.0.1:${second.port}`);
    const other = connectionTo(second.url, { id: 'other' });
    await other.open();
    other.nc.publish('hello', 'from the second');
    await vi.waitFor(() => expect(heard).toEqual(['from the second']), SOON);
  });

  it('tells what each said when none lets us in, a refusal first', async () => {
    const guarded = own(await startNatsServer({ config: 'authorization { token: "right" }' }));
    const gone = await freePort();
    const error = await failure(
      connectionTo(`nats://127.0.0.1:${gone},${guarded.url}`, { auth: { token: 'wrong' } }).open(),
    );
    expect(error.code).toBe('auth_failed');
    expect(error.message).toContain('None of 2 hubs lets us in');
    expect(error.message).toContain(`Nothing listens at 127.0.0.1:${gone}.`);
    expect(error.message).toContain(`${guarded.port} refused the token`);
    expect(error.message).not.toContain('wrong');
  });

  it('waits for any of them', async () => {
    const [one, two] = [await freePort(), await freePort()];
    const connection = connectionTo(`nats://127.0.0.1:${one},nats://127.0.0.1:${two}`, { waitForHub: true });
    const opened = connection.open();
    await vi.waitFor(() => expect(connection.view.value.attempt).toBeGreaterThan(1), SOON);
    own(await startNatsServer({ port: two }));
    await opened;
    expect(connection.nc.getServer()).toBe(`127.0.0.1:${two}`);
  });

  it('reaches one over IPv6', async () => {
    const server = own(await startNatsServer({ config: 'listen: "[::1]:-1"' }));
    const { host } = new URL(server.url);
    const connection = connectionTo(`nats://${host}`);
    await connection.open();
    expect(connection.connected).toBe(true);
  });
});

describe('an inbox prefix', () => {
  it('is where all answers come to', async () => {
    const config = `authorization { users: [
      { user: ann, password: pw, permissions: { publish: ["ask", "_ANN.>"], subscribe: ["_ANN.>", "ask"] } }
    ] }`;
    const server = own(await startNatsServer({ config }));
    const auth = { user: 'ann', password: 'pw' };
    const station = connectionTo(server.url, { auth, inboxPrefix: '_ANN' });
    await station.open();
    expect(station.inboxPrefix).toBe('_ANN.probe');
    station.nc.subscribe('ask', { callback: (_error, message) => void message.respond('yes') });
    const command = connectionTo(server.url, {
      auth,
      kind: 'command',
      id: 'command',
      owner: 'probe',
      inboxPrefix: '_ANN',
    });
    await command.open();
    expect(command.inboxPrefix).toBe('_ANN.probe.command');
    expect((await command.nc.request('ask')).string()).toBe('yes');
  });
});

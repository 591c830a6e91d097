import { createServer } from 'node:http';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { Objm } from '@nats-io/obj';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hubMetricsSchema } from '../../src-shared/views/hub.ts';
import { HubFixture, testBinaries } from './hub-fixture.ts';
import { emptyMetrics } from './metrics.ts';
import { HubMonitor } from './monitor.ts';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.create();
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

describe.each(testBinaries())('the figures of %s', (binary) => {
  test('join connections to stations and tell buckets from streams', async () => {
    const hub = fixture.hub({ binary });
    await hub.start();
    const names = ['station-01ABC', 'lattice-cli exec', 'something else'];
    const connections = await Promise.all(names.map((name) => connect({ servers: hub.url ?? '', name })));
    for (const connection of connections) fixture.defer(() => connection.close());
    const [station] = connections;
    if (!station) return expect.unreachable();
    await (await jetstreamManager(station)).streams.add({
      name: 'LOG',
      subjects: ['log.>'],
      max_bytes: 1_000_000,
    });
    await jetstream(station).publish('log.one', 'hello');
    await new Kvm(station).create('lattice-main-stations');
    await new Objm(station).create('files');

    const heard = vi.fn();
    using(hub.metrics.on(heard));
    await vi.waitFor(() => expect(heard.mock.calls.length).toBeGreaterThan(2), 5_000);
    const figures = hubMetricsSchema.parse(hub.metrics.snapshot()[0]);
    const byName = new Map(figures.connections.map((connection) => [connection.name, connection]));
    expect(byName.get('station-01ABC')).toMatchObject({
      kind: 'station',
      station_id: '01ABC',
      ip: '127.0.0.1',
      slow: false,
    });
    expect(byName.get('lattice-cli exec')).toMatchObject({ kind: 'command', lang: 'nats.js' });
    expect(byName.get('something else')?.kind).toBe('other');
    expect(byName.get('something else')?.station_id).toBeUndefined();
    expect(figures.streams.map(({ kind, name }) => [kind, name])).toEqual([
      ['bucket', 'lattice-main-stations'],
      ['object_store', 'files'],
      ['stream', 'LOG'],
    ]);
    expect(figures.streams[2]).toMatchObject({ messages: 1, max_bytes: 1_000_000, subjects: ['log.>'] });
    expect(figures.streams[2]?.last_time).toMatch(/^20\d\d-/);
    expect(figures.streams[0]?.last_time).toBeUndefined();
    expect(figures.store_bytes).toBeGreaterThan(0);
    expect(figures.max_store_bytes).toBeGreaterThan(figures.store_bytes);

    const before = figures.samples.length;
    for (let sent = 0; sent < 500; sent += 1) station.publish('nobody.listens', 'x'.repeat(100));
    await station.flush();
    await vi.waitFor(() => {
      const rates =
        hub.metrics
          .snapshot()[0]
          ?.samples.slice(before)
          .map((sample) => sample.in_msgs) ?? [];
      expect(Math.max(...rates)).toBeGreaterThan(100);
    }, 5_000);
    expect(hub.metrics.snapshot()[0]?.samples.at(-1)?.connections).toBe(3);
  });
});

function using(registration: Disposable): void {
  fixture.defer(() => registration[Symbol.dispose]());
}

test('are asked for only while somebody listens', async () => {
  const url = vi.fn(() => undefined);
  const monitor = new HubMonitor({ url, intervalMs: 5 });
  expect(monitor.polling).toBe(false);
  const first = monitor.on(() => undefined);
  const second = monitor.on(() => undefined);
  await vi.waitFor(() => expect(url.mock.calls.length).toBeGreaterThan(2));
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  expect(monitor.polling).toBe(true);
  second[Symbol.dispose]();
  expect(monitor.polling).toBe(false);
  const third = monitor.on(() => undefined);
  expect(monitor.polling).toBe(true);
  monitor[Symbol.dispose]();
  expect(monitor.polling).toBe(false);
  third[Symbol.dispose]();
});

test.each([
  [200, 'rubbish'],
  [200, '{"connections": 7}'],
  [200, 'null'],
  [503, '{}'],
])('keep what they had when the monitor answers %i with %s', async (status, body) => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(status).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  fixture.defer(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const monitor = new HubMonitor({ url: () => `http://127.0.0.1:${port}`, intervalMs: 5 });
  const heard = vi.fn();
  const registration = monitor.on(heard);
  await vi.waitFor(() => expect(asked).toBeGreaterThan(6));
  registration[Symbol.dispose]();
  expect(heard).not.toHaveBeenCalled();
  expect(monitor.snapshot()).toEqual([emptyMetrics]);
});

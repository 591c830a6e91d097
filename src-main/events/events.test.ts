import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import type { AuditEvent } from '../../src-shared/views/event.ts';
import { startNatsServer, type TestServer } from '../testing/nats-server.ts';
import { startTestStation } from '../testing/work-station.ts';
import { ensureStores } from '../work/streams.ts';
import { stationSource } from '../work/work-service.ts';
import { EventLog } from './event-log.ts';
import { EventPublisher } from './event-publisher.ts';

const LIMITS = { eventsBytes: 64 * 1024 ** 2, outputBytes: 16 * 1024 ** 2 };
const fromOf = (org: string) => stationSource(org, { id: 's1', name: 'one' });

let server: TestServer;
let nc: NatsConnection;
let count = 0;
const opened: AsyncDisposable[] = [];

beforeAll(async () => {
  server = await startNatsServer();
  nc = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
});
afterAll(async () => {
  await nc.close();
  await server[Symbol.asyncDispose]();
});
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function open() {
  const org = `events${++count}`;
  const names = namesOf(org);
  await ensureStores({ nc, names, limits: LIMITS });
  const publisher = new EventPublisher({ nc, names, from: fromOf(org) });
  opened.push(publisher);
  const refused: string[] = [];
  const onRefused = ({ station, why }: { station: string | undefined; why: string }) =>
    refused.push(`${station}: ${why}`);
  return { org, names, publisher, log: new EventLog({ nc, names, onRefused }), refused };
}

describe('the event log', () => {
  it('holds events of every kind in one order, to query by type, station, agent, work and time', async () => {
    const { org, publisher, log } = await open();
    const station = await startTestStation({
      url: server.url,
      id: 's2',
      org,
      execute: async () => ({ status: 'completed', result: 'ok' }),
    });
    opened.push(station);
    publisher.emit('station', 'joined', { station_id: 's1', station_name: 'one' });
    await publisher.flush();
    // A time of its own, since events have theirs in whole milliseconds.
    const past = (time: number) =>
      vi.waitFor(() => expect(Date.now()).toBeGreaterThan(time), { interval: 1 });
    await past(Date.now());
    const between = new Date();
    await past(between.getTime());
    const { dispatcher } = station.service;
    const { id } = await dispatcher.assign({ task: 'x', agent: 'worker', requested_by: 'anna' });
    await dispatcher.await(id, { timeoutMs: 5_000 });
    publisher.emit('agent', 'registered', { agent_name: 'worker' });
    await publisher.flush();
    const types = (events: AuditEvent[]) => events.map((event) => event.type);
    const all = await log.query({});
    expect(types(all)).toEqual([
      'station.joined',
      'work.assigned',
      'work.accepted',
      'work.completed',
      'agent.registered',
    ]);
    expect(all.map((event) => event.seq)).toEqual([...all.map((event) => event.seq)].sort((a, b) => a - b));
    expect(types(await log.query({ work: id }))).toEqual([
      'work.assigned',
      'work.accepted',
      'work.completed',
    ]);
    expect(types(await log.query({ type: 'station.lattice.work.assigned' }))).toEqual(['work.assigned']);
    expect(types(await log.query({ type: 'agent.*' }))).toEqual(['agent.registered']);
    expect(types(await log.query({ station: 'one' }))).toEqual(['station.joined', 'agent.registered']);
    expect(types(await log.query({ agent: 'worker' }))).toHaveLength(4);
    expect(types(await log.query({ since: between }))).toHaveLength(4);
    expect(types(await log.query({ until: between }))).toEqual(['station.joined']);
    expect(types(await log.query({ limit: 2 }))).toEqual(['work.completed', 'agent.registered']);
    expect(await log.read(all[1]?.seq ?? 0)).toMatchObject({
      specversion: '1.0',
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      data: { record: { work_id: id } },
    });
  });

  it('replays from a time and goes on live', async () => {
    const { publisher, log } = await open();
    publisher.emit('config', 'changed', { n: 1 });
    await publisher.flush();
    await new Promise((next) => setTimeout(next, 5));
    const since = new Date();
    publisher.emit('config', 'changed', { n: 2 });
    await publisher.flush();
    const heard: unknown[] = [];
    opened.push(await log.follow({ from: { time: since }, onEvent: (event) => heard.push(event.data.n) }));
    publisher.emit('config', 'changed', { n: 3 });
    await vi.waitFor(() => expect(heard).toEqual([2, 3]));
  });

  it('can be neither purged nor shortened', async () => {
    const { names, publisher } = await open();
    publisher.emit('config', 'changed', {});
    await publisher.flush();
    const { jetstreamManager } = await import('@nats-io/jetstream');
    const jsm = await jetstreamManager(nc);
    await expect(jsm.streams.purge(names.eventsStream)).rejects.toThrow();
    await expect(jsm.streams.deleteMessage(names.eventsStream, 1)).rejects.toThrow();
  });

  it('leaves out rubbish that a peer publishes', async () => {
    const { names, publisher, log } = await open();
    nc.publish(names.events('s1', 'station', 'joined'), 'rubbish');
    nc.publish(names.events('s1', 'station', 'joined'), JSON.stringify({ specversion: '2.0', type: 7 }));
    publisher.emit('station', 'joined', {});
    await publisher.flush();
    expect(await log.query({})).toHaveLength(1);
  });

  it('counts an event only in the name and of the kind that its subject says, and tells each that it refused once', async () => {
    const { org, names, publisher, log, refused } = await open();
    const event = (id: string, type: string, change: object = {}) =>
      JSON.stringify({
        specversion: '1.0',
        id: `${id}.${type}`,
        source: stationSource(org, { id, name: id }).source,
        type: `station.lattice.${type}`,
        time: new Date().toISOString(),
        stationid: id,
        data: {},
        ...change,
      });
    const subject = names.events('s2', 'station', 'left');
    nc.publish(subject, event('s1', 'station.left'));
    nc.publish(subject, event('s2', 'station.left', { stationid: 's1' }));
    nc.publish(subject, event('s2', 'station.left', { stationid: undefined, data: { station_id: 's1' } }));
    nc.publish(subject, event('s2', 'work.completed'));
    nc.publish(names.workState('w1'), event('s2', 'station.left'));
    nc.publish(subject, event('s2', 'station.left'));
    publisher.emit('station', 'left', {});
    await publisher.flush();
    for (let time = 0; time < 2; time++)
      expect((await log.query({})).map((each) => each.station_id)).toEqual(['s2', 's1']);
    expect(refused).toEqual([
      's2: it speaks for s1',
      's2: it speaks for s1',
      's2: it speaks for s1',
      's2: it says it is work.completed',
      'undefined: it is no state of this work',
    ]);
  });

  it('reads one kind of events by itself, whoever tells them', async () => {
    const { publisher, log } = await open();
    publisher.emit('agent', 'registered', {});
    publisher.emit('config', 'changed', {});
    publisher.emit('agent', 'quiet', { station_id: 's9', station_name: 'nine' });
    await publisher.flush();
    expect((await log.query({ type: 'agent.*' })).map((each) => each.type)).toEqual([
      'agent.registered',
      'agent.quiet',
    ]);
    expect(await log.query({ type: 'agent.registered' })).toHaveLength(1);
    expect((await log.query({ station: 'nine' })).map((each) => each.station_id)).toEqual(['s1']);
  });
});

describe('the publisher', () => {
  it('loses and reorders nothing while the hub dies and comes back', async () => {
    const own = await startNatsServer();
    let back: TestServer | undefined;
    const connection = await connect({
      servers: own.url,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
    });
    try {
      const names = namesOf('away');
      await ensureStores({ nc: connection, names, limits: LIMITS });
      const publisher = new EventPublisher({ nc: connection, names, from: fromOf('away') });
      const emit = (start: number) => {
        for (let n = start; n < start + 150; n++) publisher.emit('task', 'moved', { n });
      };
      emit(0);
      const { port, storeDir } = own;
      await vi.waitFor(async () =>
        expect((await new EventLog({ nc: connection, names }).query({})).length).toBeGreaterThan(10),
      );
      await own.kill();
      emit(150);
      back = await startNatsServer({ port, storeDir });
      emit(300);
      await publisher.flush();
      const events = await new EventLog({ nc: connection, names }).query({});
      expect(events.map((event) => event.data.n)).toEqual(Array.from({ length: 450 }, (_, n) => n));
      await publisher[Symbol.asyncDispose]();
    } finally {
      await connection.close();
      await back?.[Symbol.asyncDispose]();
      await own[Symbol.asyncDispose]();
    }
  });
});

import { jetstreamManager, RetentionPolicy } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startNatsServer } from '../testing/nats-server.ts';
import { QueueReader } from './queue-reader.ts';

const LANE = { stream: 'QUEUE', subject: 'work.one', durable: 'one', level: 3 };

let server: Awaited<ReturnType<typeof startNatsServer>>;

beforeEach(async () => {
  server = await startNatsServer();
});
afterEach(() => server[Symbol.asyncDispose]());

it('waits for nothing on a connection that is closed for good', async () => {
  const nc = await connect({ servers: server.url });
  const jsm = await jetstreamManager(nc);
  await jsm.streams.add({ name: 'QUEUE', subjects: ['work.*'], retention: RetentionPolicy.Workqueue });
  const onWake = vi.fn();
  const reader = new QueueReader({ nc, ackWaitMs: 30_000, onMessage: vi.fn(), onWake });
  expect(await reader.take(LANE, 1)).toBe(0);
  await nc.close();
  await reader.wait(LANE);
  expect(reader.isWaiting(LANE)).toBe(false);
  expect(onWake).not.toHaveBeenCalled();
  await reader[Symbol.asyncDispose]();
});

it('asks again for a lane that the hub could not make at first', async () => {
  const nc = await connect({ servers: server.url });
  const jsm = await jetstreamManager(nc);
  const onWake = vi.fn();
  const reader = new QueueReader({ nc, ackWaitMs: 30_000, onMessage: vi.fn(), onWake });
  await reader.wait(LANE);
  expect(reader.isWaiting(LANE)).toBe(false);
  await jsm.streams.add({ name: 'QUEUE', subjects: ['work.*'], retention: RetentionPolicy.Workqueue });
  await vi.waitFor(() => expect(onWake).toHaveBeenCalled(), { timeout: 5_000 });
  await reader.wait(LANE);
  expect(reader.isWaiting(LANE)).toBe(true);
  await reader[Symbol.asyncDispose]();
  await nc.close();
});

import { connect } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { startNatsServer } from '../testing/nats-server.ts';
import { lanesOf } from './queue.ts';
import { QueueReader } from './queue-reader.ts';
import { ensureStores } from './streams.ts';

it('wakes nobody over a connection that is closed for good', async () => {
  const server = await startNatsServer();
  const names = namesOf('test');
  const nc = await connect({ servers: server.url });
  await ensureStores({ nc, names, limits: { eventsBytes: 1e7, outputBytes: 1e7 } });
  const [lane] = lanesOf(names, 'forge', []);
  if (!lane) throw new Error('A station has lanes.');
  let wakes = 0;
  const reader = new QueueReader({
    nc,
    stream: names.queueStream,
    ackWaitMs: 30_000,
    onMessage: () => undefined,
    onWake: () => {
      wakes += 1;
    },
  });
  expect(await reader.take(lane, 1)).toBe(0);
  await nc.close();
  await reader.wait(lane);
  expect(reader.isWaiting(lane)).toBe(false);
  expect(wakes).toBe(0);
  await reader[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

import { expect, it } from 'vitest';
import { loadSchema } from '../../src-shared/protocol/station.ts';
import { LoadSampler } from './load.ts';

const cpu = (busy: number, idle: number) => ({
  model: 'x',
  speed: 1,
  times: { user: busy, nice: 0, sys: 0, irq: 0, idle },
});

it('measures the cpu between two samples and shows the slots as they are', () => {
  let cores = [cpu(100, 100), cpu(100, 100)];
  const slots = { running: 1, capacity: 4, queued: 0 };
  const load = new LoadSampler(slots, { cpus: () => cores, freemem: () => 25, totalmem: () => 100 });
  expect(load.current()).toEqual({ running: 1, capacity: 4, queued: 0, cpu: 0, memory: 0.75 });
  cores = [cpu(130, 110), cpu(100, 160)];
  slots.queued = 2;
  expect(load.sample()).toMatchObject({ cpu: 0.3, queued: 2 });
  expect(load.sample().cpu).toBe(0.3);
  cores = [cpu(0, 0)];
  expect(load.sample().cpu).toBe(0.3);
});

it('is what heartbeats may carry on this machine', () => {
  const load = new LoadSampler({ running: 0, capacity: 1, queued: 0 });
  expect(loadSchema.safeParse(load.sample()).success).toBe(true);
});

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type SlotLease, Slots } from './slots.ts';
import { failure } from './test-station.ts';

const release = (lease: SlotLease) => lease[Symbol.dispose]();

describe('slots', () => {
  it('says busy with the counts, at once or after the wait', async () => {
    const slots = new Slots({ maxParallel: 1 });
    const held = await slots.acquire('a', { waitMs: 0 });
    const error = await failure(slots.acquire('a', { waitMs: 0 }));
    expect(error).toMatchObject({ code: 'busy', details: { running: 1, capacity: 1, queued: 0 } });
    expect((await failure(slots.acquire('a', { waitMs: 5 }))).code).toBe('busy');
    expect(slots.queued).toBe(0);
    release(held);
    release(held);
    expect(slots.running).toBe(0);
  });

  it('names the agent whose own limit is reached, and lets others pass', async () => {
    const slots = new Slots({ maxParallel: 3, agentLimit: (agent) => (agent === 'slow' ? 1 : undefined) });
    const slow = await slots.acquire('slow', { waitMs: 0 });
    expect((await failure(slots.acquire('slow', { waitMs: 0 }))).message).toBe('slow already runs 1 of 1.');
    const positions: number[] = [];
    const next = slots.acquire('slow', {
      waitMs: Number.POSITIVE_INFINITY,
      onQueued: (p) => positions.push(p),
    });
    const quick = await slots.acquire('quick', { waitMs: 0 });
    expect([slots.running, slots.queued, positions]).toEqual([2, 1, [0]]);
    release(slow);
    release(await next);
    release(quick);
    expect(slots.running).toBe(0);
  });

  it('leaves the queue on abort', async () => {
    const slots = new Slots({ maxParallel: 0 });
    const stop = new AbortController();
    const waiting = failure(slots.acquire('a', { waitMs: 60_000, signal: stop.signal }));
    stop.abort();
    expect((await waiting).code).toBe('cancelled');
    expect(slots.queued).toBe(0);
    expect((await failure(slots.acquire('a', { waitMs: 1, signal: stop.signal }))).code).toBe('cancelled');
  });

  it('starts who waits when there is more room', async () => {
    const slots = new Slots({ maxParallel: 0 });
    const changed = vi.fn();
    slots.changed.on(changed);
    const waiting = slots.acquire('a', { waitMs: 60_000 });
    slots.resize(1);
    release(await waiting);
    expect(changed).toHaveBeenCalled();
  });

  it('never runs more than allowed, serves an agent in order, and loses nobody', async () => {
    const run = fc.record({ agent: fc.constantFrom('a', 'b', 'c'), hold: fc.nat({ max: 3 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(run, { maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        async (runs, max) => {
          const limits: Record<string, number> = { a: 1, b: 2 };
          const slots = new Slots({ maxParallel: max, agentLimit: (agent) => limits[agent] });
          const now: Record<string, number> = {};
          const order: Record<string, number[]> = { a: [], b: [], c: [] };
          await Promise.all(
            runs.map(async ({ agent, hold }, index) => {
              const lease = await slots.acquire(agent, { waitMs: Number.POSITIVE_INFINITY });
              now[agent] = (now[agent] ?? 0) + 1;
              order[agent]?.push(index);
              expect(slots.running).toBeLessThanOrEqual(max);
              expect(now[agent]).toBeLessThanOrEqual(limits[agent] ?? max);
              for (let turn = 0; turn < hold; turn++) await Promise.resolve();
              now[agent]--;
              release(lease);
            }),
          );
          expect([slots.running, slots.queued]).toEqual([0, 0]);
          for (const indexes of Object.values(order))
            expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Emitter } from '../../src-shared/emitter.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import type { StreamFrame, StreamMessage } from '../../src-shared/ipc.ts';
import { LiveLog, LiveMap, type LiveSource } from '../../src-shared/live.ts';
import { type BatchClock, StreamBatcher } from './stream-batcher.ts';

interface Item {
  id: string;
  value: number;
}

const keyOf = (item: Item) => item.id;

class FakeClock implements BatchClock {
  #now = 0;
  readonly #timers = new Set<{ due: number; run: () => void }>();

  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  setTimer(run: () => void, delayMs: number): () => void {
    const timer = { due: this.#now + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers].filter(({ due }) => due <= this.#now)) {
      this.#timers.delete(timer);
      timer.run();
    }
  }
}

/** Does what the window does with messages: keeps a map, refuses a gap. */
class Follower {
  readonly items = new Map<string, Item>();
  readonly kinds: string[] = [];
  #seq: number | undefined;

  receive(message: StreamMessage<unknown>): void {
    this.kinds.push(message.kind);
    if (message.kind === 'error') return;
    if (message.kind === 'snapshot') {
      this.items.clear();
      for (const item of message.items as Item[]) this.items.set(item.id, item);
    } else {
      expect(message.seq).toBe((this.#seq ?? Number.NaN) + 1);
      for (const key of message.removes) this.items.delete(key);
      for (const item of message.upserts as Item[]) this.items.set(item.id, item);
    }
    this.#seq = message.seq;
  }
}

function batch(options: { backlogLimit?: number } = {}) {
  const clock = new FakeClock();
  const frames: StreamFrame[] = [];
  const batcher = new StreamBatcher({ send: (frame) => frames.push(frame), clock, ...options });
  return { clock, frames, batcher };
}

describe('StreamBatcher', () => {
  it('sends a snapshot first and then one delta per frame with the last change of each key', () => {
    const { clock, frames, batcher } = batch();
    const map = new LiveMap<Item>(keyOf);
    map.set({ id: 'a', value: 1 });
    batcher.add(7, map, keyOf);
    clock.advance(0);
    batcher.acknowledge();
    map.set({ id: 'b', value: 1 });
    map.set({ id: 'b', value: 2 });
    map.set({ id: 'c', value: 1 });
    map.delete('c');
    map.delete('a');
    map.set({ id: 'a', value: 9 });
    clock.advance(15);
    expect(frames).toHaveLength(1);
    clock.advance(1);
    expect(frames).toEqual([
      [[7, { kind: 'snapshot', seq: 0, items: [{ id: 'a', value: 1 }] }]],
      [
        [
          7,
          {
            kind: 'delta',
            seq: 1,
            upserts: [
              { id: 'b', value: 2 },
              { id: 'a', value: 9 },
            ],
            removes: ['c'],
          },
        ],
      ],
    ]);
  });

  it('puts all streams of a window into one frame and rests when nothing changes', () => {
    const { clock, frames, batcher } = batch();
    batcher.add(1, new LiveMap<Item>(keyOf), keyOf);
    batcher.add(2, new LiveMap<Item>(keyOf), keyOf);
    clock.advance(0);
    batcher.acknowledge();
    clock.advance(16);
    expect(frames.map((frame) => frame.map(([id]) => id))).toEqual([[1, 2]]);
    expect(clock.timers).toBe(0);
  });

  it('keeps one frame in flight and sends a new snapshot when a slow window fell too far behind', () => {
    const { clock, frames, batcher } = batch({ backlogLimit: 10 });
    const map = new LiveMap<Item>(keyOf);
    batcher.add(1, map, keyOf);
    clock.advance(0);
    for (let round = 0; round < 1_000; round += 1) {
      map.set({ id: `k${round % 50}`, value: round });
      clock.advance(16);
    }
    expect(frames).toHaveLength(1);
    batcher.acknowledge();
    clock.advance(16);
    expect(frames).toHaveLength(2);
    expect(frames[1]?.[0]?.[1]).toMatchObject({ kind: 'snapshot', seq: 1 });
    batcher.acknowledge();
    map.set({ id: 'k1', value: -1 });
    clock.advance(16);
    expect(frames[2]?.[0]?.[1]).toEqual({
      kind: 'delta',
      seq: 2,
      upserts: [{ id: 'k1', value: -1 }],
      removes: [],
    });
  });

  it('stops listening and ends its timer when disposed', () => {
    const { clock, frames, batcher } = batch();
    const changes = new Emitter<{ upserts: Item[]; removes: string[] }>();
    const source: LiveSource<Item> = { snapshot: () => [], on: (listener) => changes.on(listener) };
    batcher.add(1, source, keyOf);
    batcher.add(2, source, keyOf);
    batcher.add(2, source, keyOf);
    expect(changes.size).toBe(2);
    batcher.remove(1);
    expect(changes.size).toBe(1);
    batcher[Symbol.dispose]();
    clock.advance(100);
    expect({ listeners: changes.size, timers: clock.timers, frames }).toEqual({
      listeners: 0,
      timers: 0,
      frames: [],
    });
  });

  it('says why a stream failed, at its start or while it is read, and goes on with the others', () => {
    const { clock, frames, batcher } = batch();
    const broken: LiveSource<Item> = {
      snapshot: () => {
        throw new Error('disk gone');
      },
      on: () => ({ [Symbol.dispose]: () => {} }),
    };
    batcher.fail(1, new LatticeError('not_found', 'No run 7.'));
    batcher.add(2, broken, keyOf);
    batcher.add(3, new LiveMap<Item>(keyOf), keyOf);
    clock.advance(0);
    expect(frames).toEqual([
      [
        [1, { kind: 'error', error: { code: 'not_found', message: 'No run 7.' } }],
        [2, { kind: 'error', error: { code: 'internal', message: 'disk gone' } }],
        [3, { kind: 'snapshot', seq: 0, items: [] }],
      ],
    ]);
    expect(batcher.size).toBe(1);
  });

  it('gives a window the whole of a bounded log even when one append is longer than the log', () => {
    const { clock, frames, batcher } = batch();
    const log = new LiveLog<{ seq: number }>(3);
    batcher.add(1, log, (item) => String(item.seq));
    clock.advance(0);
    batcher.acknowledge();
    log.append({ seq: 1 }, { seq: 2 }, { seq: 3 }, { seq: 4 }, { seq: 5 });
    clock.advance(16);
    expect(frames[1]?.[0]?.[1]).toMatchObject({ upserts: [{ seq: 3 }, { seq: 4 }, { seq: 5 }] });
    expect(log.snapshot()).toEqual([{ seq: 3 }, { seq: 4 }, { seq: 5 }]);
  });

  it('brings any interleaving of changes, frames and slow acknowledgements to the same map', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('change' as const),
        sets: fc.array(fc.record({ id: key, value: fc.nat() }), { maxLength: 6 }),
        removes: fc.array(key, { maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('tick' as const), ms: fc.nat({ max: 40 }) }),
      fc.record({ kind: fc.constant('acknowledge' as const) }),
      fc.record({ kind: fc.constant('subscribe again' as const) }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 0, max: 6 }),
        (steps, backlogLimit) => {
          const { clock, frames, batcher } = batch({ backlogLimit });
          const map = new LiveMap<Item>(keyOf);
          let id = 1;
          let follower = new Follower();
          const deliver = () => {
            const due = frames.splice(0);
            expect(due.length).toBeLessThanOrEqual(1);
            for (const [from, message] of due.flat()) if (from === id) follower.receive(message);
            if (due.length > 0) batcher.acknowledge();
          };
          batcher.add(id, map, keyOf);
          for (const next of steps) {
            if (next.kind === 'change') map.apply(next.sets, next.removes);
            else if (next.kind === 'tick') clock.advance(next.ms);
            else if (next.kind === 'acknowledge') deliver();
            else {
              batcher.remove(id);
              id += 1;
              follower = new Follower();
              batcher.add(id, map, keyOf);
            }
          }
          for (let round = 0; round < 4; round += 1) {
            clock.advance(16);
            deliver();
          }
          expect(follower.items).toEqual(new Map(map.snapshot().map((item) => [item.id, item])));
        },
      ),
    );
  });
});

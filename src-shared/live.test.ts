import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LiveDelta, LiveLog, LiveMap, type LiveSource, LiveSwitch, LiveValue } from './live.ts';

interface Item {
  id: string;
  value: number;
}
const key = (item: Item) => item.id;

/** What a listener knows: the snapshot at the start and every delta since. */
function mirror<T>(
  source: LiveSource<T>,
  keyOf: (item: T) => string,
): { items: Map<string, T>; stop(): void } {
  const items = new Map(source.snapshot().map((item) => [keyOf(item), item]));
  const subscription = source.on((delta: LiveDelta<T>) => {
    for (const gone of delta.removes) items.delete(gone);
    for (const item of delta.upserts) items.set(keyOf(item), item);
  });
  return { items, stop: () => subscription[Symbol.dispose]() };
}

const change = fc.record({
  upserts: fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.nat() }), {
    maxLength: 3,
  }),
  removes: fc.array(fc.constantFrom('a', 'b', 'c', 'x'), { maxLength: 2 }),
});

describe('LiveMap', () => {
  it('lets a listener follow any sequence of changes', () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const map = new LiveMap(key);
        const seen = mirror(map, key);
        for (const each of changes) map.apply(each.upserts, each.removes);
        expect(seen.items).toEqual(new Map(map.snapshot().map((item) => [item.id, item])));
      }),
    );
  });

  it('says nothing when nothing changed', () => {
    const map = new LiveMap(key);
    let deltas = 0;
    map.on(() => deltas++);
    map.delete('nobody');
    expect(deltas).toBe(0);
  });
});

describe('LiveLog', () => {
  it('keeps the last items and names those that went', () => {
    const log = new LiveLog<{ seq: number }>(3);
    const seen = mirror(log, (item) => String(item.seq));
    for (let seq = 0; seq < 10; seq++) log.append({ seq });
    expect([...seen.items.keys()]).toEqual(['7', '8', '9']);
    expect(log.snapshot()).toEqual([{ seq: 7 }, { seq: 8 }, { seq: 9 }]);
  });
});

describe('LiveSwitch', () => {
  it('moves a listener from one source to another as one collection', () => {
    const live = new LiveSwitch(key);
    const seen = mirror(live, key);
    const first = new LiveMap(key);
    first.apply([
      { id: 'a', value: 1 },
      { id: 'b', value: 1 },
    ]);
    live.attach(first);
    const second = new LiveMap(key);
    second.set({ id: 'b', value: 2 });
    live.attach(second);
    first.set({ id: 'late', value: 9 });
    second.set({ id: 'c', value: 3 });
    expect([...seen.items.values()]).toEqual([
      { id: 'b', value: 2 },
      { id: 'c', value: 3 },
    ]);
    live.attach(undefined);
    expect(seen.items.size).toBe(0);
  });

  it('follows its source only while someone listens', () => {
    let listeners = 0;
    const value = new LiveValue<Item>({ id: 'a', value: 1 });
    const counted: LiveSource<Item> = {
      snapshot: () => value.snapshot(),
      on: (listener) => {
        listeners++;
        const own = value.on(listener);
        return {
          [Symbol.dispose]: () => {
            listeners--;
            own[Symbol.dispose]();
          },
        };
      },
    };
    const live = new LiveSwitch(key);
    live.attach(counted);
    expect(listeners).toBe(0);
    const one = mirror(live, key);
    const two = mirror(live, key);
    expect(listeners).toBe(1);
    one.stop();
    two.stop();
    expect(listeners).toBe(0);
    expect(live.snapshot()).toEqual([{ id: 'a', value: 1 }]);
  });
});

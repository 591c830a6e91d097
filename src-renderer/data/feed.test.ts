import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LatticeBridge, StreamMessage } from '../../src-shared/ipc.ts';
import type { RunLine } from '../../src-shared/views/run.ts';
import { frameBatch } from './frame-batch.ts';
import { keyOf, LiveStores } from './live-stores.ts';

type Message = StreamMessage<unknown>;

/** A main process that remembers who listens and says what a test tells it to. */
class FakeMain {
  readonly listeners: ((message: Message) => void)[] = [];
  readonly ended: number[] = [];
  readonly bridge: LatticeBridge = {
    call: () => Promise.resolve({ ok: undefined }),
    subscribe: (_name, _params, listener) => {
      const index = this.listeners.push(listener) - 1;
      return () => void this.ended.push(index);
    },
  };

  get open(): number {
    return this.listeners.length - this.ended.length;
  }

  say(message: Message, to = this.listeners.length - 1): void {
    this.listeners[to]?.(message);
  }
}

const line = (seq: number, text = `line ${seq}`): RunLine => ({
  seq,
  time: '2026-11-21T14:29:02.118Z',
  kind: 'output',
  text,
});

function setUp() {
  const main = new FakeMain();
  let frame: (() => void) | undefined;
  const stores = new LiveStores({
    bridge: main.bridge,
    schedule: frameBatch((run) => {
      frame = run;
    }),
    lingerMs: 1_000,
  });
  const paint = () => {
    const run = frame;
    frame = undefined;
    run?.();
  };
  return { main, stores, paint, feed: stores.feed('runs.output', { id: 'r1' }) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a feed', () => {
  it('shows the snapshot and then what changed', () => {
    const { main, feed, paint } = setUp();
    feed.hold();
    expect(feed.store.getState().state).toBe('loading');
    main.say({ kind: 'snapshot', seq: 4, items: [line(1), line(2)] });
    main.say({ kind: 'delta', seq: 5, upserts: [line(2, 'changed'), line(3)], removes: ['1'] });
    paint();
    expect([...feed.store.getState().items.values()]).toEqual([line(2, 'changed'), line(3)]);
    expect(feed.store.getState().state).toBe('live');
  });

  it('tells its watchers once per frame, with a new map', () => {
    const { main, feed, paint } = setUp();
    feed.hold();
    const seen: number[] = [];
    feed.store.subscribe((state) => seen.push(state.items.size));
    main.say({ kind: 'snapshot', seq: 0, items: [] });
    for (let seq = 1; seq <= 50; seq += 1)
      main.say({ kind: 'delta', seq, upserts: [line(seq)], removes: [] });
    expect(seen).toEqual([]);
    const before = feed.store.getState().items;
    paint();
    expect(seen).toEqual([50]);
    expect(feed.store.getState().items).not.toBe(before);
  });

  it('asks again on a gap, keeps what it has as stale, and hears the old subscription no more', () => {
    const { main, feed, paint } = setUp();
    feed.hold();
    main.say({ kind: 'snapshot', seq: 0, items: [line(1)] });
    main.say({ kind: 'delta', seq: 2, upserts: [line(3)], removes: [] });
    paint();
    expect(main.ended).toEqual([0]);
    expect(main.open).toBe(1);
    expect(feed.store.getState()).toMatchObject({ state: 'stale' });
    expect([...feed.store.getState().items.keys()]).toEqual(['1']);

    main.say({ kind: 'delta', seq: 3, upserts: [line(9)], removes: [] }, 0);
    main.say({ kind: 'snapshot', seq: 2, items: [line(1), line(2), line(3)] });
    paint();
    expect(feed.store.getState()).toMatchObject({ state: 'live' });
    expect([...feed.store.getState().items.keys()]).toEqual(['1', '2', '3']);
  });

  it('drops a delta it already has and one before the snapshot', () => {
    const { main, feed, paint } = setUp();
    feed.hold();
    main.say({ kind: 'delta', seq: 7, upserts: [line(7)], removes: [] });
    main.say({ kind: 'snapshot', seq: 8, items: [line(8)] });
    main.say({ kind: 'delta', seq: 8, upserts: [line(1)], removes: ['8'] });
    paint();
    expect([...feed.store.getState().items.keys()]).toEqual(['8']);
    expect(main.listeners).toHaveLength(1);
  });

  it('says what failed, tries again later and later, and is live again with the next snapshot', () => {
    const { main, feed, paint } = setUp();
    feed.hold();
    const failure: Message = { kind: 'error', error: { code: 'not_connected', message: 'Not connected.' } };
    main.say(failure);
    paint();
    expect(feed.store.getState()).toMatchObject({ state: 'error', error: { code: 'not_connected' } });
    expect(main.open).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect(main.open).toBe(1);
    main.say(failure);
    vi.advanceTimersByTime(1_999);
    expect(main.open).toBe(0);
    vi.advanceTimersByTime(1);
    main.say({ kind: 'snapshot', seq: 1, items: [line(1)] });
    paint();
    expect(feed.store.getState()).toMatchObject({ state: 'live', error: undefined });
    main.say(failure);
    paint();
    expect(feed.store.getState()).toMatchObject({ state: 'stale' });
    expect(feed.store.getState().items.size).toBe(1);
  });

  it('survives a bridge that answers before subscribe returns', () => {
    const main = new FakeMain();
    let first = true;
    const stores = new LiveStores({
      bridge: {
        call: main.bridge.call,
        subscribe: (name, params, listener) => {
          const end = main.bridge.subscribe(name, params, listener);
          if (first) {
            first = false;
            listener({ kind: 'snapshot', seq: 0, items: [] });
            listener({ kind: 'delta', seq: 5, upserts: [], removes: [] });
          } else listener({ kind: 'snapshot', seq: 5, items: [line(5)] });
          return end;
        },
      },
      schedule: (task) => task(),
      lingerMs: 0,
    });
    const release = stores.feed('runs.output', { id: 'r1' }).hold();
    expect(stores.feed('runs.output', { id: 'r1' }).store.getState()).toMatchObject({ state: 'live' });
    expect(main.open).toBe(1);
    release();
    vi.runAllTimers();
    expect(main.open).toBe(0);
  });
});

describe('the end of a subscription', () => {
  it('comes once, after the last holder, and leaves nothing behind', () => {
    const { main, stores, feed } = setUp();
    const first = feed.hold();
    const second = stores.feed('runs.output', { id: 'r1' }).hold();
    expect(main.listeners).toHaveLength(1);
    first();
    first();
    vi.runAllTimers();
    expect(main.open).toBe(1);
    second();
    vi.advanceTimersByTime(500);
    const third = feed.hold();
    vi.runAllTimers();
    expect(main.open).toBe(1);
    third();
    vi.runAllTimers();
    expect(main.open).toBe(0);
    expect(stores.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('also ends a retry that waits', () => {
    const { main, feed, stores } = setUp();
    const release = feed.hold();
    main.say({ kind: 'error', error: { code: 'internal', message: 'Broken.' } });
    release();
    vi.advanceTimersByTime(60_000);
    expect(main.open).toBe(0);
    expect(stores.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('shares a stream only under the same name and parameters', () => {
  expect(keyOf('runs.output', { id: 'a' })).not.toBe(keyOf('runs.output', { id: 'b' }));
  expect(keyOf('runs.output', { a: 1, b: 2 })).toBe(keyOf('runs.output', { b: 2, a: 1 }));
  expect(keyOf('runs.watch', undefined)).toBe('runs.watch');
});

it('equals a map to which the same deltas are applied, with gaps healed by snapshots', () => {
  const item = fc.record({ seq: fc.integer({ min: 0, max: 8 }), text: fc.string({ maxLength: 3 }) });
  const step = fc.record({
    upserts: fc.array(item, { maxLength: 4 }),
    removes: fc.array(fc.integer({ min: 0, max: 8 }).map(String), { maxLength: 3 }),
    lost: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(item), fc.array(step, { maxLength: 30 }), (start, steps) => {
      const { main, feed, paint } = setUp();
      const truth = new Map<string, RunLine>();
      for (const { seq, text } of start) truth.set(String(seq), line(seq, text));
      feed.hold();
      let seq = 0;
      main.say({ kind: 'snapshot', seq, items: [...truth.values()] });
      for (const { upserts, removes, lost } of steps) {
        seq += 1;
        for (const key of removes) truth.delete(key);
        const lines = upserts.map((upsert) => line(upsert.seq, upsert.text));
        for (const upsert of lines) truth.set(String(upsert.seq), upsert);
        if (lost) continue;
        const subscriptions = main.listeners.length;
        main.say({ kind: 'delta', seq, upserts: lines, removes });
        if (main.listeners.length > subscriptions)
          main.say({ kind: 'snapshot', seq, items: [...truth.values()] });
      }
      seq += 1;
      const subscriptions = main.listeners.length;
      main.say({ kind: 'delta', seq, upserts: [], removes: [] });
      if (main.listeners.length > subscriptions)
        main.say({ kind: 'snapshot', seq, items: [...truth.values()] });
      paint();
      expect([...feed.store.getState().items].sort()).toEqual([...truth].sort());
      expect(main.open).toBe(1);
    }),
  );
});

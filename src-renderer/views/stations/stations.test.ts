import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { LoadHistory } from '../../data/load-history.ts';
import { byBusy, byLoad, byName, byState, filterStations } from './station-filter.ts';

const START = Date.parse('2026-11-21T14:00:00.000Z');

function station(name: string, more: Partial<StationView> = {}): StationView {
  return {
    id: `id-${name}`,
    name,
    status: 'online',
    status_since: '2026-11-21T14:00:00Z',
    last_heard: new Date(START).toISOString(),
    is_self: false,
    hosts_hub: false,
    version: '0.1.0',
    started_at: '2026-11-21T13:00:00Z',
    platform: { os: 'Linux', arch: 'x64', cores: 8, memory_bytes: 1, hostname: `${name}.lan` },
    load: { running: 1, capacity: 4, queued: 0, cpu: 0.2, memory: 0.4 },
    agent_count: 1,
    ...more,
  };
}

function heard(seconds: number, more: Partial<StationView> = {}): ReadonlyMap<string, StationView> {
  const last = new Date(START + seconds * 1_000).toISOString();
  return new Map([['id-forge', station('forge', { last_heard: last, ...more })]]);
}

const names = (list: readonly StationView[]) => list.map(({ name }) => name);

describe('LoadHistory', () => {
  it('takes one sample for each heartbeat, not for other news of the station', () => {
    const history = new LoadHistory();
    expect(history.record(heard(0))).toBe(true);
    expect(history.record(heard(0, { agent_count: 2 }))).toBe(false);
    expect(history.record(heard(3))).toBe(false);
    expect(
      history.record(heard(10, { load: { running: 3, capacity: 4, queued: 0, cpu: 0.9, memory: 0.5 } })),
    ).toBe(true);
    expect(history.of('id-forge')).toEqual([
      { at: START, cpu: 0.2, memory: 0.4, running: 1 },
      { at: START + 10_000, cpu: 0.9, memory: 0.5, running: 3 },
    ]);
  });

  it('takes nothing of a station that is offline, was never heard or tells no time', () => {
    const history = new LoadHistory();
    expect(history.record(heard(0, { status: 'offline' }))).toBe(false);
    expect(history.record(new Map([['a', station('a', { last_heard: 'yesterday' })]]))).toBe(false);
    const { last_heard: _, ...silent } = station('b');
    expect(history.record(new Map([['b', silent]]))).toBe(false);
  });

  it('forgets a station that is gone', () => {
    const history = new LoadHistory();
    history.record(heard(0));
    expect(history.record(new Map())).toBe(true);
    expect(history.of('id-forge')).toEqual([]);
  });

  it('keeps the same array until a sample came', () => {
    const history = new LoadHistory();
    expect(history.of('id-forge')).toBe(history.of('nobody'));
    history.record(heard(0));
    const before = history.of('id-forge');
    history.record(heard(1));
    expect(history.of('id-forge')).toBe(before);
  });

  it('never reaches further back than it should, and never stands closer than its step', () => {
    const history = () => new LoadHistory({ reachMs: 60_000, stepMs: 5_000 });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }), (steps) => {
        const own = history();
        let at = 0;
        for (const step of steps) {
          at += step;
          own.record(heard(at));
        }
        const times = own.of('id-forge').map((sample) => sample.at);
        const last = times.at(-1) ?? 0;
        for (const [index, time] of times.entries()) {
          expect(last - time).toBeLessThanOrEqual(60_000);
          if (index > 0) expect(time - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(5_000);
        }
      }),
    );
  });
});

describe('filterStations', () => {
  const stations = [
    station('node-10', { status: 'late' }),
    station('node-2', { is_self: true, hosts_hub: true }),
    station('mac', {
      platform: { os: 'macOS', arch: 'arm64', cores: 8, memory_bytes: 1, hostname: 'm.lan' },
    }),
  ];

  it.each([
    ['', ['mac', 'node-2', 'node-10']],
    ['  NODE ', ['node-2', 'node-10']],
    ['node late', ['node-10']],
    ['this machine', ['node-2']],
    ['arm64', ['mac']],
    ['id-mac', ['mac']],
    ['m.lan online', ['mac']],
    ['nothing like it', []],
  ])('finds %j', (text, expected) => {
    expect(names(filterStations(stations, text))).toEqual(expected);
  });
});

describe('the order of stations', () => {
  const sorted = (list: StationView[], order: (a: StationView, b: StationView) => number) =>
    names([...list].sort(order));
  const load = (running: number, capacity: number) => ({
    running,
    capacity,
    queued: 0,
    cpu: 0.5,
    memory: 0.5,
  });

  it('counts numbers in names', () => {
    expect(sorted([station('n10'), station('n9')], byName)).toEqual(['n9', 'n10']);
  });

  it('puts what needs a look first', () => {
    const list = [station('a'), station('b', { status: 'offline' }), station('c', { status: 'late' })];
    expect(sorted(list, byState)).toEqual(['c', 'b', 'a']);
  });

  it('goes by the share of busy slots, and knows none of an offline one', () => {
    const list = [
      station('full', { load: load(2, 2) }),
      station('half', { load: load(4, 8) }),
      station('none', { load: load(0, 0) }),
      station('gone', { status: 'offline', load: load(2, 2) }),
    ];
    expect(sorted(list, byBusy)).toEqual(['gone', 'none', 'half', 'full']);
    expect(sorted(list, byLoad('cpu'))[0]).toBe('gone');
  });
});

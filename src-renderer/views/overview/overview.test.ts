import { describe, expect, it } from 'vitest';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import type { RunView } from '../../../src-shared/views/run.ts';
import { meshTotals } from '../../app/mesh-totals.ts';
import { messageOf } from './graph/use-traffic.ts';
import { orderByAge } from './use-age-order.ts';

function station(id: string, more: Partial<StationView> = {}): StationView {
  return {
    id,
    name: id,
    status: 'online',
    status_since: '2026-11-21T14:00:00Z',
    is_self: false,
    hosts_hub: false,
    version: '0.1.0',
    started_at: '2026-11-21T13:00:00Z',
    platform: { os: 'Linux', arch: 'x64', cores: 8, memory_bytes: 1, hostname: id },
    load: { running: 1, capacity: 4, queued: 2, cpu: 0, memory: 0 },
    agent_count: 1,
    ...more,
  };
}

function run(more: Partial<RunView> = {}): RunView {
  return {
    id: 'r1',
    agent: 'counter',
    task: 'Count',
    context: {},
    state: 'running',
    started_at: '2026-11-21T14:00:00Z',
    candidates: [],
    timeout_ms: 1_000,
    ...more,
  };
}

it('counts the load of stations that are there, not of those that are gone', () => {
  const stations = [station('a'), station('b', { status: 'late' }), station('c', { status: 'offline' })];
  expect(meshTotals(stations)).toEqual({
    stations: 3,
    online: 1,
    late: 1,
    offline: 1,
    running: 2,
    queued: 4,
    capacity: 8,
  });
});

it('keeps the place of a station that restarts', () => {
  const ages = new Map<string, string>();
  const young = station('young', { started_at: '2026-11-21T13:30:00Z' });
  expect(orderByAge([young, station('old')], ages).map(({ id }) => id)).toEqual(['old', 'young']);
  const restarted = station('old', { started_at: '2026-11-21T15:00:00Z' });
  expect(orderByAge([young, restarted], ages).map(({ id }) => id)).toEqual(['old', 'young']);
});

describe('a message on a line', () => {
  it('is the task on its way out and news on its way back', () => {
    const placed = run({ station_id: 'forge' });
    expect(messageOf(undefined, placed)).toEqual({ station: 'forge', toHub: false });
    expect(messageOf(run(), placed)).toEqual({ station: 'forge', toHub: false });
    expect(messageOf(placed, { ...placed, progress: { percent: 10 } })).toEqual({
      station: 'forge',
      toHub: true,
    });
  });

  it('is none without a station, without a change and for what was over before', () => {
    const placed = run({ station_id: 'forge' });
    expect(messageOf(undefined, run())).toBeUndefined();
    expect(messageOf(placed, placed)).toBeUndefined();
    expect(messageOf(undefined, { ...placed, ended_at: '2026-11-21T14:00:09Z' })).toBeUndefined();
  });
});

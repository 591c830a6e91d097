import { describe, expect, it } from 'vitest';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import type { RunView } from '../../../src-shared/views/run.ts';
import type { WorkView } from '../../../src-shared/views/work.ts';
import { meshTotals } from '../../app/mesh-totals.ts';
import { activityOfRun, askingNow, finishedSince, oldestWait, runningNow } from './activity.ts';
import { messageOf, messagesBetween } from './graph/use-traffic.ts';
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

function work(id: string, more: Partial<WorkView> = {}): WorkView {
  return {
    id,
    task: 'Count',
    agent: 'counter',
    status: 'accepted',
    priority: 3,
    attempt: 1,
    attempts_allowed: 3,
    run_id: id,
    requested_by: 'Ann',
    created_at: '2026-11-21T14:00:00Z',
    queued_at: '2026-11-21T14:00:00Z',
    started_at: '2026-11-21T14:00:00Z',
    updated_at: '2026-11-21T14:00:00Z',
    revision: 1,
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

describe('what runs', () => {
  const asked = work('asked', {
    status: 'escalated',
    waits: {
      kind: 'question',
      text: 'Roll out now?',
      severity: 'medium',
      since: '2026-11-21T14:00:00Z',
      raised_at: '2026-11-21T14:00:00Z',
      raised: 1,
      acknowledged: false,
    },
  });

  it('is works of any station and direct calls together, newest first', () => {
    const works = [work('w2', { started_at: '2026-11-21T14:02:00Z' }), work('w1')];
    const runs = [
      run({ id: 'r1', started_at: '2026-11-21T14:01:00Z' }),
      run({ id: 'r2', state: 'queued' }),
      run({ id: 'r3', state: 'completed', ended_at: '2026-11-21T14:00:09Z' }),
    ];
    expect(runningNow(works, runs).map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'work w2',
      'run r1',
      'work w1',
    ]);
  });

  it('keeps the slot of a work that asks, not of one that stopped', () => {
    const stopped = {
      ...asked,
      id: 'stopped',
      waits: asked.waits && { ...asked.waits, kind: 'verdict' as const },
    };
    expect(askingNow([asked, stopped])).toMatchObject([{ id: 'asked', status: 'escalated' }]);
  });

  it('says why a call failed, even when nobody gave a reason', () => {
    const error = { code: 'agent_failed', message: 'No space left on device.' } as const;
    expect(activityOfRun(run({ state: 'failed', error })).error).toBe('No space left on device.');
    expect(activityOfRun(run({ state: 'failed' })).error).toBe('failed');
    expect(activityOfRun(run({ state: 'cancelled', error })).error).toBeUndefined();
  });
});

it('knows what waits longest, whatever its priority', () => {
  const times = ['2026-11-21T14:00:03Z', '2026-11-21T14:00:01Z', '2026-11-21T14:00:02Z'];
  expect(oldestWait(times.map((queued_at, index) => work(`w${index}`, { queued_at })))).toBe(times[1]);
  expect(oldestWait([])).toBeUndefined();
});

it('counts what came to an end since midnight', () => {
  const midnight = new Date('2026-11-21T00:00:00Z');
  const ended = (id: string, status: WorkView['status'], ended_at: string) => work(id, { status, ended_at });
  const finished = [
    ended('a', 'completed', '2026-11-21T14:00:00.000Z'),
    ended('b', 'cancelled', '2026-11-21T13:00:00.000Z'),
    ended('c', 'failed', '2026-11-21T12:00:00.000Z'),
    ended('d', 'completed', '2026-11-21T00:00:00.000Z'),
    ended('e', 'completed', '2026-11-20T23:59:59.999Z'),
  ];
  expect(finishedSince(finished, midnight)).toEqual({ completed: 2, failed: 1 });
});

describe('a message on a line', () => {
  it('is the task on its way out and news on its way back', () => {
    const placed = run({ station_id: 'forge' });
    expect(messageOf(undefined, placed)).toEqual({ station: 'forge', toHub: false });
    expect(messageOf(run(), placed)).toEqual({ station: 'forge', toHub: false });
    expect(messageOf(placed, run({ station_id: 'forge', progress: { percent: 10 } }))).toEqual({
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

  it('is sent by what changed between two states, and by nothing that was there at the start', () => {
    const state = (more: Partial<WorkView>) => {
      const items = [work('still', { station_id: 'gpu' }), work('w', more)] as const;
      return {
        items: new Map(items.map((item) => [item.id, item])),
        state: 'live' as const,
        error: undefined,
      };
    };
    const queued = state({ status: 'assigned' });
    const still = queued.items.get('still');
    const placed = state({ station_id: 'forge' });
    if (still !== undefined) placed.items.set('still', still);
    expect(messagesBetween(queued, placed)).toEqual([{ station: 'forge', toHub: false }]);
    expect(messagesBetween({ ...queued, state: 'loading' }, placed)).toEqual([]);
    expect(messagesBetween(placed, placed)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { AgentView, StationView } from '../../../../src-shared/views/mesh.ts';
import { groupAgents, isContested, listNames, matchesFilter, slotsOf } from './agent-groups.ts';
import { keyOfChoice, rowsByAgent, rowsByStation } from './agent-rows.ts';
import { factsOf, median, outputLines } from './run-facts.ts';

function agent(name: string, station: string, more: Partial<AgentView> = {}): AgentView {
  return {
    name,
    description: `What ${name} does`,
    capabilities: [],
    runner: 'command',
    digest: 'a'.repeat(64),
    registered_at: '2026-11-01T08:00:00.000Z',
    station_id: `id-${station}`,
    station_name: station,
    station_status: 'online',
    is_self: false,
    ...more,
  };
}

const newer = agent('scan', 'mac', {
  digest: 'b'.repeat(64),
  registered_at: '2026-11-20T08:00:00.000Z',
  conflict: {
    holder_station_id: 'id-atlas',
    holder_station_name: 'atlas',
    holder_digest: 'a'.repeat(64),
    holds_name: false,
  },
});
const all = [
  newer,
  agent('scan', 'forge', { station_status: 'offline' }),
  agent('scan', 'atlas'),
  agent('count', 'forge', { capabilities: ['demo'] }),
];

describe('agents in groups', () => {
  it('stand by name, those that hold the name first, then by state', () => {
    const groups = groupAgents(all);
    expect(groups.map((group) => [group.name, group.replicas.map((each) => each.station_name)])).toEqual([
      ['count', ['forge']],
      ['scan', ['atlas', 'forge', 'mac']],
    ]);
  });

  it('know both sides of a conflict', () => {
    const [plain, contested] = groupAgents(all);
    expect(plain && isContested(plain)).toBe(false);
    expect(contested && isContested(contested)).toBe(true);
    expect(contested?.definitions).toMatchObject([
      {
        digest: 'a'.repeat(64),
        holdsName: true,
        replicas: [{ station_name: 'atlas' }, { station_name: 'forge' }],
      },
      { digest: 'b'.repeat(64), holdsName: false, since: '2026-11-20T08:00:00.000Z' },
    ]);
  });

  it('are found by every word of a filter, a capability or a station', () => {
    const find = (filter: { text?: string; capability?: string; station?: string }) =>
      all.filter((each) => matchesFilter(each, { text: '', capability: '', station: '', ...filter })).length;
    expect(find({ text: ' SCAN  mac ' })).toBe(1);
    expect(find({ text: 'does' })).toBe(4);
    expect(find({ capability: 'demo' })).toBe(1);
    expect(find({ station: 'id-forge' })).toBe(2);
    expect(find({ station: 'id-forge', text: 'zebra' })).toBe(0);
  });

  it('count the slots of a station once, and none of one that is offline', () => {
    const station = (status: StationView['status'], running: number) =>
      ({ status, load: { running, capacity: 4, queued: 0, cpu: 0, memory: 0 } }) as StationView;
    const forge = station('online', 1);
    expect(slotsOf([forge, forge, station('late', 2), station('offline', 3), undefined])).toEqual({
      busy: 3,
      capacity: 8,
    });
    expect(slotsOf([station('offline', 3)])).toBeUndefined();
  });

  it('say names as a person does', () => {
    expect(listNames([])).toBe('');
    expect(listNames(['a', 'b', 'c'])).toBe('a, b and c');
    expect(listNames(['a', 'b', 'c', 'd', 'e'])).toBe('a, b and 3 more');
  });
});

describe('rows of the list', () => {
  it('fold what runs on one station, show what runs on several, and what was toggled the other way', () => {
    const keys = (toggled: string[]) => rowsByAgent(all, new Set(toggled)).map((row) => row.key);
    expect(keys([])).toEqual([
      'agent count',
      'agent scan',
      'scan id-atlas',
      'scan id-forge',
      'scan id-mac',
      'conflict scan',
    ]);
    expect(keys(['agent count', 'agent scan'])).toEqual(['agent count', 'count id-forge', 'agent scan']);
  });

  it('stand under their stations, those that are there first', () => {
    const offline = { station_status: 'offline' } as const;
    const rows = rowsByStation(
      [agent('b', 'x', offline), agent('b', 'y'), agent('a', 'y')],
      new Map(),
      new Set(),
    );
    expect(rows.map((row) => row.key)).toEqual([
      'station id-y',
      'a id-y',
      'b id-y',
      'station id-x',
      'b id-x',
    ]);
  });

  it('mark what the address of the view names', () => {
    const rows = rowsByAgent(all, new Set());
    expect(keyOfChoice(rows, 'scan', undefined)).toBe('agent scan');
    expect(keyOfChoice(rows, 'scan', 'id-forge')).toBe('scan id-forge');
    expect(keyOfChoice(rows, 'gone', 'id-forge')).toBeUndefined();
    expect(keyOfChoice(rowsByStation(all, new Map(), new Set()), 'count', undefined)).toBe('count id-forge');
  });
});

describe('what runs tell', () => {
  it('take the middle of what was completed', () => {
    expect(median([])).toBeUndefined();
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('leave out what failed or still runs', () => {
    const run = (state: 'completed' | 'failed', seconds: number) => ({
      id: `${state}${seconds}`,
      agent: 'count',
      task: 't',
      context: {},
      state,
      started_at: '2026-11-20T08:00:00.000Z',
      ended_at: new Date(Date.parse('2026-11-20T08:00:00.000Z') + seconds * 1_000).toISOString(),
      candidates: [],
      timeout_ms: 1,
    });
    const facts = factsOf([run('completed', 3), run('failed', 90), run('completed', 5)]);
    expect(facts).toMatchObject({ medianMs: 4_000, last: { id: 'completed5' } });
  });

  it('break a piece of output into its lines', () => {
    const time = '2026-11-20T08:00:00.000Z';
    const lines = outputLines([
      { seq: 0, time, kind: 'output', text: 'a\r\n\nb\n' },
      { seq: 1, time, kind: 'note', text: 'waits' },
    ]);
    expect(lines.map((line) => [line.key, line.text, line.tone])).toEqual([
      ['0.0', 'a', undefined],
      ['0.1', '', undefined],
      ['0.2', 'b', undefined],
      ['1.0', 'waits', 'calm'],
    ]);
  });
});

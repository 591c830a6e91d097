import { describe, expect, it } from 'vitest';
import type { HubConnection, HubSample } from '../../../src-shared/views/hub.ts';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { connectionRows, hostOf, hubFigures, logLines } from './hub-facts.ts';

const TIME = '2026-11-20T08:00:00.000Z';

function station(id: string, status: StationView['status'], is_self = false): StationView {
  return {
    id,
    name: `name of ${id}`,
    status,
    status_since: TIME,
    is_self,
    hosts_hub: is_self,
    version: '1.0.0',
    started_at: TIME,
    platform: { os: 'Linux', arch: 'x64', cores: 4, memory_bytes: 1, hostname: 'h' },
    load: { running: 0, capacity: 4, queued: 0, cpu: 0, memory: 0 },
    agent_count: 0,
  };
}

function connection(cid: number, more: Partial<HubConnection>): HubConnection {
  return {
    cid,
    name: '',
    kind: 'other',
    ip: '127.0.0.1',
    lang: '',
    version: '',
    in_bytes: 0,
    out_bytes: 0,
    pending_bytes: 0,
    subscriptions: 0,
    since: TIME,
    slow: false,
    ...more,
  };
}

const stations = new Map(
  [station('a', 'online', true), station('b', 'late'), station('c', 'offline'), station('d', 'online')].map(
    (each) => [each.id, each] as const,
  ),
);

describe('connections of the hub', () => {
  it('carry the name and state of their station; slow ones are late', () => {
    const rows = connectionRows(
      [
        connection(1, { kind: 'station', station_id: 'a', name: 'station-a' }),
        connection(2, { kind: 'station', station_id: 'd', slow: true }),
        connection(3, { kind: 'station', station_id: 'unknown', name: 'station-unknown' }),
      ],
      stations,
    );
    expect(rows.map((row) => [row.name, row.status, row.kind]).slice(0, 3)).toEqual([
      ['name of a', 'online', 'Station'],
      ['name of d', 'late', 'Station'],
      ['station-unknown', 'online', 'Station'],
    ]);
  });

  it('on a guest lattice go by its org and are none of our stations, whatever their id', () => {
    const rows = connectionRows(
      [
        connection(1, { kind: 'station', station_id: 'a', name: 'station-a', guest: 'design' }),
        connection(2, { kind: 'station', station_id: 'b', name: 'station-b', guest: 'design' }),
        connection(3, { kind: 'command', name: 'lattice-cli', guest: 'design', slow: true }),
      ],
      stations,
    );
    expect(rows.map((row) => [row.name, row.status, row.lostAt])).toEqual([
      ['name of a for design', 'online', undefined],
      ['A device of design', 'online', undefined],
      ['A command of design', 'late', undefined],
      ['name of b', 'late', TIME],
      ['name of c', 'offline', TIME],
    ]);
  });

  it('say what is no station, and which stations lost theirs', () => {
    const rows = connectionRows(
      [
        connection(1, { kind: 'command', name: 'lattice-cli' }),
        connection(2, { lang: 'go' }),
        connection(3, { kind: 'station', station_id: 'b' }),
      ],
      stations,
    );
    expect(rows.map((row) => [row.name, row.kind, row.lostAt])).toEqual([
      ['lattice-cli', 'Command line', undefined],
      ['Not a station', 'go', undefined],
      ['name of b', 'Station', undefined],
      ['name of c', 'Station', TIME],
    ]);
  });
});

describe('figures of the hub', () => {
  const sample: HubSample = {
    time: TIME,
    in_msgs: 411.6,
    out_msgs: 1_208,
    bytes: 3_565_158,
    connections: 6,
    max_connections: 65_536,
    cpu_percent: 6.24,
    memory_bytes: 88_080_384,
    slow_consumers: 0,
    uptime: '1d',
  };

  it('are the last sample in words, with the course of all', () => {
    const figures = hubFigures([{ ...sample, in_msgs: 1 }, sample]);
    expect(figures.map((figure) => `${figure.amount} ${figure.unit}`)).toEqual([
      '412 per s',
      '1,208 per s',
      '3.4 MiB/s',
      '6 of 65.5 K',
      '6.2 %',
      '84.0 MiB',
    ]);
    expect(figures[0]?.values).toEqual([1, 411.6]);
  });

  it('are blank before the first sample', () => {
    expect(new Set(hubFigures([]).map((figure) => figure.amount + figure.unit))).toEqual(new Set(['']));
  });
});

describe('the log of the hub', () => {
  it('marks warnings and errors', () => {
    const levels = ['debug', 'info', 'warn', 'error'] as const;
    const log = levels.map((level, seq) => ({ seq, time: TIME, level, text: 't' }));
    expect(logLines(log).map((line) => line.tone)).toEqual([undefined, undefined, 'late', 'fail']);
  });
});

it('names host and port of an address', () => {
  expect(hostOf('http://127.0.0.1:8222')).toBe('127.0.0.1:8222');
  expect(hostOf('rubbish')).toBe('rubbish');
});

import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../../src-shared/views/work-detail.ts';
import { acceptsEntry, densityOf, entriesAsOf, NO_LOG_FILTER, neighbour, valuesOf } from './log-filter.ts';

const at = (second: number) => Date.parse('2026-11-21T14:00:00.000Z') + second * 1_000;
const entry = (seq: number, type: string, more: Partial<LogEntry> = {}): LogEntry => ({
  seq,
  time: new Date(at(seq)).toISOString(),
  type,
  text: `Entry ${seq}`,
  event: '{}',
  ...more,
});
const entries = [
  entry(1, 'station.joined', { station_name: 'forge' }),
  entry(2, 'work.assigned', { agent: 'counter', work_id: '01M7', by: 'Ann' }),
  entry(3, 'work.accepted', { agent: 'counter', work_id: '01M7', station_name: 'forge' }),
  entry(4, 'works.other', { station_name: 'atlas' }),
];
const shown = (filter: Partial<typeof NO_LOG_FILTER>) =>
  entries.filter(acceptsEntry({ ...NO_LOG_FILTER, ...filter })).map((one) => one.seq);

describe('the audit log', () => {
  it('narrows by kind, station, agent and text', () => {
    expect(shown({})).toEqual([1, 2, 3, 4]);
    expect(shown({ kind: 'work' })).toEqual([2, 3]);
    expect(shown({ station: 'forge' })).toEqual([1, 3]);
    expect(shown({ agent: 'counter', station: 'forge' })).toEqual([3]);
    expect(shown({ text: '01m7 ANN' })).toEqual([2]);
    expect(shown({ text: 'nobody' })).toEqual([]);
  });

  it('shows what was known at a time, newest first', () => {
    expect(entriesAsOf(entries, undefined).map((one) => one.seq)).toEqual([4, 3, 2, 1]);
    expect(entriesAsOf(entries, at(2)).map((one) => one.seq)).toEqual([2, 1]);
    expect(entriesAsOf(entries, at(0))).toEqual([]);
  });

  it('steps from entry to entry', () => {
    expect(neighbour(entries, at(2), 1)).toBe(at(3));
    expect(neighbour(entries, at(2), -1)).toBe(at(1));
    expect(neighbour(entries, at(4), 1)).toBeUndefined();
  });

  it('counts entries in parts of the time, with those outside at the edges and without rubbish', () => {
    expect(densityOf(entries, at(1), at(4), 3)).toEqual([1, 1, 2]);
    expect(densityOf([entry(9, 'x', { time: 'rubbish' })], at(1), at(4), 2)).toEqual([0, 0]);
    expect(densityOf([], 5, 5, 2)).toEqual([0, 0]);
  });

  it('knows which stations and agents there are', () => {
    expect(valuesOf(entries, 'station_name')).toEqual(['atlas', 'forge']);
    expect(valuesOf(entries, 'agent')).toEqual(['counter']);
  });
});

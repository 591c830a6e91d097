import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkView } from '../../../../src-shared/views/work.ts';
import { acceptor, endedSince, NO_FILTER, narrows, parseFilter, type WorkFilter } from './filter.ts';
import { isHead, listRows, rowKey } from './rows.ts';

const NOW = new Date(2026, 10, 21, 14, 0, 0).getTime();
const ended = (ms: number) => new Date(NOW - ms).toISOString();
const HOUR = 3_600_000;

const work = (id: string, more: Partial<WorkView> = {}): WorkView => ({
  id,
  task: `Task ${id}`,
  agent: 'counter',
  status: 'accepted',
  priority: 3,
  attempt: 1,
  attempts_allowed: 3,
  run_id: id,
  requested_by: 'ann',
  created_at: '',
  queued_at: '',
  updated_at: '',
  revision: 1,
  ...more,
});
const works = [
  work('a', { task: 'Patch the ingress', station_name: 'forge', labels: ['prod'] }),
  work('b', { agent: 'coder', requested_by: 'mira', status: 'assigned', unplaceable: 'x' }),
  work('c', { agent: undefined, capability: 'k8s', status: 'assigned' }),
];
const shown = (filter: Partial<WorkFilter>, person = 'ann') =>
  works.filter(acceptor({ ...NO_FILTER, ...filter }, person)).map((one) => one.id);

describe('the filter of works', () => {
  it('finds every word somewhere', () => {
    expect(shown({})).toEqual(['a', 'b', 'c']);
    expect(shown({ text: 'PATCH prod' })).toEqual(['a']);
    expect(shown({ text: 'forge' })).toEqual(['a']);
    expect(shown({ text: 'k8s' })).toEqual(['c']);
    expect(shown({ text: 'patch nowhere' })).toEqual([]);
  });

  it('narrows by whose, agent, station, label and state', () => {
    expect(shown({ mine: true })).toEqual(['a', 'c']);
    expect(shown({ agent: 'coder' })).toEqual(['b']);
    expect(shown({ station: 'forge' })).toEqual(['a']);
    expect(shown({ label: 'prod' })).toEqual(['a']);
    expect(shown({ state: 'queued' })).toEqual(['c']);
    expect(shown({ state: 'unplaceable' })).toEqual(['b']);
  });

  it('survives being remembered, and rubbish', () => {
    const filter: WorkFilter = { ...NO_FILTER, text: 'x', state: 'asks', range: 'all' };
    expect(parseFilter(JSON.stringify(filter))).toEqual(filter);
    expect(parseFilter('')).toEqual(NO_FILTER);
    expect(parseFilter('{"range":"soon","state":7,"mine":"yes"}')).toEqual(NO_FILTER);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseFilter(text).range).toBe('day');
      }),
    );
  });

  it('knows whether it narrows', () => {
    expect(narrows({ ...NO_FILTER, range: 'all' })).toBe(false);
    expect(narrows({ ...NO_FILTER, mine: true })).toBe(true);
  });

  it('finds the end of a range as a search from the start would', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000)), fc.nat(1_000), (ages, limit) => {
        const finished = ages
          .sort((a, b) => a - b)
          .map((age, index) => work(`${index}`, { ended_at: ended(age) }));
        expect(endedSince(finished, NOW - limit)).toBe(ages.filter((age) => age <= limit).length);
      }),
    );
  });
});

describe('the rows of the list', () => {
  const groups = {
    needs_you: [],
    running: works.slice(0, 1),
    queued: works.slice(1),
    finished: [1, 20, 30, 200].map((hours) =>
      work(`f${hours}`, { status: 'completed', ended_at: ended(hours * HOUR) }),
    ),
  };
  const outline = (range: WorkFilter['range']) =>
    listRows(groups, range, NOW).map((row) => (isHead(row) ? `${row.head} ${row.count}` : row.id));

  it('parts what finished today from earlier, as far back as asked', () => {
    expect(outline('hour')).toEqual(['Running 1', 'a', 'Queued 2', 'b', 'c', 'Finished today 1', 'f1']);
    expect(outline('day').slice(5)).toEqual(['Finished today 1', 'f1', 'Finished earlier 1', 'f20']);
    expect(outline('all').slice(7)).toEqual(['Finished earlier 3', 'f20', 'f30', 'f200']);
  });

  it('gives every row a key of its own', () => {
    const keys = listRows(groups, 'all', NOW).map(rowKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

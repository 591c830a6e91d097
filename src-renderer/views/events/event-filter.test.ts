import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeshEvent } from '../../../src-shared/views/mesh.ts';
import { filterEvents, groupsFrom, stationsIn, toggleGroup } from './event-filter.ts';
import { EVENT_GROUPS, EVENT_KINDS, type EventGroup, type EventKind } from './event-kinds.ts';

function event(seq: number, kind: EventKind, more: Partial<MeshEvent> = {}): MeshEvent {
  return { seq, kind, time: '2026-11-21T14:00:00.000Z', detail: `event ${seq}`, ...more };
}

const all = { groups: new Set<EventGroup>(), station: '', text: '' };
const events = [
  event(1, 'station.joined', {
    station_id: 'f',
    station_name: 'forge',
    detail: 'forge joined with 4 agents.',
  }),
  event(2, 'agent.registered', { station_id: 'f', station_name: 'forge', agent: 'coder' }),
  event(3, 'connection.lost'),
  event(4, 'message.refused', { station_id: 'x', detail: 'Refused heartbeat of x.' }),
  event(5, 'station.late', { station_id: 'g', station_name: 'gpu-01' }),
];
const seqs = (list: readonly MeshEvent[]) => list.map(({ seq }) => seq);

describe('filterEvents', () => {
  it('shows everything newest first when nothing narrows it, whatever order it came in', () => {
    expect(seqs(filterEvents(events, all))).toEqual([5, 4, 3, 2, 1]);
    expect(seqs(filterEvents(events.toReversed(), all))).toEqual([5, 4, 3, 2, 1]);
  });

  it('takes the events of any chosen group', () => {
    expect(seqs(filterEvents(events, { ...all, groups: new Set(['stations', 'refused']) }))).toEqual([
      5, 4, 1,
    ]);
  });

  it('takes the events of one station only, also when the station has no name', () => {
    expect(seqs(filterEvents(events, { ...all, station: 'f' }))).toEqual([2, 1]);
    expect(seqs(filterEvents(events, { ...all, station: 'x' }))).toEqual([4]);
    expect(filterEvents(events, { ...all, station: 'gone' })).toEqual([]);
  });

  it.each([
    ['AGENTS forge', [1]],
    ['coder', [2]],
    ['hub lost', [3]],
    ['station.late', [5]],
    ['  ', [5, 4, 3, 2, 1]],
    ['forge gpu-01', []],
  ])('finds %j in text, word, kind, station and agent', (text, expected) => {
    expect(seqs(filterEvents(events, { ...all, text }))).toEqual(expected);
  });

  it('holds all its conditions at once', () => {
    const filter = { groups: new Set<EventGroup>(['agents']), station: 'f', text: 'added' };
    expect(seqs(filterEvents(events, filter))).toEqual([2]);
    expect(filterEvents(events, { ...filter, groups: new Set<EventGroup>(['refused']) })).toEqual([]);
  });
});

describe('stationsIn', () => {
  it('names each station once by its newest name, in order', () => {
    const renamed = [
      event(1, 'station.joined', { station_id: 'g', station_name: 'gpu-box' }),
      event(2, 'station.renamed', { station_id: 'g', station_name: 'gpu-01' }),
      event(3, 'message.refused', { station_id: 'g' }),
      event(4, 'message.refused', { station_id: 'aa' }),
      event(5, 'connection.lost'),
    ];
    expect(stationsIn(renamed)).toEqual([
      { id: 'aa', name: 'aa' },
      { id: 'g', name: 'gpu-01' },
    ]);
  });
});

describe('the groups as they are remembered', () => {
  it('survive the way to text and back', () => {
    const groups = fc.uniqueArray(fc.constantFrom(...EVENT_GROUPS.map(({ group }) => group)));
    fc.assert(
      fc.property(groups, (chosen) => {
        expect(groupsFrom(chosen.join(','))).toEqual(new Set(chosen));
      }),
    );
  });

  it('leave out rubbish', () => {
    expect(groupsFrom('agents,,nonsense, stations,constructor')).toEqual(new Set(['agents']));
    expect(groupsFrom('')).toEqual(new Set());
  });

  it('come and go one at a time', () => {
    expect(toggleGroup(new Set(['agents']), 'refused')).toBe('agents,refused');
    expect(toggleGroup(new Set(['agents', 'refused']), 'agents')).toBe('refused');
  });

  it('hold every kind of event', () => {
    const known = new Set(EVENT_GROUPS.map(({ group }) => group));
    for (const { group } of Object.values(EVENT_KINDS)) expect(known).toContain(group);
  });
});

import { describe, expect, it } from 'vitest';
import type { MeshEvent } from '../../../src-shared/views/mesh.ts';
import { matchesEvent, upTo } from './event-facts.ts';

const event: MeshEvent = {
  seq: 4,
  time: '2026-11-20T08:00:00.000Z',
  kind: 'agent.conflict',
  station_id: 'st-1',
  station_name: 'forge',
  agent: 'scan',
  detail: 'scan is another definition here.',
};

describe('events', () => {
  const found = (filter: { text?: string; group?: string; station?: string }) =>
    matchesEvent(event, { text: '', group: '', station: '', ...filter });

  it('are found by words, group and station', () => {
    expect([found({}), found({ text: 'CONFLICT forge' }), found({ group: 'agents' })]).toEqual([
      true,
      true,
      true,
    ]);
    expect(found({ station: 'st-1', text: 'definition' })).toBe(true);
  });

  it('are not found by what they do not say', () => {
    expect([found({ text: 'late' }), found({ group: 'stations' }), found({ station: 'st-2' })]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('stand still while they are paused', () => {
    const events = [3, 4, 5].map((seq) => ({ ...event, seq }));
    expect(upTo(events, 4).map((each) => each.seq)).toEqual([3, 4]);
    expect(upTo(events, undefined)).toBe(events);
  });
});

import { describe, expect, it } from 'vitest';
import { FixedMesh } from '../testing/work-station.ts';
import { candidatesTaken, placementOf } from './placement.ts';

function mesh(): FixedMesh {
  const made = new FixedMesh();
  made.set('s1', 'online', { worker: ['demo'] }, 4);
  made.set('s2', 'offline', { worker: ['demo'] });
  made.set('s3', 'online', { helper: ['demo'] }, 8);
  return made;
}

describe('placementOf', () => {
  it('lists every candidate and why', () => {
    expect(placementOf(mesh(), { agent: 'worker' })).toEqual({
      agent: 'worker',
      candidates: [
        { station_id: 's1', station_name: 's1', chosen: false, reason: 'It has room: 0 of 4 run.' },
        { station_id: 's2', station_name: 's2', chosen: false, reason: 'It is offline.' },
      ],
    });
  });

  it('takes the agent with the most room for a capability', () => {
    expect(placementOf(mesh(), { capability: 'demo' }).agent).toBe('helper');
    expect(placementOf(mesh(), { capability: 'demo', station: 's1' }).agent).toBe('worker');
  });

  it.each([
    [{ agent: 'nobody' }, 'No station offers the agent nobody.'],
    [{ capability: 'magic' }, 'No station offers an agent that can "magic".'],
    [{ agent: 'worker', station: 's9' }, 'No station s9 is known.'],
    [{ agent: 'worker', station: 's2' }, 'Station s2 is offline.'],
    [{ agent: 'worker', station: 's3' }, 'Station s3 does not offer the agent worker.'],
  ])('says what is in the way of %o', (target, obstacle) => {
    expect(placementOf(mesh(), target).obstacle).toBe(obstacle);
  });

  it('says so when every station is offline', () => {
    const gone = new FixedMesh();
    gone.set('s1', 'offline', { worker: [] });
    expect(placementOf(gone, { agent: 'worker' }).obstacle).toContain('is offline');
  });
});

describe('candidatesTaken', () => {
  it('puts the one that took it first', () => {
    const taken = candidatesTaken(
      mesh(),
      'worker',
      { id: 's1', name: 's1', reason: 'It was free.' },
      undefined,
    );
    expect(taken.map((one) => [one.station_id, one.chosen])).toEqual([
      ['s1', true],
      ['s2', false],
    ]);
  });
});

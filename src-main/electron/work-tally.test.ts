import { describe, expect, it } from 'vitest';
import { LiveMap } from '../../src-shared/live.ts';
import type { WorkView } from '../../src-shared/views/work.ts';
import { aWaitingWork, aWork } from './testing/works.ts';
import { WorkTally } from './work-tally.ts';

function tallyOf(...works: WorkView[]) {
  const live = new LiveMap<WorkView>((work) => work.id);
  live.apply(works);
  return { live, tally: new WorkTally(live) };
}

describe('WorkTally', () => {
  it('counts what runs and what waits, and follows it', () => {
    const { live, tally } = tallyOf(aWork('a', 'accepted'), aWork('b', 'assigned'), aWaitingWork('c'));
    expect([tally.running, tally.waiting.map(({ id }) => id)]).toEqual([1, ['c']]);
    live.apply([aWork('b', 'accepted'), aWork('c', 'accepted')], ['a']);
    expect([tally.running, tally.waiting]).toEqual([2, []]);
    live.apply([aWork('b', 'completed'), aWork('c', 'failed')]);
    expect(tally.running).toBe(0);
  });

  it('puts what was raised last first, and leaves out what a person has seen or cancels', () => {
    const { tally } = tallyOf(
      aWaitingWork('old', { raised_at: '2026-01-01T00:00:00Z' }),
      aWaitingWork('new', { raised_at: '2026-01-02T00:00:00Z' }),
      aWaitingWork('seen', { acknowledged: true }),
      { ...aWaitingWork('gone'), cancelling: true },
    );
    expect(tally.waiting.map(({ id }) => id)).toEqual(['new', 'old']);
  });

  it('takes the mean of the works that say how far they are', () => {
    const { live, tally } = tallyOf(aWork('a', 'accepted'), aWork('b', 'accepted'));
    expect(tally.percent).toBeUndefined();
    live.set({ ...aWork('a', 'accepted'), progress: { percent: 50 } });
    expect(tally.percent).toBe(50);
    live.set({ ...aWork('b', 'accepted'), progress: { percent: 900 } });
    expect(tally.percent).toBe(75);
  });

  it('stops following when it is disposed', () => {
    const { live, tally } = tallyOf();
    tally[Symbol.dispose]();
    live.set(aWork('a', 'accepted'));
    expect(tally.running).toBe(0);
  });
});

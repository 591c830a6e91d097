import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkRecord } from '../../src-shared/protocol/work.ts';
import type { Said } from './said-merge.ts';
import { Speakers } from './speakers.ts';

function said(attempt: number, station: string): Said {
  return { attempt, station, order: 1, line: { seq: 1, time: '', attempt, kind: 'output', text: station } };
}

/** A work whose attempts the given stations hold, the first being attempt 1. */
function heldBy(...stations: string[]): WorkRecord {
  const attempts = stations.map((station_id, index) => ({ attempt: index + 1, station_id }));
  return { attempt: stations.length, attempts } as WorkRecord;
}

describe('Speakers', () => {
  it('lets through exactly what the holder of an attempt says, before or after the log tells who that is', () => {
    const station = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(
        fc.array(station, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), station, fc.boolean()), { maxLength: 40 }),
        (holders, messages) => {
          const refused: string[] = [];
          const speakers = new Speakers((refusal) => refused.push(refusal.station));
          const told: Said[] = [];
          let known = 0;
          for (const [attempt, id, learnNext] of messages) {
            if (learnNext && known < holders.length)
              told.push(...speakers.learn(heldBy(...holders.slice(0, ++known))));
            told.push(...speakers.hear(said(attempt, id)));
          }
          told.push(...speakers.learn(heldBy(...holders)));
          const right = messages.filter(([attempt, id]) => holders[attempt - 1] === id);
          const early = messages.filter(([attempt]) => attempt > holders.length);
          const key = (attempt: number, id: string) => `${attempt} ${id}`;
          expect(told.map((one) => key(one.attempt, one.station)).sort()).toEqual(
            right.map(([attempt, id]) => key(attempt, id)).sort(),
          );
          expect(refused).toHaveLength(messages.length - right.length - early.length);
        },
      ),
    );
  });

  it('keeps no more than a bounded number of messages of an attempt that never comes', () => {
    let refused = 0;
    const speakers = new Speakers(() => refused++);
    for (let count = 0; count < 1_500; count++) speakers.hear(said(9, 'evil'));
    expect(refused).toBe(500);
    expect(speakers.hear(said(1, 'a'))).toEqual([]);
    expect(speakers.learn(heldBy('a'))).toHaveLength(1);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS, RESUME_LEVEL } from '../../src-shared/protocol/subjects.ts';
import { Turns } from './turns.ts';

/** Takes one work from the levels that have some; what a worker with one slot does. */
function take(turns: Turns, waiting: number[]): number | undefined {
  for (const { level } of turns.order()) {
    if ((waiting[level] ?? 0) > 0) {
      waiting[level] = (waiting[level] ?? 0) - 1;
      turns.took(level, 1);
      return level;
    }
    turns.empty(level);
  }
  return undefined;
}

const arrivals = fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }), {
  minLength: 50,
  maxLength: 300,
});

describe('the order of priorities', () => {
  it('never starves a level, whatever arrives', () => {
    fc.assert(
      fc.property(arrivals, (steps) => {
        const turns = new Turns();
        const waiting = LEVELS.map(() => 0);
        const waited = LEVELS.map(() => 0);
        for (const arrived of steps) {
          for (const level of arrived) waiting[level] = (waiting[level] ?? 0) + 1;
          const before = [...waiting];
          const level = take(turns, waiting);
          for (const other of LEVELS) {
            waited[other] = level === other || before[other] === 0 ? 0 : (waited[other] ?? 0) + 1;
            expect(waited[other]).toBeLessThan(64);
          }
        }
      }),
    );
  });

  it('lets priority 1 overtake any backlog within a few works', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), (before) => {
        const turns = new Turns();
        const waiting = [0, 0, 500, 500, 500, 500];
        for (let index = 0; index < before; index++) take(turns, waiting);
        waiting[1] = 1;
        const next = Array.from({ length: 5 }, () => take(turns, waiting));
        expect(next).toContain(1);
      }),
    );
  });

  it('serves a steady backlog mostly by urgency', () => {
    const turns = new Turns();
    const waiting = [0, 1e4, 1e4, 1e4, 1e4, 1e4];
    const taken = LEVELS.map(() => 0);
    for (let index = 0; index < 1_000; index++) {
      const level = take(turns, waiting);
      if (level !== undefined) taken[level] = (taken[level] ?? 0) + 1;
    }
    expect(taken[1]).toBeGreaterThan(500);
    expect(taken[5]).toBeGreaterThan(10);
    expect([...taken.slice(1)].sort((a, b) => b - a)).toEqual(taken.slice(1));
  });

  it('takes up resumed work before everything else', () => {
    const turns = new Turns();
    const waiting = [0, 1e3, 1e3, 1e3, 1e3, 1e3];
    for (let index = 0; index < 100; index++) take(turns, waiting);
    waiting[RESUME_LEVEL] = 3;
    expect([take(turns, waiting), take(turns, waiting), take(turns, waiting)]).toEqual([0, 0, 0]);
  });
});

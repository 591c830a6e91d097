import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Said, SaidMerge } from './said-merge.ts';

function said(attempt: number, order: number): Said {
  const text = `${attempt}.${order}`;
  return { attempt, station: 's1', order, line: { seq: order, time: '', attempt, kind: 'output', text } };
}

describe('SaidMerge', () => {
  it('joins two subjects into the order in which an attempt spoke, whatever the interleaving', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.infiniteStream(fc.boolean()),
        (kinds, turns) => {
          const all = kinds.map((_, index) => said(1, index + 1));
          const output = all.filter((_, index) => kinds[index]);
          const progress = all.filter((_, index) => !kinds[index]);
          const merge = new SaidMerge();
          const told: string[] = [];
          while (output.length + progress.length > 0) {
            const from = turns.next().value ? output : progress;
            const next = from.shift() ?? output.shift() ?? progress.shift();
            if (next) expect(merge.push(next)).toBe(true);
            told.push(...merge.take(1, false).map((line) => line.text));
          }
          expect(told).toEqual(all.map((one) => one.line.text));
        },
      ),
    );
  });

  it('never tells what a dead attempt says after a later one spoke, nor anything twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 6 }))),
        (messages) => {
          const merge = new SaidMerge();
          const told: Said[] = [];
          for (const [attempt, order] of messages) {
            merge.push(said(attempt, order));
            told.push(...merge.take(3, true).map((line) => said(line.attempt, line.seq)));
          }
          for (const [index, one] of told.entries()) {
            const before = told[index - 1];
            if (!before) continue;
            expect(one.attempt).toBeGreaterThanOrEqual(before.attempt);
            if (one.attempt === before.attempt) expect(one.order).toBeGreaterThan(before.order);
          }
        },
      ),
    );
  });

  it('holds back an attempt that was not accepted yet', () => {
    const merge = new SaidMerge();
    merge.push(said(2, 1));
    expect(merge.take(1, true)).toEqual([]);
    expect(merge.take(2, false)).toHaveLength(1);
  });
});

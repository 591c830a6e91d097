import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asPercents, withBorder, withPercent } from './weights.ts';

const sum = (weights: Record<string, number>) =>
  Object.values(weights).reduce((total, each) => total + each, 0);
const weights = fc.dictionary(fc.constantFrom('a/1', 'b/2', 'c/3', 'd/4', 'e/5'), fc.nat(500), {
  minKeys: 1,
});

it('always gives whole percents that add up to 100', () => {
  fc.assert(
    fc.property(
      weights,
      fc.nat(4),
      fc.integer({ min: -300, max: 300 }),
      fc.double(),
      (given, index, by, percent) => {
        const percents = asPercents(given);
        const [model = ''] = Object.keys(given);
        for (const each of [
          percents,
          withBorder(percents, index % Math.max(1, Object.keys(given).length - 1), by),
        ]) {
          if (Object.keys(given).length > 1) expect(sum(each)).toBe(100);
          for (const weight of Object.values(each)) expect(weight).toBeGreaterThanOrEqual(0);
        }
        const set = withPercent(percents, model, percent, new Set());
        expect(sum(set)).toBe(100);
        expect(Object.values(set).every((each) => Number.isInteger(each) && each >= 0)).toBe(true);
      },
    ),
  );
});

it('moves a border between its two neighbours and leaves locked models alone', () => {
  expect(withBorder({ a: 50, b: 30, c: 20 }, 0, 10)).toEqual({ a: 60, b: 20, c: 20 });
  expect(withBorder({ a: 50, b: 30, c: 20 }, 1, 99)).toEqual({ a: 50, b: 50, c: 0 });
  expect(withPercent({ a: 50, b: 30, c: 20 }, 'a', 60, new Set(['c']))).toEqual({ a: 60, b: 20, c: 20 });
  expect(withPercent({ a: 50, b: 30, c: 20 }, 'a', 90, new Set(['b', 'c']))).toEqual({ a: 50, b: 30, c: 20 });
  expect(withPercent({ a: 50, b: 30, c: 20 }, 'a', Number.NaN, new Set())).toEqual({ a: 50, b: 30, c: 20 });
  expect(asPercents({ a: 0, b: 0 })).toEqual({ a: 50, b: 50 });
});

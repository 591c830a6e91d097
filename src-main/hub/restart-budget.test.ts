import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RestartBudget } from './restart-budget.ts';

const options = { firstMs: 250, maxMs: 1_000, limit: 5, windowMs: 120_000, random: () => 0 };

test('doubles the delay up to the longest, then gives up, and begins anew when asked', () => {
  const budget = new RestartBudget(options);
  expect([0, 1, 2, 3, 4].map((at) => budget.next(at))).toEqual([250, 500, 1_000, 1_000, undefined]);
  budget.reset();
  expect(budget.next(5)).toBe(250);
});

test('forgets exits that are long ago', () => {
  const budget = new RestartBudget(options);
  for (let at = 0; at < 1_000_000; at += 60_000) expect(budget.next(at)).toBeDefined();
});

test('spreads a delay by up to a fifth', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (random) => {
      const delay = new RestartBudget({ ...options, random: () => random }).next(0) ?? 0;
      expect(delay).toBeGreaterThanOrEqual(250);
      expect(delay).toBeLessThanOrEqual(300);
    }),
  );
});

import { expect, it } from 'vitest';
import { ReloadBackoff } from './reload-backoff.ts';

it('waits longer after each crash, gives up, and forgets crashes of long ago', () => {
  const backoff = new ReloadBackoff();
  expect([0, 1, 2, 3, 4, 5].map((second) => backoff.next(second * 1_000))).toEqual([
    100,
    400,
    1_600,
    6_400,
    25_600,
    undefined,
  ]);
  expect(backoff.next(100_000)).toBe(100);
});

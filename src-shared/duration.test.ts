import fc from 'fast-check';
import { expect, it } from 'vitest';
import { duration, parseDuration } from './duration.ts';

it.each([
  [0, '0.0 s'],
  [3_140, '3.1 s'],
  [9_960, '9 s'],
  [41_900, '41 s'],
  [91_000, '1 min 31 s'],
  [180_000, '3 min'],
  [620_000, '10 min'],
  [7_440_000, '2 h 4 min'],
  [532_800_000, '6 d 4 h'],
  [-5, '0.0 s'],
])('says %d ms as %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

it.each([
  ['5m', 300_000],
  ['90', 90_000],
  ['1h30m', 5_400_000],
  ['250ms', 250],
  ['1.5s', 1_500],
  ['', undefined],
  ['m', undefined],
  ['5 m', undefined],
  ['-5s', undefined],
  ['5x', undefined],
  ['1e9', undefined],
])('reads %j as %j', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it('never reads random text as a negative or broken number', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const ms = parseDuration(text);
      return ms === undefined || (Number.isInteger(ms) && ms >= 0);
    }),
  );
});

import { describe, expect, it } from 'vitest';
import {
  bytes,
  clock,
  count,
  duration,
  exact,
  milliseconds,
  moment,
  percent,
  plural,
  roughDuration,
  shortCount,
} from './format.ts';

describe('a length of time', () => {
  it.each([
    [-5, '0.0 s'],
    [3_100, '3.1 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [41_000, '41 s'],
    [59_499, '59 s'],
    [59_500, '59 s'],
    [60_000, '1 min'],
    [91_000, '1 min 31 s'],
    [7_440_000, '2 h 4 min'],
    [532_800_000, '6 d 4 h'],
  ])('writes %i ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [0, '0 s'],
    [41_900, '41 s'],
    [180_000, '3 min'],
    [7_440_000, '2 h'],
    [532_800_000, '6 d'],
  ])('says %i ms roughly as %s', (ms, text) => {
    expect(roughDuration(ms)).toBe(text);
  });
});

describe('a time', () => {
  const at = new Date(2026, 10, 21, 14, 9, 2, 118).toISOString();

  it('is a clock within the day and has a date before', () => {
    expect(clock(at)).toBe('14:09');
    expect(clock(at, true)).toBe('14:09:02');
    expect(moment(at, new Date(2026, 10, 21, 23, 0).getTime())).toBe('14:09');
    expect(moment(at, new Date(2026, 10, 22, 0, 1).getTime())).toBe('21 Nov 14:09');
  });

  it('is exact to the millisecond in UTC, and rubbish stays as it came', () => {
    expect(exact('2026-11-21T14:29:02.118Z')).toBe('2026-11-21 14:29:02.118 UTC');
    expect(exact('soon')).toBe('soon');
  });
});

describe('a number', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 KiB'],
    [6_246, '6.1 KiB'],
    [406_847_488, '388 MiB'],
    [1_288_490_189, '1.2 GiB'],
  ])('writes %i bytes as %s', (value, text) => {
    expect(bytes(value)).toBe(text);
  });

  it('keeps its unit and its thousands', () => {
    expect(count(1_208)).toBe('1,208');
    expect([18, 1_400, 61_700, 1_200_000].map(shortCount)).toEqual(['18', '1.4 K', '61.7 K', '1.2 M']);
    expect(percent(0.724)).toBe('72%');
    expect([0, 0.09, 0.1, 0.42, 9.96, 84.4].map(milliseconds)).toEqual([
      '< 0.1 ms',
      '< 0.1 ms',
      '0.1 ms',
      '0.4 ms',
      '10.0 ms',
      '84 ms',
    ]);
    expect([plural(1, 'station'), plural(3, 'station'), plural(0, 'reply', 'replies')]).toEqual([
      '1 station',
      '3 stations',
      '0 replies',
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { type CoolDown, coolDownAfter, parseRetryAfter } from './cool-down.ts';

describe('a pause', () => {
  test('grows with each failure in a row up to ten minutes', () => {
    let pause: CoolDown | undefined;
    let now = 1_000_000;
    const waits: number[] = [];
    for (let strike = 0; strike < 9; strike++) {
      pause = coolDownAfter(pause, { cause: 'rate_limit', now });
      waits.push((pause.until - now) / 1_000);
      now = pause.until;
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600]);
    expect(pause).toMatchObject({ strikes: 9, since: 1_000_000 });
  });

  test('is as long as the provider says, up to a day', () => {
    const asked = (retryAfterMs: number) =>
      coolDownAfter(undefined, { cause: 'rate_limit', now: 0, retryAfterMs }).until;
    expect(asked(41_000)).toBe(41_000);
    expect(asked(0)).toBe(0);
    expect(asked(1e12)).toBe(24 * 3_600_000);
    expect(asked(-5)).toBe(5_000);
    expect(asked(Number.NaN)).toBe(5_000);
  });

  test('does not grow by calls that were under way when the first one failed', () => {
    const first = coolDownAfter(undefined, { cause: 'rate_limit', now: 1_000, startedAt: 0 });
    const echo = coolDownAfter(first, { cause: 'rate_limit', now: 1_500, startedAt: 100 });
    expect(echo).toMatchObject({ strikes: 1, until: first.until });
    const next = coolDownAfter(echo, { cause: 'rate_limit', now: 7_000, startedAt: 6_500 });
    expect(next).toMatchObject({ strikes: 2, until: 17_000 });
  });

  test('is never cut short by a later answer', () => {
    const long = coolDownAfter(undefined, { cause: 'rate_limit', now: 0, retryAfterMs: 60_000 });
    expect(coolDownAfter(long, { cause: 'rate_limit', now: 10, retryAfterMs: 1_000 }).until).toBe(60_000);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  test.each([
    ['41', 41_000],
    [' 0.5 ', 500],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ])('%o is %i ms', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });

  test.each([null, undefined, '', '-1', '1e9', 'soon', 'Sat', '99999999999', '2026-11-21'])(
    '%o says nothing',
    (header) => {
      expect(parseRetryAfter(header, now)).toBeUndefined();
    },
  );
});

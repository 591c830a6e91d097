import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  GUEST_LIMIT_KEYS,
  limitProblem,
  limitText,
  limitTexts,
  limitWords,
  readLimits,
} from './guest-limits.ts';
import { DEFAULT_GUEST_LIMITS, GUEST_BOUNDS, guestLimitChangeSchema } from './views/guest.ts';

const texts = limitTexts(DEFAULT_GUEST_LIMITS);

describe('the limits of a guest lattice', () => {
  it('stand in a form as a person would type them', () => {
    expect(texts).toEqual({
      storage_bytes: '1 GiB',
      memory_bytes: '64 MiB',
      connections: '64',
      subscriptions: '2048',
    });
    expect(limitWords('subscriptions', 1_000_000)).toBe('1,000,000');
    expect(limitWords('storage_bytes', 1.5 * 1024 ** 3)).toBe('1.5 GiB');
  });

  it('that nobody touched are no change', () => {
    expect(readLimits(texts, DEFAULT_GUEST_LIMITS)).toEqual({ change: {}, problems: {} });
  });

  it('are asked for one by one', () => {
    const read = readLimits({ ...texts, storage_bytes: '2g', connections: ' 9 ' }, DEFAULT_GUEST_LIMITS);
    expect(read).toEqual({ change: { storage_bytes: 2 * 1024 ** 3, connections: 9 }, problems: {} });
  });

  it('that cannot be are refused with what fits, and the others still count', () => {
    const wrong = { storage_bytes: '1k', memory_bytes: 'much', connections: '1.5', subscriptions: '128' };
    expect(readLimits(wrong, DEFAULT_GUEST_LIMITS)).toEqual({
      change: { subscriptions: 128 },
      problems: {
        storage_bytes: 'Storage can be from 64 MiB to 1024 TiB.',
        memory_bytes: 'Use a size such as 512m or 2g.',
        connections: 'Use a whole number above 0.',
      },
    });
  });

  it('from any text are what the hub takes, or a problem', () => {
    const text = fc.oneof(fc.string(), fc.integer().map(String), fc.constantFrom('1g', '64 MiB', '0', ''));
    const form = fc.record({
      storage_bytes: text,
      memory_bytes: text,
      connections: text,
      subscriptions: text,
    });
    fc.assert(
      fc.property(form, (typed) => {
        const { change, problems } = readLimits(typed, DEFAULT_GUEST_LIMITS);
        expect(guestLimitChangeSchema.parse(change)).toEqual(change);
        for (const key of GUEST_LIMIT_KEYS)
          if (problems[key] !== undefined) expect(change).not.toHaveProperty(key);
      }),
    );
  });

  it.each(GUEST_LIMIT_KEYS)('%s has bounds that fit themselves and nothing beyond', (key) => {
    const { min, max } = GUEST_BOUNDS[key];
    for (const value of [min, max]) {
      expect(limitProblem(key, value)).toBeUndefined();
      expect(limitText(key, value)).not.toBe('');
    }
    for (const value of [min - 1, max + 1, min + 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(limitProblem(key, value)).toContain('can be from');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatticeError } from './errors.ts';
import { isJoinLink, readJoinLink, writeJoinLink } from './join-link.ts';
import { roleSchema } from './protocol/roles.ts';
import { link, malformed, text } from './testing/malformed-links.ts';

/** The refusal of a text; anything but a LatticeError fails the test. */
function refusal(typed: string): LatticeError | undefined {
  try {
    readJoinLink(typed);
    return undefined;
  } catch (error) {
    if (error instanceof LatticeError) return error;
    throw error;
  }
}

describe('a join link', () => {
  it('says what it was made of, also with spaces and a newline around it', () => {
    expect(readJoinLink(text)).toEqual(link);
    expect(readJoinLink(`  ${text}\n`)).toEqual(link);
    expect(text.length).toBeLessThan(500);
  });

  it('survives any name, host and time', () => {
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 1, unit: 'grapheme' })
          .filter((name) => name.length <= 200 && !/\p{Cc}/u.test(name)),
        fc.constantFrom(...roleSchema.options),
        fc.integer({ min: 1_500_000_000, max: 4_000_000_000 }),
        (lattice, role, seconds) => {
          const one = { ...link, lattice, role, expires: new Date(seconds * 1_000).toISOString() };
          expect(readJoinLink(writeJoinLink(one))).toEqual(one);
        },
      ),
    );
    const long = {
      ...link,
      lattice: '格'.repeat(200),
      hosts: new Array(16).fill(`[${'2001:db8:'.repeat(4)}1]:65535`),
    };
    expect(readJoinLink(writeJoinLink(long))).toEqual(long);
  });

  it('is refused with clear words in more than 200 malformed shapes, none of which is repeated', () => {
    expect(malformed.length).toBeGreaterThanOrEqual(200);
    for (const typed of malformed) {
      const error = refusal(typed);
      expect(error?.code, typed.slice(0, 200)).toMatch(/^(invalid_input|unsupported)$/);
      expect(error?.message, typed.slice(0, 200)).toMatch(
        /^This join link (cannot be used: it|is of a newer version)/,
      );
      expect(`${error?.message} ${error?.hint}`).not.toContain(link.code);
    }
  });

  it('never throws anything else, whatever is typed', () => {
    const fragments = fc.constantFrom(
      'lattice://join#',
      'v=1',
      '&',
      'h=',
      '%',
      '%00',
      '%zz',
      text,
      '#',
      '\u202e',
      '=',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fragments, fc.string()), { maxLength: 12 }), (parts) => {
        refusal(parts.join(''));
        isJoinLink(parts.join(''));
      }),
      { numRuns: 500 },
    );
  });

  it('is told from an address', () => {
    expect(isJoinLink(text)).toBe(true);
    expect(isJoinLink('LATTICE://join')).toBe(true);
    expect(isJoinLink('nats://forge:4222')).toBe(false);
  });
});

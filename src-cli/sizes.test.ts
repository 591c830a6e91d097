import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeOption, sizeWords } from './sizes.ts';

describe('a size', () => {
  it.each([
    ['1024', 1024],
    ['512m', 512 * 1024 ** 2],
    ['1.5G', 1.5 * 1024 ** 3],
    ['2GiB', 2 * 1024 ** 3],
    [' 64 mb ', 64 * 1024 ** 2],
  ])('%s is read', (text, bytes) => {
    expect(sizeOption(text)).toBe(bytes);
  });

  it.each(['', '0', '-1', 'g', '1x', '1e9', '1g 2g', '99999999999999', '0x10', '999999999999t'])(
    '%j is refused with words',
    (text) => {
      expect(() => sizeOption(text)).toThrow('Use a size such as 512m or 2g.');
    },
  );

  it('of any text is a whole number of bytes or refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(Number.isSafeInteger(sizeOption(text))).toBe(true);
        } catch (error) {
          expect(String(error)).toContain('Use a size');
        }
      }),
    );
  });

  it('is written in the unit a person would use', () => {
    expect([0, 1023, 1024, 1.5 * 1024 ** 3, 3 * 1024 ** 4].map(sizeWords)).toEqual([
      '0 B',
      '1023 B',
      '1 KiB',
      '1.5 GiB',
      '3 TiB',
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSize, sizeText, sizeWords } from './sizes.ts';

describe('a size', () => {
  it.each([
    ['1024', 1024],
    ['512m', 512 * 1024 ** 2],
    ['1.5G', 1.5 * 1024 ** 3],
    ['2GiB', 2 * 1024 ** 3],
    [' 64 mb ', 64 * 1024 ** 2],
  ])('%s is read', (text, bytes) => {
    expect(readSize(text)).toBe(bytes);
  });

  it.each(['', '0', '-1', 'g', '1x', '1e9', '1g 2g', '99999999999999999', '0x10', '999999999999t'])(
    '%j is none',
    (text) => {
      expect(readSize(text)).toBeUndefined();
    },
  );

  it('of any text is a whole number of bytes or none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bytes = readSize(text);
        expect(bytes === undefined || (Number.isSafeInteger(bytes) && bytes > 0)).toBe(true);
      }),
    );
  });

  it('is the same after it was written for a field and read again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 52 }), (bytes) => {
        expect(readSize(sizeText(bytes))).toBe(bytes);
      }),
    );
    expect([1024 ** 3, 200 * 1024 ** 2, 1.5 * 1024 ** 3, 1_234_567].map(sizeText)).toEqual([
      '1 GiB',
      '200 MiB',
      '1.5 GiB',
      '1234567',
    ]);
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

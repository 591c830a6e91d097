import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closest, editDistance } from './closest.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['trigers', 'triggers', 1],
    ['routign', 'routing', 1],
    ['kitten', 'sitting', 3],
  ])('%s to %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is symmetric, and zero only for equal words', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('closest', () => {
  const known = ['path', 'description', 'triggers', 'routing', 'capabilities'];

  it('finds a known word behind one slip', () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.nat(), (word, seed) => {
        const at = seed % word.length;
        expect(closest(word.slice(0, at) + word.slice(at + 1), known)).toBe(word);
      }),
    );
  });

  it('is silent about a word that is near nothing', () => {
    expect(closest('x_company_note', known)).toBeUndefined();
    expect(closest('path', known)).toBeUndefined();
  });
});

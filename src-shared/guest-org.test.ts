import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orgOfName } from './guest-org.ts';
import { tokenSchema } from './protocol/token.ts';

it.each([
  ['Design team', 'design-team'],
  ['  Zürich: Büro 2 ', 'zurich-buro-2'],
  ['R&D', 'r-d'],
  ['under_score', 'under_score'],
  ['設計', ''],
  ['', ''],
])('the org of %j is %j', (name, org) => {
  expect(orgOfName(name)).toBe(org);
});

it('the org of any name can be one, or there is none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
      const org = orgOfName(name);
      expect(org === '' || tokenSchema.safeParse(org).success).toBe(true);
    }),
  );
});

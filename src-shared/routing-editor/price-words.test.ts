import { expect, it } from 'vitest';
import { priceWithout } from './price-words.ts';

const known = { prices: { 'openai/gpt-4o': { input: 2.5, output: 10, cache_read: 1.25 } } };

it('says what holds without a price of one’s own', () => {
  expect(priceWithout(known, 'openai/gpt-4o', 'output', null)).toBe('10');
  expect(priceWithout(known, 'openai/gpt-4o', 'cache_write', null)).toBe('');
  expect(priceWithout(known, 'openai/toString', 'input', null)).toBe('');
  expect(priceWithout(known, 'openai/gpt-4o', 'cache_read', { input: 3, output: 9 })).toBe('3');
  expect(priceWithout(known, 'openai/gpt-4o', 'output', { input: 3 })).toBe('');
});

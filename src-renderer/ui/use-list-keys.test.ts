import { describe, expect, it } from 'vitest';
import { moveBy } from './use-list-keys.ts';

describe('moving in a list', () => {
  it.each([
    ['ArrowDown', -1, 0],
    ['j', 3, 4],
    ['ArrowDown', 9, 9],
    ['ArrowUp', -1, 9],
    ['k', 3, 2],
    ['ArrowUp', 0, 0],
    ['PageDown', 2, 7],
    ['PageDown', 8, 9],
    ['PageUp', 2, 0],
    ['Home', 5, 0],
    ['End', 5, 9],
  ])('%s from %i leads to %i of ten', (key, from, to) => {
    expect(moveBy(key, from, 10, 5)).toBe(to);
  });

  it('leaves other keys and empty lists alone', () => {
    expect(moveBy('x', 3, 10, 5)).toBeUndefined();
    expect(moveBy('ArrowDown', -1, 0, 5)).toBeUndefined();
  });
});

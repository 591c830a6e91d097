import { describe, expect, it } from 'vitest';
import { movedBy, rowsFrom } from './use-new-rows.ts';

const rows = (...keys: string[]) => keys.map((key) => ({ key, height: key.startsWith('head') ? 30 : 50 }));

describe('the place of what a person reads', () => {
  it('remembers the rows from the edge of the view on', () => {
    expect(rowsFrom(rows('head', 'a', 'b', 'c'), 60).map((row) => row.key)).toEqual(['b', 'c']);
    expect(rowsFrom(rows('head', 'a'), 31)).toEqual([]);
  });

  it('follows rows that come above it, under a group header that stays the first row', () => {
    const anchors = rowsFrom(rows('head', 'a', 'b', 'c'), 60);
    expect(movedBy(rows('head', 'new', 'newer', 'a', 'b', 'c'), anchors)).toEqual({ pixels: 100, rows: 2 });
  });

  it('follows rows that leave from above it', () => {
    const anchors = rowsFrom(rows('head', 'a', 'b', 'c'), 60);
    expect(movedBy(rows('head', 'b', 'c'), anchors)).toEqual({ pixels: -50, rows: -1 });
  });

  it('stays with most rows when one of them goes to another group', () => {
    const anchors = rowsFrom(rows('head', 'a', 'b', 'c', 'd', 'head 2', 'x'), 0);
    const moved = movedBy(rows('head', 'b', 'c', 'd', 'head 2', 'a', 'x'), anchors.slice(1, 5));
    expect(moved).toEqual({ pixels: -50, rows: -1 });
  });

  it('stays where it is when nothing of it is left', () => {
    expect(movedBy(rows('head 2', 'other'), rowsFrom(rows('head', 'a'), 0))).toEqual({ pixels: 0, rows: 0 });
    expect(movedBy([], [])).toEqual({ pixels: 0, rows: 0 });
  });
});

import { describe, expect, it } from 'vitest';
import { sparkPath } from './sparkline.tsx';
import { type Column, sortRows } from './table.tsx';
import { rowsAbove } from './use-new-rows.ts';

describe('a table', () => {
  const rows = [
    { id: 'b', size: 2 },
    { id: 'a', size: 2 },
    { id: 'c', size: 1 },
  ];
  const columns: Column<(typeof rows)[number]>[] = [
    { id: 'id', title: 'Name', render: (row) => row.id },
    { id: 'size', title: 'Size', render: (row) => row.size, compare: (a, b) => a.size - b.size },
  ];
  const ids = (sort: Parameters<typeof sortRows>[2]) => sortRows(rows, columns, sort).map((row) => row.id);

  it('sorts both ways, keeps equal rows in order and leaves the given rows alone', () => {
    expect(ids({ column: 'size', descending: false })).toEqual(['c', 'b', 'a']);
    expect(ids({ column: 'size', descending: true })).toEqual(['b', 'a', 'c']);
    expect(rows.map((row) => row.id)).toEqual(['b', 'a', 'c']);
  });

  it('stays as it is without a sort, by a column without an order and by an unknown one', () => {
    expect(ids(undefined)).toEqual(['b', 'a', 'c']);
    expect(ids({ column: 'id', descending: false })).toEqual(['b', 'a', 'c']);
    expect(ids({ column: 'gone', descending: false })).toEqual(['b', 'a', 'c']);
  });
});

describe('rows that come at the top', () => {
  const key = (row: string) => row;
  const height = (row: string) => (row === 'head' ? 30 : 32);

  it('are counted with the height they push', () => {
    expect(rowsAbove(['head', 'y', 'x'], 'x', key, height)).toEqual({ count: 2, height: 62 });
    expect(rowsAbove(['x', 'y'], 'x', key, height)).toEqual({ count: 0, height: 0 });
  });

  it('are none at the start, in an empty list and when the first row is gone', () => {
    for (const [rows, first] of [
      [['x'], undefined],
      [[], 'x'],
      [['y'], 'x'],
    ] as const)
      expect(rowsAbove([...rows], first, key, height)).toEqual({ count: 0, height: 0 });
  });
});

describe('a sparkline', () => {
  it('starts at zero, fills its width and stays inside', () => {
    expect(sparkPath([0, 10]).line).toBe('M0.00 32.00L100.00 1.00');
    expect(sparkPath([5]).line).toBe('M0.00 1.00L100.00 1.00');
    expect(sparkPath([0, 0]).line).toBe('M0.00 32.00L100.00 32.00');
    expect(sparkPath([-5, 5]).line).toBe('M0.00 32.00L100.00 1.00');
    expect(sparkPath([])).toEqual({ line: '', area: '' });
  });
});

import { describe, expect, it } from 'vitest';
import { sparkPath } from './sparkline.tsx';
import { type Column, sortRows } from './table.tsx';

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

describe('a sparkline', () => {
  it('starts at zero, fills its width and stays inside', () => {
    expect(sparkPath([0, 10]).line).toBe('M0.00 32.00L100.00 1.00');
    expect(sparkPath([5]).line).toBe('M0.00 1.00L100.00 1.00');
    expect(sparkPath([0, 0]).line).toBe('M0.00 32.00L100.00 32.00');
    expect(sparkPath([-5, 5]).line).toBe('M0.00 32.00L100.00 1.00');
    expect(sparkPath([])).toEqual({ line: '', area: '' });
  });
});

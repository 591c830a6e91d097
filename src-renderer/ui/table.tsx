import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useId, useRef, useState } from 'react';
import { cx } from './cx.ts';
import { gridProps, gridRowProps } from './grid-roles.ts';
import { listClass, rowClass } from './row.ts';
import { useRowHeights } from './row-heights.ts';
import { TableHead } from './table-head.tsx';
import { useListKeys } from './use-list-keys.ts';

export interface Column<T> {
  id: string;
  title: string;
  render(row: T): ReactNode;
  /** Figures stand at the right. */
  align?: 'left' | 'right';
  /** CSS width; without it the column takes what is left. */
  width?: string;
  /** Order of two rows, ascending; without it the column does not sort. */
  compare?(a: T, b: T): number;
}

export interface Sort {
  column: string;
  descending: boolean;
}

export interface TableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey(row: T): string;
  initialSort?: Sort;
  selected?: string | undefined;
  onSelect?(key: string): void;
  onOpen?(key: string): void;
  className?: string;
}

const none = () => undefined;

/** Rows in the order of a column; rows that are equal keep their order. */
export function sortRows<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  sort: Sort | undefined,
): readonly T[] {
  const compare = columns.find((column) => column.id === sort?.column)?.compare;
  if (compare === undefined || sort === undefined) return rows;
  return [...rows].sort((a, b) => (sort.descending ? compare(b, a) : compare(a, b)));
}

/** A table that sorts by its header and moves by keyboard; only rows in sight are in the page. */
export function Table<T>(props: TableProps<T>): ReactNode {
  const { label, columns, rows, rowKey, selected, onSelect = none, onOpen, className } = props;
  const [sort, setSort] = useState(props.initialSort);
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const { one } = useRowHeights();
  const sorted = sortRows(rows, columns, sort);
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => frame.current,
    estimateSize: () => one,
    // New keys make it measure again when the density changes.
    getItemKey: useCallback((index: number) => `${one}:${index}`, [one]),
    overscan: 8,
    // The head is sticky and lies over the first 30 pixels.
    scrollPaddingStart: 30,
  });
  const keys = sorted.map(rowKey);
  const onKeyDown = useListKeys({ keys, selected, onSelect, onOpen });
  const selectedIndex = selected === undefined ? -1 : keys.indexOf(selected);
  useEffect(() => {
    if (selectedIndex >= 0) virtual.scrollToIndex(selectedIndex, { align: 'auto' });
  }, [selectedIndex, virtual]);

  const places = virtual.getVirtualItems();
  const above = places[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (places.at(-1)?.end ?? 0);
  return (
    <div ref={frame} className={cx('min-h-0 overflow-auto', className)}>
      <table
        {...gridProps({
          label,
          rows: rows.length + 1,
          active: selectedIndex >= 0 ? `${id}${selected}` : undefined,
          onKeyDown,
        })}
        className={listClass(
          selectedIndex >= 0,
          'w-full table-fixed border-separate border-spacing-0 text-small',
        )}
      >
        <TableHead columns={columns} sort={sort} onSort={setSort} />
        <tbody>
          {above > 0 && <tr aria-hidden style={{ height: above }} />}
          {places.map((place) => {
            const row = sorted[place.index];
            if (row === undefined) return null;
            const key = rowKey(row);
            const on = key === selected;
            return (
              <tr
                key={key}
                {...gridRowProps({
                  id: `${id}${key}`,
                  index: place.index + 1,
                  selected: on,
                  onSelect: () => onSelect(key),
                  onOpen: () => onOpen?.(key),
                })}
                // A pseudo-element in a table row becomes a cell and shifts the others; the first cell has the edge.
                className={rowClass(on, 'relative h-row before:content-none')}
              >
                {columns.map((column, index) => (
                  <td
                    key={column.id}
                    className={cx(
                      'truncate border-b border-hairline px-8 first:pl-20 last:pr-16',
                      column.align === 'right' && 'figures text-right',
                      on && index === 0 && 'shadow-[inset_2px_0_0_var(--color-accent-text)]',
                    )}
                  >
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {below > 0 && <tr aria-hidden style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  );
}

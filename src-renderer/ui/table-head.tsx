import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import type { Column, Sort } from './table.tsx';

function sortState(sort: Sort | undefined, id: string): 'ascending' | 'descending' | 'none' {
  if (sort?.column !== id) return 'none';
  return sort.descending ? 'descending' : 'ascending';
}

export interface TableHeadProps<T> {
  columns: readonly Column<T>[];
  sort: Sort | undefined;
  onSort(sort: Sort): void;
}

/** The head of a table, 30 high; a column that sorts is a button with an arrow. */
export function TableHead<T>({ columns, sort, onSort }: TableHeadProps<T>): ReactNode {
  return (
    <thead className="sticky top-0 z-10 bg-page">
      <tr className="h-30 text-left text-small text-3">
        {columns.map((column) => {
          const state = sortState(sort, column.id);
          const right = column.align === 'right';
          return (
            <th
              key={column.id}
              scope="col"
              aria-sort={column.compare === undefined ? undefined : state}
              style={{ width: column.width }}
              className={cx(
                'border-b border-hairline px-8 font-normal whitespace-nowrap first:pl-20 last:pr-16',
                right && 'text-right',
              )}
            >
              {column.compare === undefined ? (
                column.title
              ) : (
                <button
                  type="button"
                  onClick={() => onSort({ column: column.id, descending: state === 'ascending' })}
                  className={cx(
                    'inline-flex items-center gap-4 rounded-hint hover:text-1',
                    right && 'flex-row-reverse',
                    state !== 'none' && 'text-1',
                  )}
                >
                  {column.title}
                  {state !== 'none' && <Icon icon={state === 'ascending' ? ArrowUp : ArrowDown} size={12} />}
                </button>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

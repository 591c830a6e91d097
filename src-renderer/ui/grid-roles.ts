import type { KeyboardEventHandler, UIEventHandler } from 'react';

/** What makes a list one stop of the keyboard: the frame takes the focus, its active row is told by id. */
export function gridProps(grid: {
  label: string;
  rows: number;
  active: string | undefined;
  onKeyDown: KeyboardEventHandler<HTMLElement>;
}) {
  return {
    role: 'grid',
    tabIndex: 0,
    'aria-label': grid.label,
    'aria-rowcount': grid.rows,
    'aria-activedescendant': grid.active,
    onKeyDown: grid.onKeyDown,
  } as const;
}

/** A row of such a list; `index` counts from 0. A row that cannot be selected is a group header. */
export function gridRowProps(row: {
  id: string;
  index: number;
  selected: boolean | undefined;
  onSelect(): void;
  onOpen(): void;
}) {
  const place = { id: row.id, role: 'row', 'aria-rowindex': row.index + 1 } as const;
  if (row.selected === undefined) return place;
  return { ...place, 'aria-selected': row.selected, onMouseDown: row.onSelect, onDoubleClick: row.onOpen };
}

/** The cell of a row that has only one. */
export const GRID_CELL = { role: 'gridcell' } as const;

/** Live text that a person can reach by keyboard to scroll it. */
export function logProps(log: {
  label: string;
  onScroll: UIEventHandler<HTMLElement>;
  onKeyDown: KeyboardEventHandler<HTMLElement>;
}) {
  return {
    role: 'log',
    tabIndex: 0,
    'aria-label': log.label,
    onScroll: log.onScroll,
    onKeyDown: log.onKeyDown,
  } as const;
}

/** Text of any length that a person can reach by keyboard to scroll it. */
export function scrollProps(label: string) {
  return { role: 'region', tabIndex: 0, 'aria-label': label } as const;
}

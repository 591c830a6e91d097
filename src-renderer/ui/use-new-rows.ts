import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

interface NewRowsOptions<T> {
  items: readonly T[];
  itemKey(item: T): string;
  itemHeight(item: T): number;
  /** The element that scrolls. */
  frame: RefObject<HTMLElement | null>;
}

export interface NewRows {
  /** How many rows came above what a person reads. */
  count: number;
  /** Goes to the top. */
  show(): void;
  onScroll(): void;
}

/** Rows that came above the first row of before, and their height in pixels. */
export function rowsAbove<T>(
  items: readonly T[],
  first: string | undefined,
  itemKey: (item: T) => string,
  itemHeight: (item: T) => number,
): { count: number; height: number } {
  if (first === undefined) return { count: 0, height: 0 };
  let height = 0;
  for (const [index, item] of items.entries()) {
    if (itemKey(item) === first) return { count: index, height };
    height += itemHeight(item);
  }
  return { count: 0, height: 0 };
}

/** Keeps what a person reads in place when rows come at the top, and counts them until they were seen. */
export function useNewRows<T>({ items, itemKey, itemHeight, frame }: NewRowsOptions<T>): NewRows {
  const [count, setCount] = useState(0);
  const first = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const above = rowsAbove(items, first.current, itemKey, itemHeight);
    first.current = items[0] === undefined ? undefined : itemKey(items[0]);
    const scroller = frame.current;
    if (scroller === null || above.count === 0 || scroller.scrollTop === 0) return;
    scroller.scrollTop += above.height;
    setCount((before) => before + above.count);
  }, [items, itemKey, itemHeight, frame]);
  return {
    count,
    show: () => frame.current?.scrollTo({ top: 0 }),
    onScroll: () => {
      if (count > 0 && frame.current?.scrollTop === 0) setCount(0);
    },
  };
}

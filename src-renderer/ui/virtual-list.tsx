import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useId, useMemo, useRef } from 'react';
import { cx } from './cx.ts';
import { GRID_CELL, gridProps, gridRowProps } from './grid-roles.ts';
import { Icon } from './icon.tsx';
import { listClass, rowClass } from './row.ts';
import { useListKeys } from './use-list-keys.ts';
import { useNewRows } from './use-new-rows.ts';

export interface VirtualListProps<T> {
  /** What the list holds, for a screen reader. */
  label: string;
  items: readonly T[];
  /** Like `itemHeight`, the same function from render to render. */
  itemKey(item: T): string;
  /** Height of a row in pixels; see `useRowHeights`. */
  itemHeight(item: T): number;
  render(item: T, selected: boolean): ReactNode;
  /** False for group headers, which keys pass over; the same function from render to render. */
  selectable?(item: T): boolean;
  selected?: string | undefined;
  onSelect?(key: string): void;
  onOpen?(key: string): void;
  onPeek?(key: string): void;
  className?: string;
}

const none = () => undefined;
const always = () => true;

/** A list of any length of which only what is in sight is in the page; new rows at the top move nothing. */
export function VirtualList<T>(props: VirtualListProps<T>): ReactNode {
  const { label, items, itemKey, itemHeight, render, selectable = always, selected, className } = props;
  const { onSelect = none, onOpen, onPeek } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const places = useMemo(
    () => items.map((item) => ({ key: itemKey(item), height: itemHeight(item) })),
    [items, itemKey, itemHeight],
  );
  const virtual = useVirtualizer({
    count: places.length,
    getScrollElement: () => frame.current,
    estimateSize: (index) => places[index]?.height ?? 0,
    getItemKey: useCallback((index: number) => places[index]?.key ?? index, [places]),
    overscan: 8,
  });
  const keys = useMemo(() => items.filter(selectable).map(itemKey), [items, selectable, itemKey]);
  const onKeyDown = useListKeys({ keys, selected, onSelect, onOpen, onPeek });
  const selectedIndex = useMemo(
    () => (selected === undefined ? -1 : places.findIndex((place) => place.key === selected)),
    [places, selected],
  );
  const fresh = useNewRows(places, frame);

  // Only a person who selects moves the list; a row that moves because others come does not.
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (selectedIndex < 0 || shown.current === selected) return;
    shown.current = selected;
    virtual.scrollToIndex(selectedIndex, { align: 'auto' });
  }, [selected, selectedIndex, virtual]);

  return (
    <div className={cx('relative flex min-h-0 flex-1 flex-col', className)}>
      {fresh.count > 0 && (
        <button
          type="button"
          onClick={fresh.show}
          className="absolute top-8 left-1/2 z-10 inline-flex h-24 -translate-x-1/2 items-center gap-5 rounded-control border border-accent-line bg-accent-subtle px-8 text-small font-medium text-accent-text shadow-float"
        >
          <Icon icon={ArrowUp} size={12} />
          {fresh.count} new
        </button>
      )}
      <div
        ref={frame}
        {...gridProps({
          label,
          rows: items.length,
          active: selectedIndex >= 0 ? `${id}${selected}` : undefined,
          onKeyDown,
        })}
        onScroll={fresh.onScroll}
        className={listClass(selectedIndex >= 0, 'min-h-0 flex-1 overflow-y-auto')}
      >
        <div role="presentation" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((place) => {
            const item = items[place.index];
            if (item === undefined) return null;
            const key = itemKey(item);
            const can = selectable(item);
            const on = can && key === selected;
            return (
              <div
                key={key}
                {...gridRowProps({
                  id: `${id}${key}`,
                  index: place.index,
                  selected: can ? on : undefined,
                  onSelect: () => onSelect(key),
                  onOpen: () => onOpen?.(key),
                })}
                className={can ? rowClass(on, 'absolute inset-x-0 top-0') : 'absolute inset-x-0 top-0'}
                style={{ height: place.size, transform: `translateY(${place.start}px)` }}
              >
                <div {...GRID_CELL} className="h-full">
                  {render(item, on)}
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import {
  horizontalListSortingStrategy,
  rectSortingStrategy,
  SortableContext,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import type { HTMLAttributes, KeyboardEvent, ReactNode, Ref } from 'react';

/** What an item spreads on the element that is dragged. */
export interface SortableHandle {
  ref: Ref<HTMLElement>;
  style: { transform: string | undefined; transition: string | undefined; zIndex: number | undefined };
  handle: HTMLAttributes<HTMLElement>;
  dragging: boolean;
}

const STRATEGIES = {
  row: horizontalListSortingStrategy,
  column: verticalListSortingStrategy,
  wrap: rectSortingStrategy,
};

/** Items that can be dragged to another place; their keyboard twin is {@link orderKeys}. */
export function Sortable(props: {
  count: number;
  direction: 'row' | 'column' | 'wrap';
  onMove(from: number, to: number): void;
  children: ReactNode;
}): ReactNode {
  const { count, direction, onMove, children } = props;
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }));
  const ids = Array.from({ length: count }, (_, index) => `item-${index}`);
  const end = ({ active, over }: DragEndEvent) => {
    const from = ids.indexOf(String(active.id));
    const to = ids.indexOf(String(over?.id));
    if (from >= 0 && to >= 0 && from !== to) onMove(from, to);
  };
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={end}>
      <SortableContext items={ids} strategy={STRATEGIES[direction]}>
        {children}
      </SortableContext>
    </DndContext>
  );
}

/** One item of {@link Sortable}. */
export function SortableItem(props: {
  index: number;
  children(handle: SortableHandle): ReactNode;
}): ReactNode {
  const { setNodeRef, listeners, transform, transition, isDragging } = useSortable({
    id: `item-${props.index}`,
  });
  return props.children({
    ref: setNodeRef,
    style: {
      transform: CSS.Translate.toString(transform),
      transition,
      zIndex: isDragging ? 10 : undefined,
    },
    handle: { ...listeners },
    dragging: isDragging,
  });
}

export interface OrderKeys {
  index: number;
  count: number;
  /** Arrow keys along the row; the other axis stays free. */
  axis: 'row' | 'column' | 'both';
  onFocus(index: number): void;
  onMove(from: number, to: number): void;
  onRemove(index: number): void;
}

/** Keys of an ordered row: arrows go between items, with Alt they move the item, Delete takes it out. */
export function orderKeys(event: KeyboardEvent, keys: OrderKeys): boolean {
  const { index, count, axis, onFocus, onMove, onRemove } = keys;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return false;
  const forward = [axis !== 'column' ? 'ArrowRight' : '', axis !== 'row' ? 'ArrowDown' : ''];
  const back = [axis !== 'column' ? 'ArrowLeft' : '', axis !== 'row' ? 'ArrowUp' : ''];
  const step = forward.includes(event.key) ? 1 : back.includes(event.key) ? -1 : 0;
  const to = index + step;
  if (step !== 0 && to >= 0 && to < count) {
    if (event.altKey) onMove(index, to);
    onFocus(to);
  } else if (event.key === 'Delete' || event.key === 'Backspace') {
    onRemove(index);
    onFocus(Math.max(0, Math.min(index, count - 2)));
  } else if (event.key === 'Home') onFocus(0);
  else if (event.key === 'End') onFocus(count - 1);
  else if (step === 0) return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

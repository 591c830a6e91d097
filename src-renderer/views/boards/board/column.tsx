import { useDraggable, useDroppable } from '@dnd-kit/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { CircleAlert } from 'lucide-react';
import { type KeyboardEvent, memo, type ReactNode, useCallback, useEffect, useRef } from 'react';
import type { BoardView, Card, MoveVerdict } from '../../../../src-shared/views/board.ts';
import { cx } from '../../../ui/cx.ts';
import { Icon } from '../../../ui/icon.tsx';
import { setBoardState } from '../board-state.ts';
import { type FilledColumn, landingIndex } from '../logic/columns.ts';
import { cardLabel } from '../logic/words.ts';
import { ColumnHead } from './column-head.tsx';
import { columnProps } from './list-roles.ts';
import { QuickCreate } from './quick-create.tsx';
import { TaskCard } from './task-card.tsx';

/** Height of a card before it was measured: one line of title. */
const USUAL = 92;
const GAP = 8;

/** The id of a card's element, by which its column tells where the keyboard is. */
function cardElement(id: string): string {
  return `card-${id}`;
}

/** The id of the element that holds the cards of a column. */
export function columnElement(status: string): string {
  return `column-${status}`;
}

interface DragCardProps {
  card: Card;
  selected: boolean;
  cursor: boolean;
  readOnly: boolean;
  place: number;
  all: number;
  onOpen(id: string): void;
}

const DragCard = memo(function DragCard(props: DragCardProps): ReactNode {
  const { card, selected, cursor, readOnly, place, all, onOpen } = props;
  const { setNodeRef, listeners, isDragging } = useDraggable({
    id: card.id,
    disabled: readOnly,
    data: { card },
  });
  return (
    <div
      ref={setNodeRef}
      id={cardElement(card.id)}
      role="option"
      aria-label={cardLabel(card)}
      aria-selected={selected || cursor}
      aria-setsize={all}
      aria-posinset={place + 1}
      tabIndex={-1}
      {...listeners}
      onKeyDown={undefined}
      onClick={() => onOpen(card.id)}
      className={cx('outline-none', isDragging && 'opacity-40')}
    >
      <TaskCard card={card} selected={selected} />
      {cursor && !selected && (
        <span
          aria-hidden
          className="pointer-events-none absolute inset-0 rounded-card group-focus-visible/column:ring-2 group-focus-visible/column:ring-accent-text"
        />
      )}
    </div>
  );
});

function Refusal({ verdict }: { verdict: MoveVerdict }): ReactNode {
  const refused = !verdict.allowed;
  const text = refused ? verdict.reason : verdict.warning;
  if (text === undefined) return null;
  return (
    <p
      role="status"
      className={cx(
        'mx-4 mb-8 flex items-start gap-6 rounded-control border px-8 py-6 text-small text-1',
        refused ? 'border-fail-line bg-fail-subtle' : 'border-late-line bg-late-subtle',
      )}
    >
      <Icon icon={CircleAlert} size={12} className={cx('mt-2', refused ? 'text-fail' : 'text-late')} />
      <span>
        {text}
        {refused && verdict.can_force && ' Drop it here to move it with a reason.'}
      </span>
    </p>
  );
}

export interface ColumnProps {
  board: BoardView;
  filled: FilledColumn;
  openTask: string | undefined;
  cursor: string | undefined;
  writing: boolean;
  /** The card that is dragged, and what the rules say to it here. */
  dragged: Card | undefined;
  verdict: MoveVerdict | undefined;
  onOpen(id: string): void;
  onFold(status: string): void;
  onKeyDown(event: KeyboardEvent<HTMLElement>, status: string): void;
}

/** A column of the board; only the cards in sight are in the page. */
export const Column = memo(function Column(props: ColumnProps): ReactNode {
  const { board, filled, openTask, cursor, writing, dragged, verdict, onOpen, onFold, onKeyDown } = props;
  const { column, cards } = filled;
  const frame = useRef<HTMLDivElement>(null);
  const { setNodeRef, isOver } = useDroppable({ id: `status:${column.status}` });
  const virtual = useVirtualizer({
    count: cards.length,
    getScrollElement: () => frame.current,
    estimateSize: () => USUAL,
    getItemKey: useCallback((index: number) => cards[index]?.id ?? index, [cards]),
    gap: GAP,
    overscan: 4,
    paddingEnd: 8,
  });
  const cursorIndex = cursor === undefined ? -1 : cards.findIndex((card) => card.id === cursor);
  useEffect(() => {
    if (cursorIndex >= 0) virtual.scrollToIndex(cursorIndex, { align: 'auto' });
  }, [cursorIndex, virtual]);
  const lands =
    isOver && dragged !== undefined && dragged.status !== column.status && verdict?.allowed !== false
      ? landingIndex(filled, dragged, new Date().toISOString())
      : undefined;
  const landsAt =
    lands === undefined
      ? undefined
      : (virtual.measurementsCache[lands]?.start ?? virtual.measurementsCache.at(-1)?.end ?? 0);
  return (
    <section
      ref={setNodeRef}
      aria-label={column.name}
      className={cx(
        'group/section flex flex-col rounded-card',
        filled.count === 0 && !writing ? 'w-136 shrink-0' : 'w-212 min-w-184 max-w-360 flex-1',
        dragged !== undefined &&
          dragged.status !== column.status &&
          verdict?.allowed === false &&
          'opacity-70',
        isOver && 'bg-hover',
      )}
    >
      <ColumnHead
        filled={filled}
        readOnly={board.read_only}
        onWrite={() => setBoardState({ writing: column.status })}
        onFold={() => onFold(column.status)}
      />
      {dragged !== undefined && dragged.status !== column.status && verdict !== undefined && (
        <Refusal verdict={verdict} />
      )}
      {writing && <QuickCreate board={board} status={column.status} />}
      <div
        ref={frame}
        {...columnProps({
          id: columnElement(column.status),
          label: `${column.name}, ${filled.count} tasks`,
          cards: cards.length,
          active: cursorIndex >= 0 && cursor !== undefined ? cardElement(cursor) : undefined,
          onKeyDown: (event) => onKeyDown(event, column.status),
        })}
        className="group/column min-h-40 flex-1 overflow-y-auto px-1 pt-1 outline-none focus-visible:outline-2"
      >
        {cards.length === 0 && !writing && (
          <p className="rounded-card border border-dashed border-border px-12 py-10 text-small text-3">
            {filled.count === 0 ? 'Nothing here.' : 'Nothing here passes the filter.'}
          </p>
        )}
        <div role="presentation" className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {landsAt !== undefined && (
            <span
              aria-hidden
              className="absolute inset-x-0 z-10 -mt-6 h-4 rounded-[2px] bg-accent-text"
              style={{ top: landsAt }}
            />
          )}
          {virtual.getVirtualItems().map((place) => {
            const card = cards[place.index];
            if (card === undefined) return null;
            return (
              <div
                key={card.id}
                ref={virtual.measureElement}
                data-index={place.index}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${place.start}px)` }}
              >
                <DragCard
                  card={card}
                  selected={card.id === openTask}
                  cursor={card.id === cursor}
                  readOnly={board.read_only !== undefined}
                  place={place.index}
                  all={cards.length}
                  onOpen={onOpen}
                />
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
});

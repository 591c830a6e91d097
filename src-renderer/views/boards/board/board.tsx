import {
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DragStartEvent,
  PointerSensor,
  pointerWithin,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { type ReactNode, useCallback, useMemo } from 'react';
import type { BoardView, Card } from '../../../../src-shared/views/board.ts';
import { call } from '../../../data/queries.ts';
import { useRemembered } from '../../../data/view-state.ts';
import { setBoardState, useBoardState } from '../board-state.ts';
import type { FilledColumn } from '../logic/columns.ts';
import type { TaskActions } from '../use-task-actions.ts';
import { AgentStrip } from './agent-strip.tsx';
import { Column } from './column.tsx';
import { FoldedColumn } from './folded-column.tsx';
import { TaskCard } from './task-card.tsx';
import { useBoardKeys } from './use-board-keys.ts';

/** Pixels the pointer moves before a press is a drag. */
const DRAG_AFTER = 5;

/** Columns that start folded: what waits for somebody else, and what is over. */
function foldedFirst(board: BoardView): string {
  return board.columns
    .filter(({ phase }) => phase === 'over' || phase === 'stuck')
    .map(({ status }) => status)
    .join(' ');
}

/** Which columns are folded; it stays while the app runs. */
function useFolded(board: BoardView): [ReadonlySet<string>, (status: string) => void] {
  const [text, setText] = useRemembered(`boards.folded.${board.id}`, foldedFirst(board));
  const folded = useMemo(() => new Set(text.split(' ').filter((status) => status !== '')), [text]);
  const toggle = useCallback(
    (status: string) => {
      const next = new Set(folded);
      if (!next.delete(status)) next.add(status);
      setText([...next].join(' '));
    },
    [folded, setText],
  );
  return [folded, toggle];
}

function useDrag(board: BoardView, actions: TaskActions) {
  const begin = ({ active }: DragStartEvent) => {
    const task = String(active.id);
    setBoardState({ drag: { task, verdicts: undefined }, cursor: task });
    const arrived = (verdicts: Awaited<ReturnType<typeof ask>> | undefined) =>
      setBoardState(({ drag }) => ({ drag: drag?.task === task ? { task, verdicts } : drag }));
    const ask = () => call('board.verdicts', { board: board.id, task });
    // Without an answer the move itself says what the rules say.
    ask().then(arrived, () => arrived(undefined));
  };
  const end = ({ active, over }: DragEndEvent) => {
    const { drag } = useBoardState.getState();
    setBoardState({ drag: undefined });
    const card = (active.data.current as { card?: Card } | undefined)?.card;
    const [kind, ...rest] = String(over?.id ?? '').split(':');
    const target = rest.join(':');
    if (card === undefined || target === '') return;
    if (kind === 'agent') void actions.run(card, target);
    else void actions.move(card, target, drag?.verdicts);
  };
  return { begin, end, cancel: () => setBoardState({ drag: undefined }) };
}

export interface BoardProps {
  board: BoardView;
  columns: readonly FilledColumn[];
  cards: readonly Card[];
  openTask: string | undefined;
  onOpen(id: string | undefined): void;
  actions: TaskActions;
}

/** The columns of a board with their cards. */
export function Board({ board, columns, cards, openTask, onOpen, actions }: BoardProps): ReactNode {
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: DRAG_AFTER } }));
  const [folded, toggle] = useFolded(board);
  const drag = useBoardState((state) => state.drag);
  const cursor = useBoardState((state) => state.cursor);
  const writing = useBoardState((state) => state.writing);
  const { begin, end, cancel } = useDrag(board, actions);
  const dragged = useMemo(
    () => (drag === undefined ? undefined : cards.find((card) => card.id === drag.task)),
    [cards, drag],
  );
  const open = useCallback(
    (id: string) => {
      setBoardState({ cursor: id });
      onOpen(id);
    },
    [onOpen],
  );
  const onKeyDown = useBoardKeys({ columns, folded, openTask, onOpen, actions });
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      onDragStart={begin}
      onDragEnd={end}
      onDragCancel={cancel}
      accessibility={{
        screenReaderInstructions: {
          draggable: 'Press M to move the task, Shift and an arrow to move it to the next column.',
        },
      }}
    >
      <div className="relative flex min-h-0 min-w-0 flex-1">
        <div className="flex min-h-0 min-w-0 flex-1 gap-8 overflow-x-auto px-16 pt-12 pb-12">
          {columns.map((filled) =>
            folded.has(filled.column.status) && writing !== filled.column.status ? (
              <FoldedColumn
                key={filled.column.status}
                filled={filled}
                verdict={drag?.verdicts?.find((one) => one.status === filled.column.status)}
                onUnfold={() => toggle(filled.column.status)}
              />
            ) : (
              <Column
                key={filled.column.status}
                board={board}
                filled={filled}
                openTask={openTask}
                cursor={cursor}
                writing={writing === filled.column.status}
                dragged={dragged}
                verdict={drag?.verdicts?.find((one) => one.status === filled.column.status)}
                onOpen={open}
                onFold={toggle}
                onKeyDown={onKeyDown}
              />
            ),
          )}
        </div>
        {dragged !== undefined && <AgentStrip />}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged !== undefined && <TaskCard card={dragged} selected={false} lifted />}
      </DragOverlay>
    </DndContext>
  );
}

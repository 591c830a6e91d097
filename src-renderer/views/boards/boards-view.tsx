import {
  ChartNoAxesColumn,
  ChartNoAxesGantt,
  FolderX,
  List,
  Plus,
  ScrollText,
  SquareKanban,
  Workflow,
} from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useMemo } from 'react';
import type { BoardView } from '../../../src-shared/views/board.ts';
import { useCompact } from '../../app/use-compact.ts';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Segment } from '../../ui/segment.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { Board } from './board/board.tsx';
import { BoardBanners } from './board-banners.tsx';
import { openNewTask, setBoardState, useBoardState } from './board-state.ts';
import { BoardSwitcher } from './board-switcher.tsx';
import { BoardToolbar } from './board-toolbar.tsx';
import { TaskPanel } from './detail/task-panel.tsx';
import { EmptyBoards } from './empty-boards.tsx';
import { ForceDialog } from './force-dialog.tsx';
import { ActivityFeed } from './insight/activity-feed.tsx';
import { Graph } from './insight/graph.tsx';
import { Statistics } from './insight/statistics.tsx';
import { Timeline } from './insight/timeline.tsx';
import { LeasesDialog } from './leases-dialog.tsx';
import { TaskTable } from './list/task-table.tsx';
import { parseFilter } from './logic/card-filter.ts';
import type { Look } from './logic/looks.ts';
import { NewTaskSheet } from './new-task-sheet.tsx';
import { PickDialog } from './pick-dialog.tsx';
import { SettingsSheet } from './settings/settings-sheet.tsx';
import { type BoardCards, useBoardCards, useBoardPlace, useBoards, useCardFilter } from './use-board.ts';
import { useBoardCommands } from './use-board-commands.ts';
import { type TaskActions, useTaskActions } from './use-task-actions.ts';

const LOOK_OPTIONS = [
  { value: 'board', label: 'Board', icon: SquareKanban },
  { value: 'list', label: 'List', icon: List },
  { value: 'timeline', label: 'Timeline', icon: ChartNoAxesGantt },
  { value: 'graph', label: 'Graph', icon: Workflow },
  { value: 'activity', label: 'Activity', icon: ScrollText },
  { value: 'statistics', label: 'Figures', icon: ChartNoAxesColumn },
] as const satisfies readonly { value: Look; label: string; icon: unknown }[];

interface ShownProps {
  board: BoardView;
  look: Look;
  taskId: string | undefined;
  data: BoardCards;
  actions: TaskActions;
  onOpen(task: string | undefined): void;
}

function Shown({ board, look, taskId, data, actions, onOpen }: ShownProps): ReactNode {
  switch (look) {
    case 'board':
      return (
        <Board
          board={board}
          columns={data.columns}
          cards={data.cards}
          openTask={taskId}
          onOpen={onOpen}
          actions={actions}
        />
      );
    case 'list':
      return <TaskTable board={board} cards={data.shown} selected={taskId} onSelect={onOpen} />;
    case 'timeline':
      return <Timeline board={board} cards={data.shown} selected={taskId} onSelect={onOpen} />;
    case 'graph':
      return <Graph board={board} cards={data.shown} selected={taskId} onSelect={onOpen} />;
    case 'activity':
      return <ActivityFeed board={board} onOpen={onOpen} />;
    case 'statistics':
      return <Statistics board={board} onOpen={onOpen} />;
  }
}

function EmptyBoard({ board }: { board: BoardView }): ReactNode {
  return (
    <Empty
      icon={SquareKanban}
      title="No task on this board yet"
      text="Write down what is to be done. A person or an agent can take it."
      actions={
        <Button
          variant="main"
          icon={Plus}
          shortcut="C"
          disabledReason={board.read_only}
          onClick={() => openNewTask()}
        >
          New task
        </Button>
      }
    />
  );
}

/** The tasks in the order that is shown, so that one can step through them. */
function useSteps(data: BoardCards, taskId: string | undefined, onOpen: (task: string) => void) {
  return useMemo(() => {
    const column = data.columns.find(({ cards }) => cards.some((card) => card.id === taskId));
    const cards = column?.cards ?? data.shown;
    const at = cards.findIndex((card) => card.id === taskId);
    if (at < 0) return undefined;
    return (step: 1 | -1) => {
      const next = cards[at + step];
      if (next !== undefined) onOpen(next.id);
    };
  }, [data.columns, data.shown, taskId, onOpen]);
}

function OpenBoard({ board }: { board: BoardView }): ReactNode {
  const { taskId, look, openTask } = useBoardPlace();
  const [filter, setFilter] = useCardFilter(board.id);
  const data = useBoardCards(board, filter);
  const actions = useTaskActions(board);
  const force = useBoardState((state) => state.force);
  const sheet = useBoardState((state) => state.sheet);
  useBoardCommands(board, actions, taskId, openTask);
  useEffect(() => setBoardState({ cursor: taskId }), [taskId]);
  const onStep = useSteps(data, taskId, openTask);
  const tags = useMemo(() => [...new Set(data.cards.flatMap((card) => card.tags))].sort(), [data.cards]);
  const active = useMemo(() => data.cards.filter((card) => !card.archived).length, [data.cards]);
  const loaded = data.state !== 'loading';
  return (
    <>
      <BoardBanners board={board} stale={data.state === 'stale'} />
      {look !== 'activity' && look !== 'statistics' && (
        <BoardToolbar
          board={board}
          filter={filter}
          onChange={setFilter}
          tags={tags}
          total={active}
          shown={data.shown.length}
          live={data.live}
        />
      )}
      <div className="relative flex min-h-0 flex-1">
        {data.state === 'error' ? (
          <Failure icon={FolderX} title="The tasks cannot be shown" text={data.message} />
        ) : !loaded ? (
          <Loading />
        ) : data.cards.length === 0 && look !== 'board' ? (
          <EmptyBoard board={board} />
        ) : (
          <Shown board={board} look={look} taskId={taskId} data={data} actions={actions} onOpen={openTask} />
        )}
        {taskId !== undefined && (
          <TaskPanel
            key={board.id}
            board={board}
            task={taskId}
            actions={actions}
            onStep={onStep}
            onOpen={openTask}
            onClose={() => openTask(undefined)}
          />
        )}
      </div>
      <NewTaskSheet board={board} onCreated={openTask} />
      <SettingsSheet board={board} />
      {sheet === 'leases' && <LeasesDialog board={board} />}
      {force !== undefined && (
        <ForceDialog key={`${force.task} ${force.to}`} question={force} actions={actions} />
      )}
      <PickDialog board={board} cards={data.cards} actions={actions} />
    </>
  );
}

function ClosedBoard({ board, onGone }: { board: BoardView; onGone(): void }): ReactNode {
  const { mutate } = useAction('boards.remove');
  return (
    <Failure
      icon={FolderX}
      title={board.state === 'missing' ? 'This folder has no board any more' : 'The board did not open'}
      text={board.problem}
      actions={
        !board.own && (
          <Button variant="main" onClick={() => mutate({ board: board.id }, { onSuccess: onGone })}>
            Take it out of the list
          </Button>
        )
      }
    />
  );
}

function Header(props: { board: BoardView; boards: readonly BoardView[] }): ReactNode {
  const { board, boards } = props;
  const { openBoard } = useBoardPlace();
  const [, setFilter] = useCardFilter(board.id);
  const showArchive = useCallback(() => setFilter(parseFilter('is:archived ')), [setFilter]);
  return (
    <>
      <span title={board.path} className="truncate font-mono text-mono text-3">
        {board.path}
      </span>
      <BoardSwitcher board={board} boards={boards} onOpen={openBoard} onShowArchive={showArchive} />
    </>
  );
}

/** The boards of this machine: tasks in columns, in a list, over time and as a graph, and one task in full. */
export function BoardsView(): ReactNode {
  const { boardId, look, setLook, openBoard } = useBoardPlace();
  const { boards, state, error } = useBoards();
  const compact = useCompact();
  const board = boards.find((own) => own.id === boardId) ?? (boardId === undefined ? boards[0] : undefined);
  useEffect(() => {
    if (boardId === undefined && board !== undefined) openBoard(board.id);
  }, [boardId, board, openBoard]);
  if (board === undefined)
    return (
      <Page title="Boards">
        {state === 'loading' ? (
          <Loading />
        ) : state === 'error' ? (
          <Failure
            icon={FolderX}
            title="The boards cannot be shown"
            {...(error === undefined ? {} : { error })}
          />
        ) : boardId !== undefined && boards.length > 0 ? (
          <Failure
            icon={FolderX}
            title="This board is not in the list"
            text="It was taken out, or its folder is another one now."
            actions={
              <Button variant="main" onClick={() => openBoard(undefined)}>
                Show another board
              </Button>
            }
          />
        ) : (
          <EmptyBoards onOpen={openBoard} />
        )}
      </Page>
    );
  return (
    <Page
      title={board.name}
      meta={undefined}
      badge={<Header board={board} boards={boards} />}
      actions={
        board.state === 'ready' && (
          <>
            <Segment
              label="Look"
              value={look}
              onChange={setLook}
              options={compact ? LOOK_OPTIONS.map(({ value, label }) => ({ value, label })) : LOOK_OPTIONS}
            />
            <Button
              variant="main"
              icon={Plus}
              shortcut="C"
              disabledReason={board.read_only}
              onClick={() => openNewTask()}
            >
              New task
            </Button>
          </>
        )
      }
    >
      {board.state === 'ready' ? (
        <OpenBoard key={board.id} board={board} />
      ) : (
        <ClosedBoard board={board} onGone={() => openBoard(undefined)} />
      )}
    </Page>
  );
}

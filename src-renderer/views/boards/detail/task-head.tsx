import {
  Archive,
  ArchiveRestore,
  Bot,
  ChevronDown,
  ChevronUp,
  Ellipsis,
  Maximize2,
  Minimize2,
  MoveRight,
  X,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { BoardView, TaskDetail } from '../../../../src-shared/views/board.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { setBoardState } from '../board-state.ts';
import type { TaskActions } from '../use-task-actions.ts';

export interface TaskHeadProps {
  board: BoardView;
  detail: TaskDetail | undefined;
  actions: TaskActions;
  wide: boolean;
  onWide(): void;
  onStep: ((step: 1 | -1) => void) | undefined;
  onClose(): void;
}

function More({
  board,
  detail,
  actions,
}: Pick<TaskHeadProps, 'board' | 'actions'> & { detail: TaskDetail }): ReactNode {
  const { card } = detail;
  const pick = (picking: 'move' | 'run') => () => setBoardState({ cursor: card.id, picking });
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label="More" />}
      groups={[
        [
          {
            id: 'move',
            label: 'Move to…',
            icon: MoveRight,
            shortcut: 'M',
            disabledReason: board.read_only,
            run: pick('move'),
          },
          {
            id: 'run',
            label: 'Run on an agent…',
            icon: Bot,
            shortcut: 'G',
            disabledReason: board.read_only,
            run: pick('run'),
          },
        ],
        [
          {
            id: 'archive',
            label: card.archived ? 'Bring back' : 'Archive',
            icon: card.archived ? ArchiveRestore : Archive,
            disabledReason: board.read_only,
            run: () => void actions.archive(card, !card.archived),
          },
        ],
      ]}
    />
  );
}

/** The head of a task: its id, the way to its neighbours, and how much room it takes. */
export function TaskHead(props: TaskHeadProps): ReactNode {
  const { board, detail, actions, wide, onWide, onStep, onClose } = props;
  return (
    <header className="flex h-44 shrink-0 items-center gap-4 border-b border-hairline pr-8 pl-16">
      {detail !== undefined && (
        <>
          <span className="font-mono text-mono text-2">{detail.card.short_id}</span>
          <CopyButton text={detail.card.short_id} label="Copy the id" />
          {detail.card.archived && <Tag>Archived</Tag>}
        </>
      )}
      <span className="ml-auto inline-flex items-center gap-2">
        {onStep !== undefined && (
          <>
            <IconButton icon={ChevronUp} label="Previous task" onClick={() => onStep(-1)} />
            <IconButton icon={ChevronDown} label="Next task" onClick={() => onStep(1)} />
          </>
        )}
        {detail !== undefined && <More board={board} detail={detail} actions={actions} />}
        <IconButton
          icon={wide ? Minimize2 : Maximize2}
          label={wide ? 'Less room' : 'More room'}
          onClick={onWide}
          className="max-wide:hidden"
        />
        <IconButton icon={X} label="Close" shortcut="Escape" onClick={onClose} />
      </span>
    </header>
  );
}

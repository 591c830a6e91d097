import { Bot, MoveRight, Plus, Undo2, UserPlus } from 'lucide-react';
import { useMemo } from 'react';
import type { BoardView } from '../../../src-shared/views/board.ts';
import { type Command, useCommands } from '../../app/commands.ts';
import { openNewTask, setBoardState, useBoardState } from './board-state.ts';
import { type TaskActions, takeBack } from './use-task-actions.ts';

/** The commands of a board while it is shown. */
export function useBoardCommands(
  board: BoardView,
  actions: TaskActions,
  openTask: string | undefined,
  onOpen: (task: string) => void,
): void {
  const cursor = useBoardState((state) => state.cursor);
  const last = useBoardState((state) => state.lastUndo);
  const task = openTask ?? cursor;
  const commands = useMemo<readonly Command[]>(() => {
    const onCard = task === undefined ? 'Choose a task first.' : board.read_only;
    const pick = (picking: 'move' | 'assign' | 'run') => () => setBoardState({ cursor: task, picking });
    return [
      {
        id: 'board.create',
        title: 'New task',
        group: 'This view',
        icon: Plus,
        shortcut: 'C',
        disabledReason: board.read_only,
        run: () => openNewTask(),
      },
      {
        id: 'board.move',
        title: 'Move the task to…',
        group: 'This view',
        icon: MoveRight,
        shortcut: 'M',
        disabledReason: onCard,
        run: pick('move'),
      },
      {
        id: 'board.assign',
        title: 'Assign the task to…',
        group: 'This view',
        icon: UserPlus,
        shortcut: 'A',
        disabledReason: onCard,
        run: pick('assign'),
      },
      {
        id: 'board.run',
        title: 'Run the task on an agent…',
        group: 'This view',
        icon: Bot,
        shortcut: 'G',
        disabledReason: onCard,
        run: pick('run'),
      },
      {
        id: 'board.undo',
        title: 'Take the last change back',
        group: 'This view',
        icon: Undo2,
        shortcut: 'Mod+Z',
        disabledReason: last?.board === board.id ? undefined : 'There is no change to take back.',
        run: () => last !== undefined && takeBack(last),
      },
      {
        id: 'board.claim',
        title: 'Take the next task',
        group: 'This view',
        disabledReason: board.read_only,
        run: () => void actions.claim().then((id) => id !== undefined && onOpen(id)),
      },
    ];
  }, [board.id, board.read_only, actions, task, last, onOpen]);
  useCommands(commands);
}

import { Archive, ChevronDown, FolderOpen, KeyRound, Plus, Settings2, SquareKanban, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { BoardView } from '../../../src-shared/views/board.ts';
import { useAction } from '../../data/queries.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { toastError } from '../../ui/toast.tsx';
import { setBoardState } from './board-state.ts';
import { CreateBoardDialog } from './create-board-dialog.tsx';
import { useAddBoard } from './empty-boards.tsx';

export interface BoardSwitcherProps {
  board: BoardView;
  boards: readonly BoardView[];
  onOpen(board: string | undefined): void;
  onShowArchive(): void;
}

/** The other boards, and what can be done with this one. */
export function BoardSwitcher({ board, boards, onOpen, onShowArchive }: BoardSwitcherProps): ReactNode {
  const [creating, setCreating] = useState(false);
  const add = useAddBoard(onOpen);
  const { mutate: remove } = useAction('boards.remove');
  return (
    <>
      <Menu
        align="start"
        trigger={<IconButton icon={ChevronDown} label="Boards and settings of this board" />}
        groups={[
          boards.map((other) => ({
            id: other.id,
            label: other.id === board.id ? `${other.name} (shown)` : other.name,
            icon: SquareKanban,
            run: () => onOpen(other.id),
          })),
          [
            { id: 'create', label: 'Create a board…', icon: Plus, run: () => setCreating(true) },
            { id: 'add', label: 'Open a board…', icon: FolderOpen, run: add },
          ],
          [
            { id: 'archive', label: 'Show the archive', icon: Archive, run: onShowArchive },
            {
              id: 'leases',
              label: 'Resources and sessions…',
              icon: KeyRound,
              disabledReason: board.state === 'ready' ? undefined : 'The board did not open.',
              run: () => setBoardState({ sheet: 'leases' }),
            },
            {
              id: 'settings',
              label: 'Settings of this board…',
              icon: Settings2,
              disabledReason: board.state === 'ready' ? board.read_only : 'The board did not open.',
              run: () => setBoardState({ sheet: 'settings' }),
            },
            {
              id: 'remove',
              label: 'Take out of the list',
              icon: X,
              disabledReason: board.own ? 'It is the board of this station’s project.' : undefined,
              run: () =>
                remove(
                  { board: board.id },
                  {
                    onSuccess: () => onOpen(undefined),
                    onError: (error) => toastError('The board stays in the list', error),
                  },
                ),
            },
          ],
        ]}
      />
      {creating && <CreateBoardDialog onClose={() => setCreating(false)} onCreated={onOpen} />}
    </>
  );
}

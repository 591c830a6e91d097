import { FolderOpen, Plus, SquareKanban } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/states.tsx';
import { toastError } from '../../ui/toast.tsx';
import { CreateBoardDialog } from './create-board-dialog.tsx';

/** Adds the board of a folder that a person chooses. */
export function useAddBoard(onAdded: (board: string) => void): () => void {
  const choose = useAction('app.chooseFolder');
  const add = useAction('boards.add');
  return () =>
    choose.mutate(undefined, {
      onSuccess: ({ path }) => {
        if (path === undefined) return;
        add.mutate(
          { path },
          {
            onSuccess: ({ id }) => onAdded(id),
            onError: (error) => toastError('The board was not opened', error),
          },
        );
      },
    });
}

/** What stands where no board is: how to get one. */
export function EmptyBoards({ onOpen }: { onOpen(board: string): void }): ReactNode {
  const [creating, setCreating] = useState(false);
  const add = useAddBoard(onOpen);
  return (
    <>
      <Empty
        icon={SquareKanban}
        title="No board yet"
        text="A board is a folder of plain files beside your code. People and agents share it."
        actions={
          <>
            <Button variant="main" icon={Plus} onClick={() => setCreating(true)}>
              Create board
            </Button>
            <Button icon={FolderOpen} onClick={add}>
              Open a board
            </Button>
          </>
        }
      />
      {creating && <CreateBoardDialog onClose={() => setCreating(false)} onCreated={onOpen} />}
    </>
  );
}

import { type ReactNode, useState } from 'react';
import type { BoardView } from '../../../../src-shared/views/board.ts';
import { useAction } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { toastError } from '../../../ui/toast.tsx';
import { setBoardState } from '../board-state.ts';
import { focusFirst } from '../parts/focus-first.ts';

/** A new card written in its column: Enter makes it and begins the next, Esc ends. */
export function QuickCreate({ board, status }: { board: BoardView; status: string }): ReactNode {
  const [title, setTitle] = useState('');
  const { mutate, isPending } = useAction('board.create');
  const close = () => setBoardState({ writing: undefined });
  const create = () => {
    const words = title.trim();
    if (words === '' || isPending) return;
    mutate(
      { board: board.id, title: words, status },
      {
        onSuccess: ({ id }) => {
          setTitle('');
          setBoardState({ cursor: id });
        },
        onError: (error) => toastError('The task was not created', error),
      },
    );
  };
  return (
    <div className="mb-8 flex flex-col gap-8 rounded-card border border-accent-text bg-surface p-10">
      <textarea
        rows={2}
        ref={focusFirst}
        aria-label="Title of the new task"
        placeholder="What is to be done?"
        value={title}
        maxLength={10_000}
        onChange={(event) => setTitle(event.target.value.replaceAll('\n', ' '))}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
          else if (event.key === 'Enter' && !event.nativeEvent.isComposing) create();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        className="resize-none bg-transparent text-[13px] leading-[18px] font-medium text-1 outline-none select-text"
      />
      <div className="flex justify-end gap-6">
        <Button size="small" variant="plain" onClick={close}>
          Close
        </Button>
        <Button size="small" variant="main" busy={isPending} onClick={create}>
          Create
        </Button>
      </div>
    </div>
  );
}

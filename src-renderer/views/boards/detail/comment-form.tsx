import { type ReactNode, useState } from 'react';
import type { BoardView, TaskDetail } from '../../../../src-shared/views/board.ts';
import { useAction } from '../../../data/queries.ts';
import { useRemembered } from '../../../data/view-state.ts';
import { Button } from '../../../ui/button.tsx';
import { KeyHint } from '../../../ui/key-hint.tsx';
import { matchesKey } from '../../../ui/keys.ts';
import { toastError } from '../../../ui/toast.tsx';

/** A comment in its making, which stays while the app runs. */
export function CommentForm({ board, detail }: { board: BoardView; detail: TaskDetail }): ReactNode {
  const { card } = detail;
  const [text, setText] = useRemembered(`boards.comment.${card.id}`, '');
  const [focused, setFocused] = useState(false);
  const { mutate, isPending } = useAction('board.comment');
  const send = () => {
    if (text.trim() === '' || isPending) return;
    mutate(
      { board: board.id, task: card.id, body: text },
      {
        onSuccess: () => setText(''),
        onError: (error) => toastError('The comment was not written', error),
      },
    );
  };
  if (board.read_only !== undefined) return null;
  const open = focused || text !== '';
  return (
    <footer className="shrink-0 border-t border-hairline p-12">
      <div className="flex flex-col rounded-control border border-control bg-page focus-within:border-accent-text">
        <div className="flex items-center pr-6">
          <textarea
            rows={open ? 3 : 1}
            aria-label="Comment"
            placeholder="Write a comment"
            value={text}
            maxLength={1_000_000}
            onFocus={() => setFocused(true)}
            onBlur={() => setFocused(false)}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (matchesKey(event.nativeEvent, 'Mod+Enter')) send();
              else if (event.key === 'Escape') event.currentTarget.blur();
              else return;
              event.preventDefault();
              event.stopPropagation();
            }}
            className="min-w-0 flex-1 resize-none bg-transparent px-10 py-5 text-body text-1 outline-none select-text"
          />
          {!open && <KeyHint keys="Mod+Enter" />}
        </div>
        {text.trim() !== '' && (
          <div className="flex justify-end p-6 pt-0">
            <Button size="small" variant="main" shortcut="Mod+Enter" busy={isPending} onClick={send}>
              Comment
            </Button>
          </div>
        )}
      </div>
    </footer>
  );
}

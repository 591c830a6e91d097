import { type KeyboardEvent, useCallback } from 'react';
import { setBoardState, useBoardState } from '../board-state.ts';
import type { FilledColumn } from '../logic/columns.ts';
import { neighbourOf } from '../logic/neighbour.ts';
import type { TaskActions } from '../use-task-actions.ts';
import { columnElement } from './column.tsx';

interface BoardKeys {
  columns: readonly FilledColumn[];
  folded: ReadonlySet<string>;
  openTask: string | undefined;
  onOpen(id: string | undefined): void;
  actions: TaskActions;
}

/** Keyboard of the board: arrows go between cards, Shift and an arrow moves the card, Enter opens it. */
export function useBoardKeys({ columns, folded, openTask, onOpen, actions }: BoardKeys) {
  return useCallback(
    (event: KeyboardEvent<HTMLElement>, status: string) => {
      if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
      const { cursor } = useBoardState.getState();
      const sideways = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
      if (event.shiftKey && sideways !== 0) {
        const at = columns.findIndex(({ column }) => column.status === status);
        const card = columns[at]?.cards.find((own) => own.id === cursor);
        const target = columns[at + sideways]?.column.status;
        if (card !== undefined && target !== undefined)
          // The keyboard goes along with the card, so that it can be moved on.
          void actions.move(card, target).then((done) => {
            if (done) document.getElementById(columnElement(target))?.focus();
          });
      } else if (event.key === 'Enter' || event.key === ' ') {
        if (cursor !== undefined) onOpen(cursor);
      } else if (event.key === 'Escape' && openTask !== undefined) onOpen(undefined);
      else {
        const visible = columns.filter(({ column }) => !folded.has(column.status));
        const next = neighbourOf(visible, status, cursor, event.key);
        if (next === undefined) return;
        document.getElementById(columnElement(next.status))?.focus();
        setBoardState({ cursor: next.task });
        if (openTask !== undefined && next.task !== undefined) onOpen(next.task);
      }
      event.preventDefault();
    },
    [columns, folded, openTask, onOpen, actions],
  );
}

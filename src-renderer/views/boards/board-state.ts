import { create } from 'zustand';
import type { MoveVerdict } from '../../../src-shared/views/board.ts';

/** A question the window puts before a move that the rules refuse. */
export interface ForceQuestion {
  task: string;
  short_id: string;
  to: string;
  name: string;
  reason: string;
  /** Why a person wants it all the same, as far as it is written. */
  words: string;
}

interface BoardState {
  /** The card that keys act on. */
  cursor: string | undefined;
  /** Where cards are shown while their move is on its way, by task. */
  moving: Readonly<Record<string, string>>;
  /** The card that is dragged, with what the rules say to each column. */
  drag: { task: string; verdicts: readonly MoveVerdict[] | undefined } | undefined;
  /** The column in which a card is being written. */
  writing: string | undefined;
  sheet: 'none' | 'task' | 'settings' | 'leases';
  /** A new task from the sheet starts in this column. */
  sheetStatus: string | undefined;
  force: ForceQuestion | undefined;
  /** The last change that can be taken back. */
  lastUndo: { board: string; undo: string } | undefined;
  /** The layer from which a person picks a column, an assignee or an agent for the card under the cursor. */
  picking: 'none' | 'move' | 'assign' | 'run';
}

/** What the Boards view shows beside the boards themselves. */
export const useBoardState = create<BoardState>()(() => ({
  cursor: undefined,
  moving: {},
  drag: undefined,
  writing: undefined,
  sheet: 'none',
  sheetStatus: undefined,
  force: undefined,
  lastUndo: undefined,
  picking: 'none',
}));

export const setBoardState = useBoardState.setState;

/** Shows a card in another column until its move is done. */
export function showMoving(task: string, to: string | undefined): void {
  setBoardState(({ moving: { [task]: _, ...others } }) => ({
    moving: to === undefined ? others : { ...others, [task]: to },
  }));
}

/** Asks why a card is to move all the same; what is written already stays when the same is asked again. */
export function askToForce(question: Omit<ForceQuestion, 'words'>): void {
  setBoardState(({ force: before }) => {
    const isSame = before?.task === question.task && before.to === question.to;
    return { force: { ...question, words: isSame ? before.words : '' } };
  });
}

/** Opens the sheet for a new task. */
export function openNewTask(status?: string): void {
  setBoardState({ sheet: 'task', sheetStatus: status });
}

import { useMemo } from 'react';
import { LatticeError } from '../../../src-shared/errors.ts';
import type { CallInput } from '../../../src-shared/ipc.ts';
import type { BoardView, Card, MoveVerdict } from '../../../src-shared/views/board.ts';
import { call } from '../../data/queries.ts';
import { toast, toastError } from '../../ui/toast.tsx';
import { askToForce, setBoardState, showMoving, useBoardState } from './board-state.ts';

type Named = Pick<Card, 'id' | 'short_id'>;

/** What a person can do with the tasks of a board. Each action tells by toast when it failed, and offers to take it back. */
export interface TaskActions {
  /** Moves when the rules allow it; else asks for a reason, or says why not. True when it was moved. */
  move(card: Named & { status: string }, to: string, verdicts?: readonly MoveVerdict[]): Promise<boolean>;
  force(task: Named, to: string, reason: string): Promise<boolean>;
  assign(card: Named, to: string | null): Promise<void>;
  update(card: Named, fields: CallInput<'board.update'>['fields']): Promise<boolean>;
  archive(card: Named, archived: boolean): Promise<void>;
  run(card: Named, agent: string, station?: string): Promise<boolean>;
  claim(): Promise<string | undefined>;
}

/** Takes the last change back, or the one a toast offers. */
export function takeBack(change: { board: string; undo: string }): void {
  if (useBoardState.getState().lastUndo?.undo === change.undo) setBoardState({ lastUndo: undefined });
  void call('board.undo', change).catch((error: unknown) => toastError('It was not taken back', error));
}

function tellDone(board: BoardView, title: string, undo: string | undefined): void {
  const change = undo === undefined ? undefined : { board: board.id, undo };
  setBoardState({ lastUndo: change });
  toast({
    status: 'completed',
    title,
    ...(change === undefined ? {} : { action: { label: 'Undo', run: () => takeBack(change) } }),
  });
}

function columnName(board: BoardView, status: string): string {
  return board.columns.find((column) => column.status === status)?.name ?? status;
}

async function moved(board: BoardView, task: Named, to: string, reason?: string): Promise<boolean> {
  showMoving(task.id, to);
  try {
    const forced = reason === undefined ? {} : { force: true, reason };
    const { undo } = await call('board.move', { board: board.id, task: task.id, to, ...forced });
    tellDone(board, `${task.short_id} moved to ${columnName(board, to)}`, undo);
    return true;
  } catch (error) {
    toastError(`${task.short_id} was not moved`, error);
    return false;
  } finally {
    showMoving(task.id, undefined);
  }
}

async function moveByRules(
  board: BoardView,
  card: Named & { status: string },
  to: string,
  known: readonly MoveVerdict[] | undefined,
): Promise<boolean> {
  if (card.status === to) return false;
  const all = known ?? (await call('board.verdicts', { board: board.id, task: card.id }));
  const verdict = all.find((one) => one.status === to);
  if (verdict?.allowed === false) {
    const reason = verdict.reason ?? 'The workflow of this board does not allow it.';
    if (!verdict.can_force) throw new LatticeError('conflict', reason);
    const { id: task, short_id } = card;
    askToForce({ task, short_id, to, name: columnName(board, to), reason });
    return false;
  }
  return moved(board, card, to);
}

function makeActions(board: BoardView): TaskActions {
  const on = (task: Named) => ({ board: board.id, task: task.id });
  return {
    move: (card, to, verdicts) =>
      moveByRules(board, card, to, verdicts).catch((error: unknown) => {
        toastError(`${card.short_id} was not moved`, error);
        return false;
      }),
    force: (task, to, reason) => moved(board, task, to, reason),
    assign: async (card, to) => {
      try {
        const { undo } = await call('board.assign', { ...on(card), to });
        const name = board.members.find((member) => member.key === to)?.name ?? to;
        tellDone(
          board,
          to === null ? `${card.short_id} has no assignee` : `${card.short_id} is for ${name}`,
          undo,
        );
      } catch (error) {
        toastError(`${card.short_id} was not assigned`, error);
      }
    },
    update: async (card, fields) => {
      try {
        const { undo } = await call('board.update', { ...on(card), fields });
        if (undo !== undefined) tellDone(board, `${card.short_id} saved`, undo);
        return true;
      } catch (error) {
        toastError(`${card.short_id} was not saved`, error);
        return false;
      }
    },
    archive: async (card, archived) => {
      try {
        const { undo } = await call('board.archive', { ...on(card), archived });
        tellDone(board, `${card.short_id} ${archived ? 'archived' : 'is back on the board'}`, undo);
      } catch (error) {
        toastError(`${card.short_id} was not ${archived ? 'archived' : 'brought back'}`, error);
      }
    },
    run: async (card, agent, station) => {
      try {
        await call('board.run', { ...on(card), agent, ...(station === undefined ? {} : { station }) });
        toast({ status: 'running', title: `${card.short_id} given to ${agent}` });
        return true;
      } catch (error) {
        toastError(`${card.short_id} was not given to ${agent}`, error);
        return false;
      }
    },
    claim: async () => {
      try {
        const { task } = await call('board.claim', { board: board.id });
        if (task === undefined) toast({ status: 'cancelled', title: 'No task is ready to take' });
        return task;
      } catch (error) {
        toastError('No task was taken', error);
        return undefined;
      }
    },
  };
}

/** The actions of a board. */
export function useTaskActions(board: BoardView): TaskActions {
  return useMemo(() => makeActions(board), [board]);
}

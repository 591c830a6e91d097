import { judgeMove } from '../../src-shared/tracker/gates.ts';
import { shortestWay, validTransitions } from '../../src-shared/tracker/workflow.ts';
import type { BoardAuthor } from '../tracker/board-storage.ts';
import { derivedId, type KeptBack } from './card-work.ts';
import type { OpenBoard } from './open-board.ts';
import { refusalWords, statusWords } from './refusal-words.ts';

/**
 * Brings a card to a status along ways that the workflow allows. Where a rule is against one of the moves, none is
 * made: the card stays and the rule is the answer. @throws LatticeError `conflict` when the card was changed meanwhile.
 */
export async function moveByRules(
  board: OpenBoard,
  task: string,
  to: string,
  author: BoardAuthor,
): Promise<KeptBack | undefined> {
  const { config, storage } = board;
  const state = await storage.get(task);
  const { status } = state.task;
  if (status === to) return undefined;
  const direct = validTransitions(config, status).includes(to);
  const way = direct ? [to] : (shortestWay(config, status, to) ?? [to]);
  const { text, exists } = await storage.readText(task, 'plan');
  let from = status;
  for (const next of way) {
    const at = { ...state.task, status: from };
    const verdict = judgeMove(config, { ...state, task: at, to: next, plan: exists ? text : null });
    if (!verdict.ok) return { reason: refusalWords(verdict, config), status };
    from = next;
  }
  for (const next of way) await storage.apply(task, { op: 'status', status: next }, author);
  return undefined;
}

/** Says on a card which rule keeps it and what a person can do; the same is said once for a work. */
export async function sayKept(
  board: OpenBoard,
  task: string,
  work: string,
  kept: KeptBack & { readonly to: string },
  author: BoardAuthor,
): Promise<void> {
  const [here, there] = [statusWords(board.config, kept.status), statusWords(board.config, kept.to)];
  const body = `The rules of this board keep the card in ${here}: ${kept.reason} When that is done, move it to ${there} yourself; or move it now and write down why.`;
  const id = derivedId('ev', work, 'kept', body);
  await board.storage.apply(task, { op: 'comment', body, id }, author);
}

import type { Bill } from '../../src-shared/views/bill.ts';
import type { BoardAuthor, BoardStorage } from '../tracker/board-storage.ts';
import { derivedId, type KeptBack, LINK_TYPE } from './card-work.ts';

/** How a work stands, for the log of its card. */
export interface RunNote {
  work: string;
  agent: string;
  state: string;
  /** Names the state, so that the next question is another one. */
  key?: string;
  turn?: string;
  reason?: string;
  cost?: Bill | undefined;
  kept?: KeptBack | undefined;
}

/** Notes on the card how its work stands; the same note twice is there once. */
export async function noteRun(
  storage: BoardStorage,
  task: string,
  { work, agent, state, key, turn = '', reason, cost, kept }: RunNote,
  author: BoardAuthor,
): Promise<void> {
  const id = derivedId('ev', work, key ?? state, turn);
  if ((await storage.get(task)).events.some((event) => event.id === id)) return;
  const data = {
    work_id: work,
    agent,
    state,
    ...(key === undefined ? {} : { key }),
    ...(reason === undefined ? {} : { reason }),
    ...(cost === undefined ? {} : { cost: { ...cost } }),
    ...(kept === undefined ? {} : { kept: kept.reason, kept_in: kept.status }),
  };
  await storage.apply(task, { op: 'event', type: LINK_TYPE, id, data }, author);
}

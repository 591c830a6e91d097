import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LatticeError } from '../../src-shared/errors.ts';
import type { ApprovalView } from '../../src-shared/views/approval.ts';
import { isLocked } from '../system/folder-lock.ts';
import { answerFile, approvalsFolder, readRequests, requestFile, writeAnswer } from './owner-files.ts';

const TAKEN_MS = 10_000;
const LOOK_MS = 50;

/** A run that waits at a station of this user on this machine. */
export interface WaitingApproval {
  folder: string;
  view: ApprovalView;
}

/** What waits at the stations of this user that run on this machine, the oldest first. */
export async function waitingApprovals(dataDir: string): Promise<WaitingApproval[]> {
  const root = join(dataDir, 'stations');
  const names = await readdir(root).catch((): string[] => []);
  const found = await Promise.all(
    names.map(async (name) => {
      if (!(await isLocked(join(root, name), 'station'))) return [];
      const folder = approvalsFolder(join(root, name));
      return (await readRequests(folder)).map((view) => ({ folder, view }));
    }),
  );
  return found.flat().sort((a, b) => (a.view.id < b.view.id ? -1 : 1));
}

/** The one that an id or the end of one names. @throws LatticeError `not_found`, `conflict`. */
export function approvalOf(waiting: readonly WaitingApproval[], given: string): WaitingApproval {
  const found = waiting.filter(({ view }) => view.id.endsWith(given.toUpperCase()));
  const [first, second] = found;
  if (!first)
    throw new LatticeError('not_found', `Nothing waits under ${given}.`, {
      hint: 'lattice approvals lists what waits.',
    });
  if (second)
    throw new LatticeError('conflict', `${found.length} runs that wait end with ${given}.`, {
      hint: 'Give more of the id.',
    });
  return first;
}

/**
 * Answers for the owner, and resolves when the station took it.
 * @throws LatticeError `not_allowed` in a run of an agent or when the station does not take it, `timeout`.
 */
export async function answerApproval(
  { folder, view: { id, digest } }: WaitingApproval,
  allow: boolean,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (env.LATTICE_WORK_ID !== undefined)
    throw new LatticeError('not_allowed', 'An agent cannot answer for the owner of this machine.', {
      hint: 'The owner answers in the window or in a terminal of their own.',
    });
  await writeAnswer(folder, { id, digest, allow, pid: process.pid });
  const until = Date.now() + TAKEN_MS;
  while (existsSync(answerFile(folder, id))) {
    if (Date.now() > until) throw new LatticeError('timeout', 'The station did not take the answer.');
    await delay(LOOK_MS);
  }
  // The answer goes first, the request after it; one that stays was not decided by this answer.
  for (let look = 0; existsSync(requestFile(folder, id)); look++) {
    if (look === 20)
      throw new LatticeError('not_allowed', 'The station did not take the answer.', {
        hint: 'Its problems say why; lattice approvals shows what waits now.',
      });
    await delay(LOOK_MS);
  }
}

import { LatticeError } from '../../src-shared/errors.ts';
import type { BoardConfig } from '../../src-shared/tracker/config.ts';
import { relationGraph } from '../../src-shared/tracker/graph.ts';
import { chooseNext } from '../../src-shared/tracker/next-task.ts';
import type { TaskSnapshot } from '../../src-shared/tracker/snapshot.ts';
import type { BoardEntry } from './board-index.ts';
import type { BoardOutcome, NextQuery } from './board-storage.ts';

/** The tasks that a query could be answered with, the best first. */
export function nextCandidates(
  entries: readonly BoardEntry[],
  config: BoardConfig,
  query: NextQuery,
): readonly TaskSnapshot[] {
  return chooseNext({
    tasks: entries.filter((entry) => !entry.archived).map(({ task }) => task),
    graph: relationGraph(entries.map(({ task }) => task)),
    config,
    ...query,
  }).candidates;
}

/** Claims the first of these tasks that can be had; undefined when there is none. @throws LatticeError why the first was refused. */
export async function claimFirst(
  candidates: readonly TaskSnapshot[],
  claim: (task: string) => Promise<BoardOutcome>,
): Promise<BoardOutcome | undefined> {
  let refused: unknown;
  for (const { id } of candidates) {
    try {
      return await claim(id);
    } catch (error) {
      // Another program took the task, or a rule keeps it back: the next one may fit.
      if (LatticeError.from(error).code !== 'conflict') throw error;
      refused ??= error;
    }
  }
  if (refused !== undefined) throw refused;
  return undefined;
}

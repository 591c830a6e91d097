import { rm } from 'node:fs/promises';
import { LatticeError } from '../../src-shared/errors.ts';
import { isLifecycleEvent, type TaskEvent } from '../../src-shared/tracker/event.ts';
import { type Replay, replayTask } from '../../src-shared/tracker/replay.ts';
import { serialiseDocument, serialiseLine } from '../../src-shared/tracker/serialise.ts';
import type { TaskSnapshot } from '../../src-shared/tracker/snapshot.ts';
import { appendBoardFile, moveBoardFile, writeBoardFile } from './board-file.ts';
import type { BoardPaths, TextKind } from './board-paths.ts';
import { extendLog } from './extend-log.ts';
import type { TaskLog } from './task-log.ts';

/** What came of a write. */
export interface Committed {
  readonly task: TaskSnapshot;
  readonly archived: boolean;
  readonly events: readonly TaskEvent[];
  /** Files that follow from the log and could not be brought up to date; the write itself is safe. */
  readonly warnings: readonly string[];
}

const TEXTS: readonly TextKind[] = ['plan', 'notes'];

/**
 * Writes events into the log of a task and brings every file that follows from it up to date. The log decides: once this call has
 * added to it the write has happened, and what fails after that is a warning. The caller holds the locks of the task, and that of
 * the lifecycle log for events that it mirrors.
 * @throws LatticeError as {@link appendBoardFile}; nothing was written then.
 */
export async function commitTask(
  paths: BoardPaths,
  log: TaskLog,
  events: readonly TaskEvent[],
): Promise<Committed> {
  const replay = replayTask(events, log.replay);
  const task = requireApplied(log, replay);
  await extendLog(log.path, events);
  const warnings: string[] = [];
  const follow = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      warnings.push(
        `${LatticeError.from(error).message} The change itself is saved; run lattice board doctor --fix.`,
      );
    }
  };
  const mirrored = events.filter(isLifecycleEvent).map(serialiseLine).join('');
  await Promise.all([
    follow(async () => mirrored !== '' && appendBoardFile(paths.lifecycle, mirrored)),
    follow(() => writeBoardFile(paths.snapshot(task.id, replay.archived), serialiseDocument(task))),
  ]);
  if (replay.archived !== log.inArchive) await follow(() => placeTask(paths, task.id, replay.archived));
  return { task, archived: replay.archived, events, warnings };
}

/** An event that its own replay refuses must never get into a log. */
function requireApplied(log: TaskLog, replay: Replay): TaskSnapshot {
  const problem = replay.problems[log.replay.problems.length];
  if (problem !== undefined || replay.task === undefined)
    throw new LatticeError('internal', `The change does not fit the task: ${problem?.message ?? 'no task'}`);
  return replay.task;
}

/** Moves the files of a task to where its events say they belong; doing it again finishes what a crash left half done. */
export async function placeTask(paths: BoardPaths, id: string, archived: boolean): Promise<void> {
  await moveBoardFile(paths.log(id, !archived), paths.log(id, archived));
  await rm(paths.snapshot(id, !archived), { force: true });
  for (const kind of TEXTS)
    await moveBoardFile(paths.text(kind, id, !archived), paths.text(kind, id, archived));
}

import { rm } from 'node:fs/promises';
import { LatticeError } from '../../src-shared/errors.ts';
import { readTaskEvent, sortLifecycle } from '../../src-shared/tracker/event.ts';
import { serialiseDocument, serialiseLine } from '../../src-shared/tracker/serialise.ts';
import { readBoardFile, writeBoardFile } from './board-file.ts';
import { listLogs } from './board-index.ts';
import type { BoardLocks } from './board-locks.ts';
import type { BoardPaths } from './board-paths.ts';
import { isEmptyLog } from './check-task.ts';
import { readLogText } from './log-text.ts';
import { quarantineLines, quarantineTorn } from './quarantine.ts';
import { rebuiltIds } from './short-ids.ts';
import { placeTask } from './task-commit.ts';
import { readTaskLog, type TaskLog } from './task-log.ts';

/**
 * Makes the files of a task say what its log says: torn lines and strangers go into quarantine, the files move to where they belong, the
 * snapshot is written anew when it differs. The caller holds the task's locks.
 */
export async function mendTask(paths: BoardPaths, id: string): Promise<TaskLog | undefined> {
  const found = readTaskLog(paths, id);
  if (!found) return undefined;
  await quarantineTorn(paths.quarantine, found.path, found.text);
  const misfits = readTaskLog(paths, id, found.inArchive)?.misfits ?? [];
  if (misfits.length > 0)
    await quarantineLines(
      paths.quarantine,
      found.path,
      misfits.map(({ line }) => line),
    );
  await endWithNewline(found.path);
  const log = readTaskLog(paths, id, found.inArchive);
  if (!log) return undefined;
  const { task } = log.replay;
  if (!task) return dropWhenEmpty(paths, log);
  const { archived } = log.replay;
  if (archived !== log.inArchive) await placeTask(paths, id, archived);
  else await rm(paths.snapshot(id, !archived), { force: true });
  await writeWhenChanged(paths.snapshot(id, archived), serialiseDocument(task));
  return readTaskLog(paths, id, archived);
}

/** An empty log of a task that left nothing else either was never begun. */
async function dropWhenEmpty(paths: BoardPaths, log: TaskLog): Promise<TaskLog | undefined> {
  if (!isEmptyLog(log) || readBoardFile(paths.snapshot(log.id, log.inArchive)) !== undefined) return log;
  await rm(log.path, { force: true });
  return undefined;
}

async function endWithNewline(path: string): Promise<void> {
  const bytes = readBoardFile(path);
  if (bytes === undefined || readLogText(bytes).ended) return;
  await writeBoardFile(path, Buffer.concat([bytes, Buffer.from('\n')]));
}

/** The snapshot of a log, written whether or not it differs. @throws LatticeError `invalid_input` when the log makes no task. */
export async function rebuildTask(paths: BoardPaths, id: string): Promise<TaskLog> {
  const log = await mendTask(paths, id);
  if (!log) throw new LatticeError('not_found', `${id} has no log.`);
  if (!log.replay.task)
    throw new LatticeError('invalid_input', `The log of ${id} does not say how the task began.`, {
      hint: 'Bring the log back from git or a backup.',
    });
  return log;
}

/**
 * Writes the lifecycle log and `ids.json` anew from the logs. What they say of a log that cannot be read stays, and lines that no log
 * has go into quarantine. The caller holds both locks and keeps task writers out.
 */
export async function rebuildIndexes(paths: BoardPaths, prefix: string | undefined): Promise<void> {
  const logs: TaskLog[] = [];
  const unreadable = new Set<string>();
  for (const id of listLogs(paths)) {
    const log = readOrUndefined(paths, id);
    if (log) logs.push(log);
    else unreadable.add(id);
  }
  const before = readLogText(readBoardFile(paths.lifecycle) ?? new Uint8Array());
  const mirrored = before.lines.map((line) => ({ line, reading: readTaskEvent(line.value) }));
  const kept = mirrored.flatMap(({ reading }) =>
    reading.ok && unreadable.has(reading.event.task_id) ? [reading.event] : [],
  );
  const lifecycle = sortLifecycle([...logs.flatMap((log) => log.events), ...kept]);
  const known = new Set(lifecycle.map((event) => event.id));
  const strangers = mirrored.flatMap(({ line, reading }) =>
    reading.ok && known.has(reading.event.id) ? [] : [line],
  );
  const aside = [...before.torn, ...strangers];
  if (aside.length > 0) await quarantineLines(paths.quarantine, paths.lifecycle, aside);
  await writeWhenChanged(paths.lifecycle, lifecycle.map(serialiseLine).join(''));
  const ids = rebuiltIds(paths, prefix, unreadable);
  if (Object.keys(ids.map).length > 0 || readBoardFile(paths.ids) !== undefined)
    await writeWhenChanged(paths.ids, serialiseDocument(ids));
}

function readOrUndefined(paths: BoardPaths, id: string): TaskLog | undefined {
  try {
    return readTaskLog(paths, id);
  } catch {
    return undefined;
  }
}

async function writeWhenChanged(path: string, text: string): Promise<void> {
  if (readBoardFile(path)?.toString('utf8') !== text) await writeBoardFile(path, text);
}

/** What a rebuild of a whole board came to. */
export interface RebuildReport {
  /** The tasks of the board and then those of its archive. */
  readonly rebuilt: readonly string[];
  /** Tasks that could not be made, with the reason; they do not keep the others back. */
  readonly failed: ReadonlyMap<string, LatticeError>;
}

/** Writes every snapshot, the lifecycle log and `ids.json` anew while no other write goes on. */
export async function rebuildBoard(
  paths: BoardPaths,
  locks: BoardLocks,
  prefix: string | undefined,
): Promise<RebuildReport> {
  const failed = new Map<string, LatticeError>();
  const rebuilt: Record<'active' | 'archived', string[]> = { active: [], archived: [] };
  await locks.withWholeBoard([], async () => {
    for (const id of listLogs(paths)) {
      try {
        const log = await locks.within([`events_${id}`, `tasks_${id}`], () => rebuildTask(paths, id));
        rebuilt[log.inArchive ? 'archived' : 'active'].push(id);
      } catch (error) {
        failed.set(id, LatticeError.from(error));
      }
    }
    await locks.within(['events__lifecycle', 'ids_json'], () => rebuildIndexes(paths, prefix));
  });
  return { rebuilt: [...rebuilt.active.sort(), ...rebuilt.archived.sort()], failed };
}

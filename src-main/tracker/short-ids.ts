import { LatticeError } from '../../src-shared/errors.ts';
import type { TaskEvent } from '../../src-shared/tracker/event.ts';
import {
  deriveIdsIndex,
  EMPTY_IDS,
  type IdsIndex,
  readIdsIndex,
} from '../../src-shared/tracker/ids-index.ts';
import { readBoardFile } from './board-file.ts';
import { listLogs } from './board-index.ts';
import type { BoardPaths } from './board-paths.ts';
import { readTaskLog } from './task-log.ts';

/** `ids.json` as it stands: `undefined` without one. @throws LatticeError `invalid_input` when it is damaged. */
export function readIds(paths: BoardPaths, prefix: string | undefined): IdsIndex | undefined {
  const bytes = readBoardFile(paths.ids);
  return bytes && readIdsIndex(bytes.toString('utf8'), prefix);
}

/**
 * The index of short ids that is safe to give the next number from. `ids.json` is believed for the tasks it names; every other log
 * is read, so an index that is lost, damaged or older than the logs never gives a number out twice.
 */
export function safeIds(paths: BoardPaths, prefix: string): IdsIndex {
  let known: IdsIndex | undefined;
  try {
    known = readIds(paths, prefix);
  } catch (error) {
    if (LatticeError.from(error).code !== 'invalid_input') throw error;
  }
  const named = new Set(Object.values(known?.map ?? {}));
  const unnamed = [...listLogs(paths)].filter((id) => !named.has(id));
  if (known !== undefined && unnamed.length === 0) return withFloor(known);
  const proven = deriveIdsIndex(shortIdEvents(paths, unnamed), known);
  return withFloor({ ...proven, map: { ...proven.map, ...known?.map } });
}

/** No next number is below one that the map gives away. */
function withFloor(index: IdsIndex): IdsIndex {
  const next = new Map(Object.entries(index.next_seqs));
  for (const shortId of Object.keys(index.map)) {
    const dash = shortId.lastIndexOf('-');
    const prefix = shortId.slice(0, dash);
    const seq = Number(shortId.slice(dash + 1));
    if (Number.isSafeInteger(seq)) next.set(prefix, Math.max(next.get(prefix) ?? 1, seq + 1));
  }
  return { ...index, next_seqs: Object.fromEntries(next) };
}

/** The index as all logs of the board prove it, with numbers no lower than before; `unreadable` tasks keep what they had. */
export function rebuiltIds(
  paths: BoardPaths,
  prefix: string | undefined,
  unreadable: ReadonlySet<string>,
): IdsIndex {
  let before: IdsIndex = EMPTY_IDS;
  try {
    before = readIds(paths, prefix) ?? EMPTY_IDS;
  } catch (error) {
    if (LatticeError.from(error).code !== 'invalid_input') throw error;
  }
  const proven = deriveIdsIndex(shortIdEvents(paths, listLogs(paths)), before);
  const kept = Object.entries(before.map).filter(([, task]) => unreadable.has(task));
  return { ...proven, map: { ...Object.fromEntries(kept), ...proven.map } };
}

/** Events by the order in which their tasks were created, so that the older task keeps a number that two have. */
function shortIdEvents(paths: BoardPaths, ids: Iterable<string>): TaskEvent[] {
  const events = [...ids].flatMap((id) => readQuietly(paths, id));
  return events.sort((a, b) => (a.ts === b.ts ? 0 : a.ts < b.ts ? -1 : 1));
}

function readQuietly(paths: BoardPaths, id: string): readonly TaskEvent[] {
  try {
    return (readTaskLog(paths, id)?.events ?? []).filter(
      ({ type }) => type === 'task_created' || type === 'task_short_id_assigned',
    );
  } catch {
    return [];
  }
}

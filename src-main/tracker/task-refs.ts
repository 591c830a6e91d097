import { LatticeError } from '../../src-shared/errors.ts';
import { isId, parseShortId } from '../../src-shared/tracker/ids.ts';
import type { BoardIndex } from './board-index.ts';
import type { BoardPaths } from './board-paths.ts';
import { readIds } from './short-ids.ts';
import { readTaskLog } from './task-log.ts';
import { notFound } from './task-writer.ts';

/** The id of a task that is named by id or short id. @throws LatticeError `not_found`, `invalid_input`. */
export async function resolveTaskRef(paths: BoardPaths, index: BoardIndex, ref: string): Promise<string> {
  const long: boolean = isId(ref, 'task');
  if (long) return ref;
  const short = parseShortId(ref);
  if (!short)
    throw new LatticeError('invalid_input', `Invalid task ID format: '${ref.slice(0, 80)}'.`, {
      hint: 'Use a short id such as LAT-7 or the long id of the task.',
      details: { board_code: 'INVALID_ID' },
    });
  const named = namedBy(paths, short.text);
  if (named !== undefined) return named;
  await index.refreshAll();
  const entry = index.entries.snapshot().find(({ task }) => task.short_id === short.text);
  if (!entry) throw notFound(short.text);
  return entry.id;
}

/** What `ids.json` says, unless it is damaged or the task's log says something else. */
function namedBy(paths: BoardPaths, shortId: string): string | undefined {
  try {
    const id = readIds(paths, undefined)?.map[shortId];
    if (id === undefined) return undefined;
    return readTaskLog(paths, id)?.replay.task?.short_id === shortId ? id : undefined;
  } catch {
    return undefined;
  }
}

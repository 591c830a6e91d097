import type { BoardConfig } from '../../src-shared/tracker/config.ts';
import type { BoardEvent } from '../../src-shared/views/board.ts';
import type { BoardEntry } from '../tracker/board-index.ts';
import type { BoardStorage } from '../tracker/board-storage.ts';
import { eventView, eventWords } from './event-words.ts';

/** Events that the window shows at most. */
const SHOWN = 500;

/** The newest events of a board, or of some of its tasks; only logs that changed late enough are read. */
export async function recentEvents(
  storage: BoardStorage,
  entries: ReadonlyMap<string, BoardEntry>,
  config: BoardConfig,
  only: ReadonlySet<string> | undefined,
): Promise<BoardEvent[]> {
  const words = eventWords(config);
  const tasks = [...entries.values()]
    .filter(({ id }) => only === undefined || only.has(id))
    .sort((a, b) => (a.task.updated_at < b.task.updated_at ? 1 : -1));
  const found: BoardEvent[] = [];
  for (const { id, task } of tasks) {
    const oldest = found[SHOWN - 1];
    if (oldest !== undefined && task.updated_at < oldest.at) break;
    const state = await storage.get(id).catch(() => undefined);
    if (state === undefined) continue;
    found.push(
      ...state.events.map((event, place) => eventView(event, place, state.task, words)).slice(-SHOWN),
    );
    found.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : b.place - a.place));
    found.length = Math.min(found.length, SHOWN);
  }
  return found;
}

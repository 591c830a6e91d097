import { serialiseLine } from '../../src-shared/tracker/serialise.ts';
import { appendBoardFile, readBoardFile, writeBoardFile } from './board-file.ts';
import { joinLines, splitRows } from './log-text.ts';

/**
 * Adds events to a log. One event is appended; the first one and several at once are put in place with the whole log, so that a crash
 * leaves all of them or none, and never an empty log.
 * @throws LatticeError as {@link appendBoardFile}; the log is then as it was.
 */
export async function extendLog(path: string, events: readonly object[]): Promise<void> {
  if (events.length === 0) return;
  const added = events.map(serialiseLine).join('');
  const before = readBoardFile(path) ?? new Uint8Array();
  if (events.length === 1 && before.length > 0) return appendBoardFile(path, added);
  await writeBoardFile(path, Buffer.concat([joinLines(splitRows(before)), Buffer.from(added)]));
}

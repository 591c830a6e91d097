import { createHash } from 'node:crypto';
import { LatticeError } from '../../src-shared/errors.ts';
import { type BoardConfig, readConfig } from '../../src-shared/tracker/config.ts';
import { serialiseDocument } from '../../src-shared/tracker/serialise.ts';
import type { BoardSettings } from '../../src-shared/views/board.ts';
import { readBoardFile, writeBoardFile } from '../tracker/board-file.ts';
import type { BoardLocks } from '../tracker/board-locks.ts';
import type { BoardPaths } from '../tracker/board-paths.ts';
import { withSettings } from './board-view.ts';

/** The config of a board, and what names the text it was read from. @throws LatticeError `not_found`, `invalid_input`. */
export function loadBoardConfig(paths: BoardPaths): { config: BoardConfig; digest: string } {
  const bytes = readBoardFile(paths.config);
  if (bytes === undefined)
    throw new LatticeError('not_found', `There is no board in ${paths.root} any more.`, {
      hint: 'Take it out of the list, or bring the folder back.',
    });
  const text = bytes.toString('utf8');
  return { config: readConfig(text), digest: createHash('sha256').update(text).digest('hex') };
}

/** Saves changed settings, unless the config changed since `digest` was read. @throws LatticeError `conflict`, `invalid_input`. */
export async function saveBoardConfig(
  board: { paths: BoardPaths; locks: BoardLocks },
  settings: BoardSettings,
  digest: string,
): Promise<void> {
  await board.locks.with(['config'], async () => {
    const before = loadBoardConfig(board.paths);
    if (before.digest !== digest)
      throw new LatticeError('conflict', 'The settings of this board were changed elsewhere.', {
        hint: 'Open them again and repeat your change.',
      });
    const text = serialiseDocument(withSettings(before.config, settings));
    readConfig(text);
    await writeBoardFile(board.paths.config, text);
  });
}

import { LatticeError } from '../../src-shared/errors.ts';
import { type BoardConfig, readConfig } from '../../src-shared/tracker/config.ts';
import { serialiseDocument } from '../../src-shared/tracker/serialise.ts';
import { writeBoardFile } from './board-file.ts';
import { readBoardConfig } from './board-state.ts';
import type { LocalBoard } from './local-board.ts';

/**
 * Changes the config of a board under its lock, and keeps every key that `change` leaves alone.
 * @throws LatticeError `invalid_input` for a config that could not be read again; the old one stays.
 */
export async function changeConfig(
  board: LocalBoard,
  change: (config: BoardConfig) => BoardConfig,
): Promise<BoardConfig> {
  if (board.readOnly !== undefined) throw new LatticeError('unsupported', board.readOnly);
  return board.locks.within(['config'], async () => {
    const text = serialiseDocument(change(readBoardConfig(board.paths)));
    const config = readConfig(text);
    await writeBoardFile(board.paths.config, text);
    return config;
  });
}

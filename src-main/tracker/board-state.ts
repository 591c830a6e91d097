import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { type BoardConfig, readConfig } from '../../src-shared/tracker/config.ts';
import { readBoardFile } from './board-file.ts';
import type { BoardPaths } from './board-paths.ts';

const SCHEMA_VERSION = 1;

/** What shows that a hosted server owns a board, and how that reads. */
const OWNERS: readonly (readonly [string, string])[] = [
  ['cache/state.json', 'This board is a copy of one on a server.'],
  ['cache/applying', 'This board is a copy of one on a server, which is being brought up to date.'],
  ['hosted/owner.json', 'This board belongs to a server that runs on this machine.'],
];

/** Why a board must not be written to, and where to write instead; undefined when it may. */
export function readOnlyReason(paths: BoardPaths): string | undefined {
  return OWNERS.find(([file]) => existsSync(join(paths.folder, file)))?.[1];
}

/**
 * The config of a board.
 * @throws LatticeError `not_found`, `invalid_input`, or `unsupported` for a format that is newer than ours.
 */
export function readBoardConfig(paths: BoardPaths): BoardConfig {
  const bytes = readBoardFile(paths.config);
  if (bytes === undefined) throw new LatticeError('not_found', `There is no board in ${paths.root}.`);
  const config = readConfig(bytes.toString('utf8'));
  if (config.schema_version > SCHEMA_VERSION)
    throw new LatticeError(
      'unsupported',
      `The board in ${paths.root} has format ${config.schema_version}; this Lattice knows ${SCHEMA_VERSION}.`,
      { hint: 'Install a newer Lattice.' },
    );
  return config;
}

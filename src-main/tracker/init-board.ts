import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { LatticeError } from '../../src-shared/errors.ts';
import { isActorText } from '../../src-shared/tracker/actor.ts';
import { defaultConfig, type NewBoard } from '../../src-shared/tracker/config.ts';
import { isProjectCode } from '../../src-shared/tracker/ids.ts';
import { EMPTY_IDS } from '../../src-shared/tracker/ids-index.ts';
import { serialiseDocument } from '../../src-shared/tracker/serialise.ts';
import { writeBoardFile } from './board-file.ts';
import { BoardPaths } from './board-paths.ts';
import { hasBoard } from './board-root.ts';
import { fileError } from './file-error.ts';

const CONTEXT = `# Project context

What people and agents should know before they take a task from this board.
`;

/**
 * Makes a board in a folder; answers false when there is one already, which stays as it is.
 * @throws LatticeError `invalid_input` for a wrong actor or code, `io_failed`.
 */
export async function initBoard(root: string, board: Omit<NewBoard, 'instanceId'>): Promise<boolean> {
  if (hasBoard(root)) return false;
  for (const code of [board.projectCode, board.subprojectCode]) {
    if (code !== undefined && !isProjectCode(code))
      throw new LatticeError('invalid_input', `Invalid project code: '${code}'. Use 1 to 5 capital letters.`);
  }
  if (board.defaultActor !== undefined && !isActorText(board.defaultActor))
    throw new LatticeError(
      'invalid_input',
      `Invalid actor: '${board.defaultActor}'. Use human:name or agent:name.`,
      {
        details: { board_code: 'INVALID_ACTOR' },
      },
    );
  const paths = new BoardPaths(root);
  try {
    for (const folder of [
      'tasks',
      'events',
      'plans',
      'notes',
      'artifacts/meta',
      'artifacts/payload',
      'locks',
    ])
      await mkdir(join(paths.folder, folder), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileError(error, paths.folder);
  }
  await writeBoardFile(paths.ids, serialiseDocument(EMPTY_IDS));
  await writeBoardFile(join(paths.folder, 'context.md'), CONTEXT);
  // The config is what makes a folder a board, so it comes last.
  await writeBoardFile(
    paths.config,
    serialiseDocument(defaultConfig({ ...board, instanceId: `inst_${ulid()}` })),
  );
  return true;
}

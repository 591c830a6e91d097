import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { hasBoard } from '../../src-main/tracker/board-root.ts';
import { changeConfig } from '../../src-main/tracker/board-settings.ts';
import { initBoard } from '../../src-main/tracker/init-board.ts';
import { LocalBoard } from '../../src-main/tracker/local-board.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { isProjectCode } from '../../src-shared/tracker/ids.ts';
import { type BoardHost, processHost } from '../board-host.ts';
import { authorOf, boardAction, plainAction, type WriteFlags, writes } from '../board-run.ts';
import { table } from '../output.ts';
import { addBoardCareCommands } from './board-care.ts';
import { addResourceCommands } from './board-resource.ts';
import { addSessionCommands } from './board-session.ts';

/** Adds `lattice board`: boards as a whole. */
export function addBoardCommands(program: Command, host: BoardHost = processHost()): Command {
  const group = program
    .command('board')
    .description('task boards in folders')
    .addHelpText(
      'after',
      `
Examples:
  lattice board init --project-code LAT --actor human:ann
  lattice board doctor --fix
  lattice board stats --json`,
    );
  addInit(group, host);
  addList(group, host);
  addBoardCareCommands(group, host);
  addCodes(group, host);
  addResourceCommands(group, host);
  addSessionCommands(group, host);
  return group;
}

interface InitFlags {
  path?: string;
  actor?: string;
  projectCode?: string;
  subprojectCode?: string;
  projectName?: string;
  json?: boolean;
}

function addInit(group: Command, host: BoardHost): void {
  const command = group
    .command('init')
    .description('make a board in this folder')
    .option('--path <folder>', 'another folder')
    .option('--actor <actor>', 'who uses it most, such as human:ann')
    .option('--project-code <code>', 'one to five letters that short ids begin with, such as LAT')
    .option('--subproject-code <code>', 'a second code behind it')
    .option('--project-name <name>', 'what the board is called')
    .option('--no-setup-claude', 'as always: writes nothing outside .lattice')
    .option('--no-setup-agents', 'as always: writes nothing outside .lattice');
  plainAction<InitFlags>(host, command, async (flags) => {
    const root = resolve(host.cwd, flags.path ?? '.');
    const made = await initBoard(root, {
      ...(flags.actor === undefined ? {} : { defaultActor: flags.actor }),
      ...(flags.projectCode === undefined ? {} : { projectCode: flags.projectCode.toUpperCase() }),
      ...(flags.subprojectCode === undefined ? {} : { subprojectCode: flags.subprojectCode.toUpperCase() }),
      ...(flags.projectName === undefined ? {} : { projectName: flags.projectName }),
    });
    const human = made
      ? `Board made in ${join(root, '.lattice')}.\nNext: lattice task create "…" --actor ${flags.actor ?? 'human:you'}`
      : `There is a board in ${root} already; it stays as it is.`;
    return { data: { created: made, root }, human };
  });
}

function addList(group: Command, host: BoardHost): void {
  const command = group
    .command('list')
    .description('the boards of these folders and of the folders in them')
    .argument('[folders...]');
  plainAction<{ json?: boolean }>(host, command, async (_flags, folders) => {
    const roots = await boardsIn(
      folders.length === 0 ? [host.cwd] : folders.map((each) => resolve(host.cwd, each)),
    );
    const boards = await Promise.all(roots.map((root) => describe(root)));
    const human =
      boards.length === 0
        ? 'No boards here. Make one with: lattice board init'
        : table(
            ['CODE', 'OPEN', 'TASKS', 'FOLDER'],
            boards.map((each) => [
              each.code ?? '',
              String(each.open),
              String(each.tasks),
              each.problem ?? each.root,
            ]),
          );
    return { data: boards, human };
  });
}

async function boardsIn(folders: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const folder of folders) {
    if (hasBoard(folder)) found.add(folder);
    const below = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const each of below)
      if (each.isDirectory() && hasBoard(join(folder, each.name))) found.add(join(folder, each.name));
  }
  return [...found].sort();
}

async function describe(root: string) {
  const board = new LocalBoard({ root, hooks: false });
  try {
    const config = await board.config();
    const active = (await board.list()).filter(({ archived }) => !archived);
    const open = active.filter(({ task }) => task.done_at === null && task.status !== 'cancelled').length;
    return {
      root,
      code: config.project_code ?? null,
      name: config.project_name ?? null,
      tasks: active.length,
      open,
      read_only: board.readOnly ?? null,
    };
  } catch (error) {
    const { message } = LatticeError.from(error);
    return { root, code: null, name: null, tasks: 0, open: 0, read_only: null, problem: message };
  } finally {
    await board[Symbol.asyncDispose]();
  }
}

function addCodes(group: Command, host: BoardHost): void {
  for (const [name, key] of [
    ['set-project-code', 'project_code'],
    ['set-subproject-code', 'subproject_code'],
  ] as const) {
    const command = group
      .command(name)
      .description('what new short ids begin with')
      .argument('<code>')
      .option('--force', 'also when there is one already');
    boardAction<{ json?: boolean; force?: boolean }>(host, command, async (board, flags, [text = '']) => {
      const code = text.toUpperCase();
      if (!isProjectCode(code))
        throw new LatticeError(
          'invalid_input',
          `Invalid project code: '${text.slice(0, 80)}'. Use 1 to 5 letters.`,
        );
      const before = (await board.config())[key];
      if (before && before !== code && flags.force !== true)
        throw new LatticeError('conflict', `The board has the code ${before} already.`, {
          hint: 'Use --force.',
        });
      await changeConfig(board, (config) => ({ ...config, [key]: code }));
      return { data: { [key]: code }, human: `New short ids begin with ${code}.` };
    });
  }
  const backfill = writes(
    group.command('backfill-ids').description('give a short id to every task that has none or shares one'),
  );
  boardAction<WriteFlags>(host, backfill, async (board, flags) => {
    const outcomes = await board.backfillIds(authorOf(host, board, flags));
    const data = outcomes.map(({ task }) => ({ id: task.id, short_id: task.short_id ?? null }));
    const human =
      data.length === 0
        ? 'Every task has its own short id.'
        : data.map((each) => `${each.short_id}  ${each.id}`).join('\n');
    return { data: { assigned: data }, human };
  });
}

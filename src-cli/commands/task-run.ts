import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { ulid } from 'ulid';
import { boardId, openBoardList } from '../../src-main/boards/board-list.ts';
import { BoardRuns } from '../../src-main/boards/board-runs.ts';
import { workMarks } from '../../src-main/boards/card-work.ts';
import { cardWorks } from '../../src-main/boards/card-works.ts';
import { OpenBoard } from '../../src-main/boards/open-board.ts';
import { personActor } from '../../src-main/boards/person-actor.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import type { NodeFile } from '../../src-main/config/station-home.ts';
import { findBoardRoot } from '../../src-main/tracker/board-root.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import type { WorkRecord } from '../../src-shared/protocol/work.ts';
import { workViewOf } from '../../src-shared/views/work.ts';
import type { BoardAnswer, BoardHost } from '../board-host.ts';
import { checkedActor, plainAction } from '../board-run.ts';
import type { GlobalOptions } from '../globals.ts';
import { createOutput } from '../output.ts';
import { type WorkClient, withWork } from '../work-client.ts';
import { followStory } from '../work-story.ts';

/** How long the station of this machine may take to note the end of a work, in milliseconds. */
const NOTED_MS = 5_000;
const ENDS: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled', 'expired']);

interface RunFlags extends GlobalOptions {
  agent: string;
  station?: string;
  actor?: string;
  detach?: boolean;
  quiet?: boolean;
}

/** Adds `lattice task run`: gives a task of the board to an agent anywhere on the lattice. */
export function addTaskRunCommand(group: Command, host: BoardHost): void {
  const command = group
    .command('run')
    .description('give a task to an agent; the card moves as the work goes, and gets its result')
    .argument('<task>')
    .requiredOption('--agent <name>', 'the agent')
    .option('--station <id>', 'only this station may run it')
    .option('--actor <actor>', 'who gives it (or LATTICE_ACTOR, else you)')
    .option('--detach', 'do not wait; the station of this machine moves the card')
    .option('--quiet', 'print only the id of the work')
    .addHelpText('after', '\nExample:\n  lattice task run LAT-7 --agent coder');
  plainAction<RunFlags>(host, command, (flags, [task = '']) =>
    withWork(flags, (client) => runTask(host, client, flags, task)),
  );
}

async function runTask(
  host: BoardHost,
  client: WorkClient,
  flags: RunFlags,
  ref: string,
): Promise<BoardAnswer> {
  const { work, local } = client;
  const folder = findBoardRoot(host.cwd, host.env);
  const station = local !== undefined && (await follows(local, folder)) ? local.station_id : undefined;
  if (flags.detach && station === undefined)
    throw new LatticeError('unsupported', 'No station of this machine follows this board to move the card.', {
      hint: 'Leave out --detach, or open the board in the app.',
    });
  const board = await OpenBoard.open({
    id: boardId(folder),
    folder,
    own: true,
    me: flags.actor === undefined ? personActor(host.env) : checkedActor(flags.actor),
    filters: () => [],
    workOf: () => undefined,
  });
  const works = await work.openBoard(true);
  const mover = station ?? `command-${ulid()}`;
  const runs = new BoardRuns({
    station: () => mover,
    works: works.live,
    cardWorks: cardWorks(() => work),
    boards: () => [board],
    failed: (message, error) => host.err(`warning ${message}: ${LatticeError.from(error).message}\n`),
    moves: station === undefined,
  });
  try {
    const { id: task } = (await board.storage.get(ref)).task;
    const id = await runs.run(board, task, flags.agent, flags.station);
    if (flags.detach) return { data: { work_id: id }, human: `Given to ${flags.agent} as ${id}`, quiet: id };
    const record =
      flags.json || flags.quiet
        ? await work.dispatcher.await(id)
        : await followStory(work, id, createOutput(false));
    if (station === undefined || !(await hasEnded(board, task, id))) await runs.settle(workViewOf(record));
    const { status } = (await board.storage.get(task)).task;
    return answerOf(record, id, status, await work.dispatcher.result(id));
  } finally {
    await runs[Symbol.asyncDispose]();
    await works[Symbol.asyncDispose]();
    await board[Symbol.asyncDispose]();
  }
}

/** Whether a running station of this machine moves the cards of a board. */
async function follows(local: NodeFile, folder: string): Promise<boolean> {
  if (resolve(local.project_dir) === folder) return true;
  const list = await openBoardList(join(resolvePaths().dataDir, 'boards.json'));
  return list.folders.includes(folder);
}

/** Waits a moment until the station has noted the end of a work on its card. */
async function hasEnded(board: OpenBoard, task: string, work: string): Promise<boolean> {
  const noted = async () =>
    workMarks((await board.storage.get(task)).events).some(
      (mark) => mark.work === work && ENDS.has(mark.state),
    );
  const ended = new Promise<true>((resolve) => {
    board.changed.on(() => void noted().then((done) => done && resolve(true)));
  });
  if (await noted()) return true;
  return Promise.race([ended, delay(NOTED_MS, false, { ref: false })]);
}

function answerOf(record: WorkRecord, id: string, status: string, result: string | undefined): BoardAnswer {
  return {
    data: { work_id: id, outcome: record.status, status, result: result ?? null },
    human: `${record.status}; the card is in ${status}`,
    quiet: id,
    failed: record.status !== 'completed',
  };
}

import type { Command } from 'commander';
import type { BoardOutcome } from '../../src-main/tracker/board-storage.ts';
import type { LocalBoard } from '../../src-main/tracker/local-board.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { isStale } from '../../src-shared/tracker/operations/archive.ts';
import { type BoardAnswer, type BoardHost, boardCode } from '../board-host.ts';
import { authorOf, boardAction, type WriteFlags, writes } from '../board-run.ts';

/** Adds the commands that move tasks to the archive and back. */
export function addTaskArchiveCommands(group: Command, host: BoardHost): void {
  const archive = writes(
    group
      .command('archive')
      .description('put tasks away')
      .argument('[tasks...]', 'with spaces or commas between them'),
  ).option('--stale', 'every task that was done before yesterday');
  boardAction<WriteFlags & { stale?: boolean }>(host, archive, async (board, flags, args) => {
    const refs = [...refsOf(args), ...(flags.stale === true ? await staleTasks(board, host.now()) : [])];
    return moveAll(host, board, flags, refs, 'archive', flags.stale === true);
  });
  const unarchive = writes(
    group.command('unarchive').description('bring tasks back from the archive').argument('<tasks...>'),
  );
  boardAction<WriteFlags>(host, unarchive, (board, flags, args) =>
    moveAll(host, board, flags, refsOf(args), 'unarchive', false),
  );
}

function refsOf(args: readonly string[]): string[] {
  return args.flatMap((arg) => arg.split(',')).filter((ref) => ref !== '');
}

async function staleTasks(board: LocalBoard, now: Date): Promise<string[]> {
  const entries = await board.list();
  return entries
    .filter(({ task, archived }) => isStale({ task, archived, events: [] }, now))
    .map(({ id }) => id);
}

async function moveAll(
  host: BoardHost,
  board: LocalBoard,
  flags: WriteFlags,
  refs: readonly string[],
  op: 'archive' | 'unarchive',
  many: boolean,
): Promise<BoardAnswer> {
  if (refs.length === 0 && !many) throw new LatticeError('invalid_input', 'Name at least one task.');
  const author = authorOf(host, board, flags);
  const [single] = refs;
  if (refs.length === 1 && single !== undefined && !many) {
    const outcome = await board.apply(single, { op }, author);
    return {
      data: outcome.events[0] ?? null,
      human: line(outcome, op),
      quiet: outcome.task.id,
      warnings: outcome.warnings,
    };
  }
  const moved: BoardOutcome[] = [];
  const failed: { id: string; error: string; message: string }[] = [];
  for (const ref of refs) {
    try {
      moved.push(await board.apply(ref, { op }, author));
    } catch (thrown) {
      const error = LatticeError.from(thrown);
      failed.push({ id: ref, error: boardCode(error), message: error.message });
    }
  }
  return {
    data: { [`${op}d`]: moved.map(({ task }) => task.id), failed },
    human: [
      ...moved.map((outcome) => line(outcome, op)),
      ...failed.map(({ id, message }) => `${id}: ${message}`),
      ...(moved.length + failed.length === 0 ? ['Nothing to put away.'] : []),
    ].join('\n'),
    quiet: moved.map(({ task }) => task.id).join('\n'),
    failed: failed.length > 0,
  };
}

function line({ task }: BoardOutcome, op: 'archive' | 'unarchive'): string {
  return `${task.short_id ?? task.id} is ${op === 'archive' ? 'in the archive' : 'back on the board'}`;
}

import { type Command, Option } from 'commander';
import { findBoardRoot } from '../src-main/tracker/board-root.ts';
import type { BoardAuthor, BoardOutcome } from '../src-main/tracker/board-storage.ts';
import { LocalBoard } from '../src-main/tracker/local-board.ts';
import { LatticeError } from '../src-shared/errors.ts';
import { isActorText } from '../src-shared/tracker/actor.ts';
import type { Provenance } from '../src-shared/tracker/event.ts';
import { sessionActor } from '../src-shared/tracker/session.ts';
import { type BoardAnswer, type BoardHost, printAnswer, printFailure } from './board-host.ts';

/** The flags of every command that writes, with the names that lattice-tracker gave them. */
export interface WriteFlags {
  readonly actor?: string;
  readonly name?: string;
  readonly model?: string;
  readonly session?: string;
  readonly reason?: string;
  readonly onBehalfOf?: string;
  readonly triggeredBy?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Adds the flags that say who writes and why. */
export function writes(command: Command): Command {
  return command
    .option('--actor <actor>', 'who acts: human:ann, agent:codex-1 (or LATTICE_ACTOR)')
    .option('--name <session>', 'act as a running session, such as Argus-2')
    .option('--model <name>', 'the model that acts')
    .addOption(new Option('--session <id>', 'a session id of your own').hideHelp())
    .option('--reason <text>', 'why')
    .option('--on-behalf-of <actor>', 'for whom')
    .option('--triggered-by <id>', 'what led to it')
    .option('--quiet', 'print only the id');
}

/** Adds a command to a group; it answers in the board's envelope and fails with the board's codes. */
export function boardAction<F extends { json?: boolean; quiet?: boolean }>(
  host: BoardHost,
  command: Command,
  work: (board: LocalBoard, flags: F, args: readonly string[]) => Promise<BoardAnswer>,
): void {
  plainAction<F>(host, command, async (flags, args) => {
    const board = openHere(host);
    try {
      return await work(board, flags, args);
    } finally {
      await board[Symbol.asyncDispose]();
    }
  });
}

/** Like {@link boardAction}, for a command that needs no board. */
export function plainAction<F extends { json?: boolean; quiet?: boolean }>(
  host: BoardHost,
  command: Command,
  work: (flags: F, args: readonly string[]) => Promise<BoardAnswer>,
): void {
  command.action(async () => {
    const flags = command.optsWithGlobals<F>();
    try {
      printAnswer(host, flags, await work(flags, command.args));
    } catch (error) {
      printFailure(host, flags, error);
    }
  });
}

function openHere(host: BoardHost): LocalBoard {
  return new LocalBoard({
    root: findBoardRoot(host.cwd, host.env),
    hooks: true,
    warn: (message) => host.err(`warning ${message}\n`),
    now: host.now,
  });
}

/** Who writes, from the flags. @throws LatticeError `MISSING_ACTOR`, `INVALID_ACTOR`, `SESSION_NOT_FOUND`. */
export function authorOf(host: BoardHost, board: LocalBoard, flags: WriteFlags): BoardAuthor {
  const reason: Provenance = {
    ...(flags.reason === undefined ? {} : { reason: flags.reason }),
    ...(flags.onBehalfOf === undefined ? {} : { on_behalf_of: flags.onBehalfOf }),
    ...(flags.triggeredBy === undefined ? {} : { triggered_by: flags.triggeredBy }),
  };
  const provenance = Object.keys(reason).length === 0 ? {} : { provenance: reason };
  if (flags.name !== undefined) return { actor: sessionActor(board.sessions.get(flags.name)), ...provenance };
  const actor = flags.actor ?? host.env.LATTICE_ACTOR;
  if (actor === undefined || actor === '')
    throw new LatticeError('invalid_input', 'Say who acts with --actor or --name.', {
      hint: 'For example --actor human:ann, or set LATTICE_ACTOR.',
      details: { board_code: 'MISSING_ACTOR' },
    });
  const meta = {
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags.session === undefined ? {} : { session: flags.session }),
  };
  return {
    actor: checkedActor(actor),
    ...provenance,
    ...(Object.keys(meta).length > 0 && { agentMeta: meta }),
  };
}

/** @throws LatticeError `INVALID_ACTOR`. */
export function checkedActor(actor: string): string {
  if (isActorText(actor)) return actor;
  throw new LatticeError('invalid_input', `Invalid actor: '${actor.slice(0, 80)}'.`, {
    hint: 'Use human:, agent: or team: and a name, such as human:ann.',
    details: { board_code: 'INVALID_ACTOR' },
  });
}

/** The answer of a write: the task as it is now, or why there was nothing to do. */
export function taskAnswer(outcome: BoardOutcome, done: string): BoardAnswer {
  const { task, note, warnings } = outcome;
  const label = task.short_id ?? task.id;
  if (note !== undefined)
    return { data: { message: note }, human: `${label}: ${note}`, quiet: task.id, warnings };
  return { data: task, human: `${label} ${done}`, quiet: task.id, warnings };
}

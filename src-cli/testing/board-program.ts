import { Command } from 'commander';
import type { BoardHost } from '../board-host.ts';
import { addBoardCommands } from '../commands/board.ts';
import { addTaskCommands } from '../commands/task.ts';

/** What a command printed and how it ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs board commands in this process, as the real command line does in its own. */
export async function runBoardCommand(
  args: readonly string[],
  world: { cwd: string; env?: NodeJS.ProcessEnv; now?: () => Date },
): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  let code = 0;
  const host: BoardHost = {
    cwd: world.cwd,
    env: world.env ?? {},
    now: world.now ?? (() => new Date()),
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    exit: (value) => {
      code = value;
    },
  };
  const program = new Command('lattice').option('--json');
  addTaskCommands(program, host);
  addBoardCommands(program, host);
  await program.parseAsync(args, { from: 'user' });
  return { code, stdout, stderr };
}

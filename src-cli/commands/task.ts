import type { Command } from 'commander';
import { type BoardHost, processHost } from '../board-host.ts';
import { addTaskArchiveCommands } from './task-archive.ts';
import { addTaskCommentCommands } from './task-comment.ts';
import { addTaskLinkCommands } from './task-links.ts';
import { addTaskReadCommands } from './task-read.ts';
import { addTaskRunCommand } from './task-run.ts';
import { addTaskWriteCommands } from './task-write.ts';

/** Adds `lattice task`: the tasks of the board that this folder belongs to. */
export function addTaskCommands(program: Command, host: BoardHost = processHost()): Command {
  const group = program
    .command('task')
    .description('the tasks of a board')
    .addHelpText(
      'after',
      `
Examples:
  lattice task create "Ship the hub" --priority high --actor human:ann
  lattice task next --claim --actor agent:codex-1 --json
  lattice task plan LAT-7 write "1. look  2. fix  3. test"
  lattice task complete LAT-7 --review "Looks right" --actor agent:codex-1`,
    );
  addTaskWriteCommands(group, host);
  addTaskReadCommands(group, host);
  addTaskCommentCommands(group, host);
  addTaskLinkCommands(group, host);
  addTaskArchiveCommands(group, host);
  addTaskRunCommand(group, host);
  return group;
}

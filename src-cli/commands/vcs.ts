import { type Command, InvalidArgumentError } from 'commander';
import { hasVariable, loadLatticeConfig } from '../../src-main/config/lattice-config.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { openVcs } from '../../src-main/vcs/open-vcs.ts';
import type { Vcs } from '../../src-main/vcs/vcs.ts';
import { globalsOf } from '../globals.ts';
import { createOutput } from '../output.ts';
import { checkpointWords, commitWords, listWords, pushWords, statusWords, undoWords } from '../vcs-words.ts';

const COMMIT_MESSAGE = 'Work in progress';
const CHECKPOINT_MESSAGE = 'checkpoint by hand';

export function addVcsCommands(program: Command): void {
  const vcs = program
    .command('vcs')
    .description('checkpoints, commits, undo and push as vcs.preset of lattice.yaml says')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice vcs status\n  lattice vcs undo\n  lattice vcs push --dry-run',
    );

  vcs
    .command('status')
    .description('what is changed, and the last checkpoint')
    .addHelpText('after', '\nExamples:\n  lattice vcs status\n  lattice vcs status --json')
    .action((_options: unknown, command: Command) => show(command, (here) => here.status(), statusWords));

  vcs
    .command('list')
    .description('every checkpoint, the newest first')
    .addHelpText('after', '\nExamples:\n  lattice vcs list')
    .action((_options: unknown, command: Command) => show(command, (here) => here.list(), listWords));

  vcs
    .command('checkpoint')
    .description('keep the files as they are now; nothing in the project changes')
    .option('-m, --message <text>', 'what the checkpoint is called', CHECKPOINT_MESSAGE)
    .addHelpText('after', '\nExamples:\n  lattice vcs checkpoint -m "before the big change"')
    .action((options: { message: string }, command: Command) =>
      show(command, (here) => here.checkpoint(options.message), checkpointWords),
    );

  vcs
    .command('commit')
    .description('commit what is changed')
    .option('-m, --message <text>', 'the message of the commit', COMMIT_MESSAGE)
    .addHelpText('after', '\nExamples:\n  lattice vcs commit -m "Add the parser"')
    .action((options: { message: string }, command: Command) =>
      show(
        command,
        async (here) => {
          const before = await here.checkpoint('before a commit by hand');
          return { before, committed: (await here.commit({ message: options.message })) ?? null };
        },
        commitWords,
      ),
    );

  vcs
    .command('undo')
    .description('bring the files of the last checkpoint back; the state before is kept')
    .option('--to <number>', 'another checkpoint, or what an undo replaced', numberOption)
    .addHelpText('after', '\nExamples:\n  lattice vcs undo\n  lattice vcs undo --to 7')
    .action((options: { to?: number }, command: Command) =>
      show(command, (here) => here.undo(options.to), undoWords),
    );

  vcs
    .command('push')
    .description('push the commits to their remote')
    .option('--dry-run', 'only say what would be pushed')
    .addHelpText('after', '\nExamples:\n  lattice vcs push --dry-run\n  lattice vcs push')
    .action((options: { dryRun?: boolean }, command: Command) =>
      show(command, (here) => here.push({ dryRun: options.dryRun === true }), pushWords),
    );
}

/** The version control of the project that the command runs in. @throws what `openVcs` throws. */
export async function vcsHere(): Promise<Vcs> {
  const { document, projectDir } = await loadLatticeConfig({
    folder: process.cwd(),
    configDir: resolvePaths().configDir,
    hasVariable: hasVariable(process.env),
  });
  return openVcs({ config: document.vcs, projectDir, environment: process.env });
}

async function show<T>(
  command: Command,
  use: (vcs: Vcs) => Promise<T>,
  words: (result: T) => string[],
): Promise<void> {
  const output = createOutput(globalsOf(command).json === true);
  const result = await use(await vcsHere());
  output.result(result, () => words(result).join('\n'));
}

function numberOption(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Use the number of a checkpoint, as lattice vcs list shows it.');
}

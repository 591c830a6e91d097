import { type Command, InvalidArgumentError } from 'commander';
import { hasVariable, loadLatticeConfig } from '../../src-main/config/lattice-config.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { fillMessage } from '../../src-main/hooks/fill-message.ts';
import { openVcs } from '../../src-main/vcs/open-vcs.ts';
import type { Vcs } from '../../src-main/vcs/vcs.ts';
import { globalsOf } from '../globals.ts';
import { createOutput } from '../output.ts';
import { checkpointWords, commitWords, listWords, pushWords, statusWords, undoWords } from '../vcs-words.ts';

interface Texts {
  checkpoint: string;
  commit: string;
}

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
    .option('-m, --message <text>', 'what the checkpoint is called; vcs.config.checkpoint_message without')
    .addHelpText('after', '\nExamples:\n  lattice vcs checkpoint -m "before the big change"')
    .action((options: { message?: string }, command: Command) =>
      show(command, (here, texts) => here.checkpoint(options.message ?? texts.checkpoint), checkpointWords),
    );

  vcs
    .command('commit')
    .description('commit what is changed')
    .option('-m, --message <text>', 'the message of the commit; vcs.config.commit_message without')
    .addHelpText('after', '\nExamples:\n  lattice vcs commit -m "Add the parser"')
    .action((options: { message?: string }, command: Command) =>
      show(
        command,
        async (here, texts) => {
          const before = await here.checkpoint('before a commit by hand');
          return {
            before,
            committed: (await here.commit({ message: options.message ?? texts.commit })) ?? null,
          };
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

/** The version control of the project that the command runs in, and the messages it has for a person. */
export async function vcsHere(): Promise<{ vcs: Vcs; texts: Texts }> {
  const { document, projectDir } = await loadLatticeConfig({
    folder: process.cwd(),
    configDir: resolvePaths().configDir,
    hasVariable: hasVariable(process.env),
  });
  const { checkpoint_message = 'checkpoint by hand', commit_message = 'Work in progress' } =
    document.vcs?.config ?? {};
  const facts = { agent: 'hand', summary: 'work in progress' };
  return {
    vcs: await openVcs({ config: document.vcs, projectDir, environment: process.env }),
    texts: { checkpoint: fillMessage(checkpoint_message, facts), commit: fillMessage(commit_message, facts) },
  };
}

async function show<T>(
  command: Command,
  use: (vcs: Vcs, texts: Texts) => Promise<T>,
  words: (result: T) => string[],
): Promise<void> {
  const output = createOutput(globalsOf(command).json === true);
  const { vcs, texts } = await vcsHere();
  const result = await use(vcs, texts);
  output.result(result, () => words(result).join('\n'));
}

function numberOption(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Use the number of a checkpoint, as lattice vcs list shows it.');
}

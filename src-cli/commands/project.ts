import { resolve } from 'node:path';
import type { Command } from 'commander';
import { initProject } from '../../src-main/config/template.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, paint } from '../output.ts';

export function addProjectCommands(program: Command): void {
  program
    .command('init')
    .description('write lattice.yaml and three demo agents that need no key and no network')
    .argument('[folder]', 'where to', '.')
    .option('--force', 'write over files that are there')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice init\n  lattice init ~/agents && cd ~/agents && lattice serve',
    )
    .action(async (folder: string, options: { force?: boolean }, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const { projectDir, written, kept } = await initProject(resolve(folder), {
        force: options.force === true,
      });
      output.result({ folder: projectDir, written, kept }, () =>
        [
          ...written.map((file) => `${paint('green', 'wrote')}  ${file}`),
          ...kept.map((file) => `${paint('dim', 'kept')}   ${file}`),
          '',
          `Next: ${folder === '.' ? '' : `cd ${folder} && `}lattice serve --orchestration`,
          'Then, in another terminal: lattice agent exec system-reporter "How is this machine?"',
        ].join('\n'),
      );
    });
}

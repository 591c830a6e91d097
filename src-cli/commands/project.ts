import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadProject } from '../../src-main/agents/load-project.ts';
import { DEFAULT_AGENTS_DIR } from '../../src-main/agents/prompt-place.ts';
import { loadLatticeConfig } from '../../src-main/config/lattice-config.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { initProject } from '../../src-main/config/template.ts';
import { formatDiagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import { latticeYamlJsonSchema } from '../../src-shared/lattice-yaml/schema.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, EXIT_FAILED, paint } from '../output.ts';

export function addProjectCommands(program: Command): void {
  program
    .command('validate')
    .description('check lattice.yaml and the agents of a project, with line and column')
    .argument('[folder]', 'the project', '.')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice validate\n  lattice validate --json | jq ".data.diagnostics[]"',
    )
    .action(async (folder: string, _options: unknown, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const loaded = await loadLatticeConfig({ folder, configDir: resolvePaths().configDir });
      const { diagnostics, drafts } = await loadProject(loaded, DEFAULT_AGENTS_DIR);
      const project = loaded.projectDir;
      const errors = diagnostics.filter((each) => each.severity === 'error').length;
      output.result({ project, agents: drafts.size, diagnostics }, () =>
        [
          ...diagnostics.map(
            (each) =>
              `${paint(each.severity === 'error' ? 'red' : 'yellow', each.severity)} ${formatDiagnostic(each)}`,
          ),
          `${drafts.size} agents, ${errors} errors, ${diagnostics.length - errors} warnings in ${project}`,
        ].join('\n'),
      );
      if (errors > 0) process.exitCode = EXIT_FAILED;
    });

  program
    .command('schema')
    .description('print the JSON Schema of lattice.yaml for your editor')
    .addHelpText('after', '\nExamples:\n  lattice schema > lattice.schema.json')
    .action(() => {
      process.stdout.write(`${JSON.stringify(latticeYamlJsonSchema(), null, 2)}\n`);
    });

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

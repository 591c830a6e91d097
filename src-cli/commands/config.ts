import { Argument, type Command } from 'commander';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { type SettingName, settingTable, shownSetting } from '../../src-main/config/setting-table.ts';
import { loadStationConfig } from '../../src-main/config/station-config.ts';
import { completionScript, type Shell, shells } from '../completion.ts';
import { flagsOf, globalsOf } from '../globals.ts';
import { createOutput, paint, table } from '../output.ts';

export function addConfigCommands(program: Command): void {
  program
    .command('config')
    .description('show the settings of this station')
    .option('--origin', 'say where each value came from')
    .addHelpText('after', '\nExamples:\n  lattice config --origin\n  LATTICE_PORT=4333 lattice config --json')
    .action(async (options: { origin?: boolean }, command: Command) => {
      const globals = globalsOf(command);
      const output = createOutput(globals.json === true);
      const file = globals.config ?? resolvePaths().configFile;
      const { values, origins } = await loadStationConfig({
        file,
        env: process.env,
        flags: flagsOf(globals),
      });
      const names = Object.keys(settingTable) as SettingName[];
      const settings = names.map((name) => ({
        name,
        value: shownSetting(name, values[name]),
        origin: origins[name].origin,
        source: origins[name].source,
      }));
      output.result({ file, settings }, () =>
        [
          `${paint('dim', 'file')}  ${file}`,
          '',
          table(
            options.origin ? ['Setting', 'Value', 'From', 'Where'] : ['Setting', 'Value'],
            settings
              .filter((each) => options.origin || each.value !== undefined)
              .map((each) => [
                each.name,
                text(each.value),
                ...(options.origin ? [each.origin, each.source] : []),
              ]),
          ),
        ].join('\n'),
      );
    });

  program
    .command('completion')
    .description('print a completion script for your shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      '\nExamples:\n  source <(lattice completion bash)\n  lattice completion fish > ~/.config/fish/completions/lattice.fish',
    )
    .action((shell: Shell) => {
      process.stdout.write(completionScript(program, shell));
    });
}

function text(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

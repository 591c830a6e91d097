import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadProject } from '../../src-main/agents/load-project.ts';
import { DEFAULT_AGENTS_DIR } from '../../src-main/agents/prompt-place.ts';
import { hasVariable, loadLatticeConfig } from '../../src-main/config/lattice-config.ts';
import type { LoadedLattice } from '../../src-main/config/lattice-config-files.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { pluginStates } from '../../src-main/config/plugins/plugin-folder.ts';
import { initProject } from '../../src-main/config/template.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { type Diagnostic, formatDiagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import { type LatticeYaml, latticeYamlJsonSchema } from '../../src-shared/lattice-yaml/schema.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, EXIT_FAILED, paint } from '../output.ts';
import { resolvedYaml, withoutSecrets } from '../resolved-yaml.ts';
import { plural } from '../words.ts';
import { type InitFromOptions, initFrom } from './init-from.ts';

interface InitOptions extends Omit<InitFromOptions, 'from'> {
  force?: boolean;
  from?: string;
}

export function addProjectCommands(program: Command): void {
  program
    .command('validate')
    .description('check lattice.yaml and the agents of a project, with line and column')
    .argument('[folder]', 'the project, or a folder in it', '.')
    .option('--strict', 'warnings fail too')
    .option('--resolved', 'print what all files say together, without secrets')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice validate\n  lattice validate --strict\n  lattice validate --json | jq ".data.diagnostics[]"',
    )
    .action(async (folder: string, options: ValidateOptions, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const { document, ...checked } = await validate(folder);
      const resolved = withoutSecrets(document);
      output.result(options.resolved === true ? { ...checked, resolved } : checked, () =>
        options.resolved === true ? resolvedYaml(resolved) : validateText(checked),
      );
      const { errors, warnings } = checked;
      if (errors > 0 || (options.strict === true && warnings > 0)) process.exitCode = EXIT_FAILED;
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
    .description('write lattice.yaml and demo agents that need no key, or take over a workflow')
    .argument('[folder]', 'where to', '.')
    .option('--force', 'write over files that are there')
    .option(
      '--from <source>',
      'owner/name, gitlab:group/name, a git URL, a folder, a bare repository or a .tar.gz',
    )
    .option('--yes', 'take the workflow as shown, without asking')
    .option('--dry-run', 'only show what the workflow would bring')
    .option('--overwrite', 'replace files that differ; the old ones are kept as *.before-lattice')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice init\n  lattice init ~/agents && cd ~/agents && lattice serve\n  lattice init --from dpshade/ai-workflow --dry-run\n  lattice init --from ./my-workflow',
    )
    .action(async (folder: string, options: InitOptions, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      if (options.from !== undefined)
        return initFrom(resolve(folder), { ...options, from: options.from }, output);
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

interface ValidateOptions {
  strict?: boolean;
  resolved?: boolean;
}

interface Checked {
  project: string;
  name: string | undefined;
  version: string | undefined;
  author: string | undefined;
  layers: { scope: string; path: string; exists: boolean }[];
  agents: number;
  errors: number;
  warnings: number;
  diagnostics: Diagnostic[];
}

/** Checks all layers of a project and its agents. @throws LatticeError `not_found` where there is nothing to check. */
async function validate(folder: string): Promise<Checked & { document: LatticeYaml }> {
  const files = { folder, configDir: resolvePaths().configDir, hasVariable: hasVariable(process.env) };
  const installedPlugins = await installedOf(await loadLatticeConfig(files));
  const loaded = await loadLatticeConfig({ ...files, installedPlugins });
  const { diagnostics, drafts } = await loadProject(loaded, DEFAULT_AGENTS_DIR);
  const { projectDir: project, document } = loaded;
  const isThere = loaded.layers.some(({ scope, exists }) => exists && scope !== 'global');
  if (!isThere && drafts.size === 0 && diagnostics.length === 0)
    throw new LatticeError('not_found', `There is no lattice.yaml in ${project} or above it.`, {
      hint: 'Write one with lattice init.',
    });
  const errors = diagnostics.filter((each) => each.severity === 'error').length;
  return {
    document,
    project,
    name: document.name,
    version: document.version?.toString(),
    author: document.author,
    layers: loaded.layers.map(({ scope, path, exists }) => ({ scope, path, exists })),
    agents: drafts.size,
    errors,
    warnings: diagnostics.length - errors,
    diagnostics,
  };
}

/** The plugins that are installed; nothing while one of them cannot be read, which is a mistake of its own. */
async function installedOf({ projectDir, document }: LoadedLattice): Promise<string[] | undefined> {
  const states = await pluginStates(projectDir, document.plugins ?? []).catch(() => undefined);
  return states?.filter((state) => state.installed !== undefined).map((state) => state.spec.name);
}

function validateText(checked: Checked): string {
  const { project, name, version, author, layers, agents, errors, warnings, diagnostics } = checked;
  const by = author === undefined ? '' : `by ${author}`;
  const title = [name, version, by].filter((part) => part !== undefined && part !== '').join(' ');
  return [
    ...diagnostics.map(
      (each) =>
        `${paint(each.severity === 'error' ? 'red' : 'yellow', each.severity)} ${formatDiagnostic(each)}`,
    ),
    ...(title === '' ? [] : [paint('bold', title)]),
    ...layers
      .filter((layer) => layer.exists)
      .map((layer) => paint('dim', `${layer.scope.padEnd(7)} ${layer.path}`)),
    `${plural(agents, 'agent')}, ${plural(errors, 'error')}, ${plural(warnings, 'warning')} in ${project}`,
  ].join('\n');
}

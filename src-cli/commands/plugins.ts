import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { loadLatticeConfig } from '../../src-main/config/lattice-config.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import {
  newestVersion,
  type PluginState,
  pluginStates,
  syncPlugins,
} from '../../src-main/config/plugins/plugin-folder.ts';
import { parsePluginSpec } from '../../src-main/config/plugins/plugin-spec.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { applyEdit, type Edit } from '../../src-shared/lattice-yaml/edit/edit.ts';
import { isMap } from '../../src-shared/lattice-yaml/merge.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, paint, table } from '../output.ts';

const { env } = process;

export function addPluginCommands(program: Command): void {
  const plugins = program
    .command('plugins')
    .description('the plugins of lattice.yaml, in the project’s own folder, pinned and locked');
  plugins
    .command('list', { isDefault: true })
    .description('what is installed, and what is newer')
    .option('--offline', 'do not ask the registry for newer versions')
    .addHelpText('after', '\nExamples:\n  lattice plugins\n  lattice plugins list --offline --json')
    .action(async (options: { offline?: boolean }, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const { root, specs } = await project();
      const states = await pluginStates(root, specs);
      const rows = await Promise.all(
        states.map(async (state) => ({
          ...state,
          newest: await newest(root, state, options.offline === true),
        })),
      );
      output.result({ plugins: rows.map(told) }, () =>
        rows.length === 0
          ? 'lattice.yaml names no plugins. Add one with: lattice plugins add <name>@<version>'
          : table(
              ['PLUGIN', 'INSTALLED', 'NEWEST', ''],
              rows.map((row) => [
                row.spec.text,
                row.installed ?? '-',
                row.newest ?? '-',
                row.inStep ? '' : paint('yellow', 'not in step: lattice plugins sync'),
              ]),
            ),
      );
    });
  plugins
    .command('sync')
    .description('install exactly what lattice.yaml names; scripts of packages do not run')
    .addHelpText('after', '\nExamples:\n  lattice plugins sync')
    .action(async (_options: unknown, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const { root, specs } = await project();
      report(output, await syncPlugins({ root, specs, env }));
    });
  plugins
    .command('add')
    .description('add a plugin to lattice.yaml and install it')
    .argument('<plugin>', 'name@1.2.3, github:owner/name@v1.2.3 or file:../folder')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice plugins add oh-my-opencode@4.19.4\n  lattice plugins add file:../mine',
    )
    .action(async (text: string, _options: unknown, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const given = parsePluginSpec(text);
      const { root, own: specs, file } = await project();
      const pinned =
        given.kind === 'npm' && given.version === undefined
          ? `${given.name}@${await newestVersion(given.name, { cwd: root, env })}`
          : text;
      const at = specs.findIndex((spec) => parsePluginSpec(spec).name === given.name);
      const edit: Edit =
        at < 0
          ? specs.length === 0
            ? { kind: 'set', path: ['plugins'], value: [pinned] }
            : { kind: 'insert', path: ['plugins'], index: specs.length, value: pinned }
          : { kind: 'set', path: ['plugins', at], value: pinned };
      const next = at < 0 ? [...specs, pinned] : specs.with(at, pinned);
      const states = await syncPlugins({ root, specs: next, env });
      await edited(file, [edit]);
      report(output, states);
    });
  plugins
    .command('update')
    .description('pin every plugin of the registry to its newest version, and install')
    .option('--dry-run', 'only say what would change')
    .addHelpText('after', '\nExamples:\n  lattice plugins update --dry-run')
    .action(async (options: { dryRun?: boolean }, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const { root, own: specs, file } = await project();
      const states = await pluginStates(root, specs);
      const next = await Promise.all(
        states.map(async (state) => {
          const version = await newest(root, state, false);
          return version === undefined ? state.spec.text : `${state.spec.name}@${version}`;
        }),
      );
      const edits = next.flatMap((text, index): Edit[] =>
        text === specs[index] ? [] : [{ kind: 'set', path: ['plugins', index], value: text }],
      );
      const changes = specs.flatMap((from, index) =>
        from === next[index] ? [] : [{ from, to: next[index] }],
      );
      if (options.dryRun === true || edits.length === 0) {
        output.result({ changes, written: false }, () =>
          changes.length === 0
            ? 'Every plugin is at its newest version.'
            : changes.map(({ from, to }) => `${from} -> ${to}`).join('\n'),
        );
        return;
      }
      const after = await syncPlugins({ root, specs: next, env });
      await edited(file, edits);
      report(output, after);
    });
}

interface Project {
  root: string;
  /** The plugins that count, from all layers. */
  specs: readonly string[];
  /** Those that the project's own file names, where changes go. */
  own: readonly string[];
  file: string;
}

async function project(): Promise<Project> {
  const loaded = await loadLatticeConfig({ folder: '.', configDir: resolvePaths().configDir });
  const layer = loaded.layers.find(({ scope }) => scope === 'project');
  if (layer === undefined || !layer.exists || loaded.broken)
    throw new LatticeError(
      'not_found',
      `There is no lattice.yaml that can be read in ${loaded.projectDir}.`,
      {
        hint: 'Write one with: lattice init. See what is wrong with: lattice validate',
      },
    );
  const named = isMap(layer.yaml?.value) ? layer.yaml.value.plugins : undefined;
  const own = Array.isArray(named) ? named.filter((each) => typeof each === 'string') : [];
  return { root: loaded.projectDir, specs: loaded.document.plugins ?? [], own, file: layer.path };
}

/** Changes only the lines of the plugins; everything else of the file stays as a person wrote it. */
async function edited(file: string, edits: readonly Edit[]): Promise<void> {
  const before = await readFile(file, 'utf8');
  await writeFileAtomic(
    file,
    edits.reduce((text, edit) => applyEdit(text, edit).text, before),
  );
}

/** Nothing for a plugin that no registry knows, and when the registry does not answer. */
async function newest(root: string, { spec }: PluginState, offline: boolean): Promise<string | undefined> {
  if (offline || spec.kind !== 'npm') return undefined;
  return newestVersion(spec.name, { cwd: root, env }).catch(() => undefined);
}

function told(state: PluginState & { newest?: string | undefined }) {
  const { spec, installed, inStep, newest: version } = state;
  return { plugin: spec.text, name: spec.name, from: spec.kind, installed, newest: version, in_step: inStep };
}

function report(output: ReturnType<typeof createOutput>, states: readonly PluginState[]): void {
  output.result({ plugins: states.map(told) }, () =>
    states
      .map(
        ({ spec, installed }) =>
          `${paint('green', 'ok')}  ${spec.text}${installed ? `  (${installed})` : ''}`,
      )
      .concat('', 'The lock is .lattice-plugins/package-lock.json; commit it. Next: lattice generate')
      .join('\n'),
  );
}

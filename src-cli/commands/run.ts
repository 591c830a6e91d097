import type { Command } from 'commander';
import { hasVariable, loadLatticeConfig } from '../../src-main/config/lattice-config.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { openRouting } from '../../src-main/routing/open-routing.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import type { commandActions } from '../../src-shared/lattice-yaml/actions.ts';
import { closest } from '../../src-shared/lattice-yaml/closest.ts';
import { own } from '../../src-shared/routing/own.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, paint, table } from '../output.ts';
import { checkpointWords, commitWords, pushWords, statusWords, undoWords } from '../vcs-words.ts';
import { vcsHere } from './vcs.ts';

interface Done {
  data: unknown;
  words: string[];
}

/** What each action of a command of lattice.yaml does. */
const actions: Readonly<Record<(typeof commandActions)[number], (name: string) => Promise<Done>>> = {
  'vcs.status': async () => done(await (await vcsHere()).vcs.status(), statusWords),
  'vcs.checkpoint': async (name) =>
    done(await (await vcsHere()).vcs.checkpoint(`checkpoint: ${name}`), checkpointWords),
  'vcs.commit': async (name) => {
    const { vcs } = await vcsHere();
    const before = await vcs.checkpoint(`before lattice run ${name}`);
    return done({ before, committed: (await vcs.commit({ message: name })) ?? null }, commitWords);
  },
  'vcs.undo': async () => done(await (await vcsHere()).vcs.undo(), undoWords),
  'vcs.push': async () => done(await (await vcsHere()).vcs.push({ dryRun: false }), pushWords),
  'providers.status': providersStatus,
  'agents.status': agentsStatus,
};

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('run a command of lattice.yaml by its name, or list them')
    .argument('[name]', 'a name under commands:')
    .addHelpText('after', '\nExamples:\n  lattice run\n  lattice run ship\n  lattice run undo --json')
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const { document } = await loadLatticeConfig({
        folder: process.cwd(),
        configDir: resolvePaths().configDir,
        hasVariable: hasVariable(process.env),
      });
      const commands = document.commands ?? {};
      if (name === undefined) {
        const rows = Object.entries(commands).map(([key, each]) => [
          key,
          each.action,
          each.description ?? '',
        ]);
        output.result({ commands }, () =>
          rows.length === 0 ? 'lattice.yaml has no commands:.' : table(['name', 'action', 'does'], rows),
        );
        return;
      }
      const found = own(commands, name);
      if (found === undefined) throw noCommand(name, Object.keys(commands));
      if (!isAction(found.action)) {
        throw new LatticeError(
          'unsupported',
          `The command ${name} asks for ${found.action}, which is no action.`,
          {
            hint: `Use ${Object.keys(actions).join(', ')}.`,
          },
        );
      }
      output.line(paint('dim', `${name}: ${found.action}`));
      const { data, words } = await actions[found.action](name);
      output.result({ command: name, action: found.action, result: data }, () => words.join('\n'));
    });
}

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name);
}

function noCommand(name: string, known: readonly string[]): LatticeError {
  const meant = closest(name, known);
  const all = known.length === 0 ? 'lattice.yaml has no commands:.' : `There are ${known.join(', ')}.`;
  return new LatticeError('not_found', `lattice.yaml has no command ${name}.`, {
    hint: meant === undefined ? all : `Did you mean ${meant}?`,
  });
}

function done<T>(data: T, words: (data: T) => string[]): Done {
  return { data, words: words(data) };
}

async function routingHere() {
  const problems: string[] = [];
  const routing = await openRouting({
    paths: resolvePaths(),
    env: process.env,
    folder: process.cwd(),
    onProblem: (problem) => problems.push(problem.message),
  });
  return { ...routing, problems };
}

async function providersStatus(): Promise<Done> {
  const { document, usage, problems } = await routingHere();
  const { today, month } = usage.figures(Date.now());
  const providers = document.providers.map(({ name, caps }) => ({
    name,
    calls_today: own(today.by_provider, name)?.calls ?? 0,
    usd_this_month: own(month.by_provider, name)?.usd ?? 0,
    limits: caps.map(({ limit, unit, per }) =>
      unit === 'usd' ? `$${limit} a ${per}` : `${limit} calls a ${per}`,
    ),
  }));
  const rows = providers.map((each) => [
    each.name,
    String(each.calls_today),
    `$${each.usd_this_month.toFixed(2)}`,
    each.limits.join(', ') || 'no limit',
  ]);
  return {
    data: { providers, problems },
    words: [table(['provider', 'calls today', 'this month', 'limits'], rows), ...problems],
  };
}

async function agentsStatus(): Promise<Done> {
  const { document, problems } = await routingHere();
  const agents = document.agents.map(({ name, triggers }) => ({ name, triggers }));
  const rows = agents.map((each) => [each.name, each.triggers.join(' ')]);
  return { data: { agents, problems }, words: [table(['agent', 'triggers'], rows), ...problems] };
}

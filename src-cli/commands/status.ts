import type { Command } from 'commander';
import { PresenceCheck } from '../../src-main/agents/runtimes/presence.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, paint, table } from '../output.ts';

/** Adds what `lattice status` says about one thing. */
export function addStatusCommands(program: Command): void {
  program.commands
    .find((each) => each.name() === 'status')
    ?.command('agents')
    .description('show the coding agents on this machine and the agents of this project')
    .addHelpText('after', '\nExamples:\n  lattice status agents\n  lattice status agents --json')
    .action(async (_options: unknown, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const { openLocalAgents } = await import('../../src-main/local-agents.ts');
      const agents = await openLocalAgents({
        paths: resolvePaths(),
        env: process.env,
        folder: process.cwd(),
        onProblem: () => undefined,
      });
      try {
        const runtimes = await new PresenceCheck({ environment: process.env }).all();
        const infos = agents.definitions().map(({ info }) => info);
        output.result({ runtimes, agents: infos }, () =>
          [
            table(
              ['Runtime', 'State', 'Version', ''],
              runtimes.map(({ title, state, version, hint }) => [
                title,
                paint(state === 'installed' ? 'green' : 'yellow', state),
                version ?? '',
                hint ?? '',
              ]),
            ),
            '',
            infos.length === 0
              ? 'This project has no agents.'
              : table(
                  ['Agent', 'Runner', 'Models', 'Cost'],
                  infos.map(({ name, runner, models = [], cost_class = '' }) => [
                    name,
                    runner,
                    models.join(', '),
                    cost_class,
                  ]),
                ),
          ].join('\n'),
        );
      } finally {
        await agents[Symbol.asyncDispose]();
      }
    });
}

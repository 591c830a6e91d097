import type { Command } from 'commander';
import { loadProject } from '../../src-main/agents/load-project.ts';
import { DEFAULT_AGENTS_DIR } from '../../src-main/agents/prompt-place.ts';
import { PresenceCheck, type RuntimePresence } from '../../src-main/agents/runtimes/presence.ts';
import { hasVariable } from '../../src-main/config/lattice-config.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { loadRouting } from '../../src-main/routing/load-routing.ts';
import { openRouting } from '../../src-main/routing/open-routing.ts';
import { type ProviderStatus, providerStatus } from '../../src-main/routing/provider-status.ts';
import type { Cap } from '../../src-shared/routing/caps.ts';
import { dollars } from '../../src-shared/routing/money.ts';
import { planLabel } from '../../src-shared/routing/plan.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, cut, paint, table } from '../output.ts';

/** Adds what the status of a project is made of: its providers and its agents. */
export function addStatusParts(status: Command): void {
  status
    .command('providers')
    .description('show the providers of this project: keys, calls, money, budgets left')
    .addHelpText('after', '\nExamples:\n  lattice status providers\n  lattice status providers --json')
    .action(async (_options: unknown, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const problems: string[] = [];
      const routing = await openRouting({
        paths: resolvePaths(),
        env: process.env,
        folder: process.cwd(),
        onProblem: (problem) => problems.push(problem.message),
      });
      const now = Date.now();
      const providers = providerStatus(routing, routing.document, hasVariable(process.env), now);
      output.result({ project: routing.projectDir, providers, problems }, () =>
        [
          providerTable(providers, now),
          ...problems.map((each) => `${paint('yellow', 'warning')} ${each}`),
        ].join('\n'),
      );
    });

  status
    .command('agents')
    .description('show the agents of this project and the coding agents that are installed')
    .addHelpText('after', '\nExamples:\n  lattice status agents\n  lattice status agents --json')
    .action(async (_options: unknown, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const loaded = await loadRouting({ folder: process.cwd(), configDir: resolvePaths().configDir });
      const { drafts } = await loadProject(loaded, DEFAULT_AGENTS_DIR);
      const agents = [...drafts.values()].map(({ info }) => {
        const routed = loaded.routing.agents.find((each) => each.name === info.name);
        return {
          name: info.name,
          runner: info.runner,
          description: info.description,
          triggers: loaded.document.agents?.[info.name]?.triggers ?? [],
          routing: routed === undefined ? undefined : planLabel(routed.plan),
          models: routed?.plan.models.map((model) => model.name) ?? info.models ?? [],
          ...(info.cost_class === undefined ? {} : { cost_class: info.cost_class }),
        };
      });
      const runtimes = await new PresenceCheck({ environment: process.env }).all();
      const agentTable =
        agents.length === 0
          ? 'No agent is defined here.'
          : table(
              ['Agent', 'Runs as', 'Triggers', 'Routing', 'Description'],
              agents.map((agent) => [
                paint('bold', agent.name),
                agent.runner,
                agent.triggers.join(' '),
                agent.routing ?? '',
                cut(agent.description, 60),
              ]),
            );
      output.result(
        { project: loaded.projectDir, agents, runtimes },
        () => `${agentTable}\n\n${runtimeTable(runtimes)}`,
      );
    });
}

function runtimeTable(runtimes: readonly RuntimePresence[]): string {
  return table(
    ['Coding agent', 'State', 'Version', ''],
    runtimes.map(({ title, state, version, hint }) => [
      paint('bold', title),
      state === 'installed' ? state : paint('yellow', state),
      version ?? '',
      hint ?? '',
    ]),
  );
}

function providerTable(providers: readonly ProviderStatus[], now: number): string {
  if (providers.length === 0) return 'No provider is defined here.';
  return table(
    ['Provider', 'Key', 'Calls today', 'This month', 'Limits', ''],
    providers.map(({ name, key, caps, today, month, pausedUntil }) => [
      paint('bold', name),
      key === undefined ? 'none needed' : key.present ? key.name : paint('red', `${key.name} is not set`),
      String(today.calls),
      `${month.estimated_usd > 0 ? 'about ' : ''}${dollars(month.usd)}`,
      caps.map((cap) => capWords(cap, name)).join(', '),
      pausedUntil === undefined
        ? ''
        : paint('yellow', `paused for ${Math.ceil((pausedUntil - now) / 1_000)} s`),
    ]),
  );
}

function capWords(cap: Cap, provider: string): string {
  const { name, unit, per, limit, used, estimated } = cap;
  const whose = name === provider ? '' : `${name.slice(provider.length + 1)}: `;
  const left = Math.max(0, limit - used);
  const what =
    unit === 'usd'
      ? `${estimated ? 'about ' : ''}${dollars(left)} of ${dollars(limit)}`
      : `${left} of ${limit} calls`;
  return `${whose}${what} left ${per === 'day' ? 'today' : 'this month'}`;
}

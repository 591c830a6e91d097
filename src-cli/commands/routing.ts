import { type Command, InvalidArgumentError } from 'commander';
import { hasVariable } from '../../src-main/config/lattice-config.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { LocalModels } from '../../src-main/gateway/local-models.ts';
import { loadRouting } from '../../src-main/routing/load-routing.ts';
import { type OpenRouting, openRouting } from '../../src-main/routing/open-routing.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { formatDiagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import type { Decision } from '../../src-shared/routing/decision.ts';
import { type AgentMatch, matchAgent, type RoutingDocument } from '../../src-shared/routing/document.ts';
import { isForeseeable, planLabel, type RoutingPlan } from '../../src-shared/routing/plan.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, type Output, paint } from '../output.ts';
import { nextCalls, oneCall, positionLines } from '../routing-words.ts';

interface RouteOptions {
  next?: number;
  explain?: boolean;
}

export function addRoutingCommands(program: Command): void {
  program
    .command('route')
    .description('show which model a request would use, without calling it')
    .argument('<request...>', 'a trigger such as /plan, or an agent, and the text of the request')
    .option('--next <count>', 'the next calls, 1 to 1000', countOption)
    .option('--explain', 'say for every model why it is taken or not')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice route "/plan the release"\n  lattice route implementer --next 20 --explain\n  lattice route /code --next 100 --json',
    )
    .action(async (words: string[], options: RouteOptions, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const { routing, problems } = await open();
      const match = matched(routing.document, words.join(' '));
      const { agent, trigger, text } = match;
      const decisions = routing.router.preview(agent.name, options.next ?? 1, { text });
      output.result(
        {
          agent: agent.name,
          trigger,
          strategy: agent.plan.strategy,
          on_unavailable: agent.plan.onUnavailable,
          problems: [...problems(), ...agent.plan.problems],
          calls: decisions.map(({ state: _state, ...decision }) => decision),
        },
        () =>
          [
            ...routeLines(match, decisions, options),
            ...warnings([...problems(), ...agent.plan.problems]),
          ].join('\n'),
      );
    });

  const routing = program
    .command('routing')
    .description('show where the routing of every agent stands')
    .addHelpText('after', '\nExamples:\n  lattice routing\n  lattice routing reset implementer')
    .action(async (_options: unknown, command: Command) =>
      showRouting(createOutput(globalsOf(command).json === true)),
    );

  routing
    .command('reset')
    .description('put routing back to the first position; usage and budgets stay')
    .argument('[agent]', 'one agent instead of all')
    .addHelpText('after', '\nExamples:\n  lattice routing reset\n  lattice routing reset implementer')
    .action(async (agent: string | undefined, _options: unknown, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const { routing: opened, problems } = await open();
      const reset = await opened.router.reset(agent);
      output.result({ reset, problems: problems() }, () =>
        [
          reset.length === 0
            ? 'No agent has routed a call yet.'
            : `Back at the first position: ${reset.join(', ')}.`,
          ...warnings(problems()),
        ].join('\n'),
      );
    });
}

async function showRouting(output: Output): Promise<void> {
  const { routing, problems } = await open();
  const positions = routing.router.positions();
  const { cool_downs } = routing.store.read();
  output.result(
    {
      agents: positions.map(({ agent, state, next, callsToday }) => ({
        name: agent.name,
        label: planLabel(agent.plan),
        by_default: agent.byDefault,
        state,
        next: nextOf(agent.plan, next),
        calls_today: callsToday,
        problems: agent.plan.problems,
      })),
      cool_downs,
      problems: problems(),
    },
    () => [...positionLines(positions, cool_downs, Date.now()), ...warnings(problems())].join('\n'),
  );
}

function nextOf(plan: RoutingPlan, next: Decision): object {
  if (next.outcome !== 'chosen') return { outcome: next.outcome, why: next.why };
  return isForeseeable(plan) ? { outcome: next.outcome, model: next.model } : { outcome: 'drawn' };
}

/** Opens the routing of the folder the command runs in, and gathers what a person should know on the way. */
async function open(): Promise<{ routing: OpenRouting; problems: () => string[] }> {
  const found: string[] = [];
  const paths = resolvePaths();
  const folder = process.cwd();
  const hasKey = hasVariable(process.env);
  const loaded = await loadRouting({ folder, configDir: paths.configDir, hasVariable: hasKey });
  const locals = new LocalModels({ providers: () => loaded.document.providers ?? {} });
  await locals.look();
  const routing = await openRouting({
    paths,
    env: process.env,
    folder,
    config: { current: { value: loaded } },
    onProblem: (problem) => found.push(problem.message),
    installedModels: (provider) => locals.installed(provider),
  });
  return {
    routing,
    problems: () => [
      ...routing.diagnostics.map(formatDiagnostic),
      ...routing.router.blindBudgets(),
      ...new Set(found),
    ],
  };
}

function matched(document: RoutingDocument, request: string): AgentMatch {
  const match = matchAgent(document, request);
  if (match !== undefined) return match;
  const known = document.agents.flatMap((agent) =>
    agent.triggers.length > 0 ? agent.triggers : [agent.name],
  );
  throw new LatticeError('not_found', `No agent answers to ${request.split(/\s/, 1)[0] ?? request}.`, {
    hint: known.length === 0 ? 'No agent of lattice.yaml has routing.' : `There are ${known.join(', ')}.`,
  });
}

function routeLines(match: AgentMatch, decisions: readonly Decision[], options: RouteOptions): string[] {
  const { agent, trigger } = match;
  const route = trigger === undefined ? agent.name : `${trigger} → ${agent.name}`;
  const heading = `${paint('bold', route)}  ${paint('dim', planLabel(agent.plan))}`;
  const now = Date.now();
  const body =
    options.next === undefined
      ? oneCall(decisions[0], options.explain === true, now)
      : nextCalls(decisions, options.explain === true);
  return [heading, '', ...body];
}

function warnings(problems: readonly string[]): string[] {
  return problems.length === 0
    ? []
    : ['', ...problems.map((problem) => `${paint('yellow', 'warning')} ${problem}`)];
}

function countOption(text: string): number {
  const count = Number(text);
  if (!/^\d{1,4}$/.test(text) || count < 1 || count > 1_000)
    throw new InvalidArgumentError('Use a number from 1 to 1000.');
  return count;
}

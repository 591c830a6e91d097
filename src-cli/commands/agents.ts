import type { Command } from 'commander';
import { LatticeError } from '../../src-shared/errors.ts';
import type { AgentView, RouteCandidate } from '../../src-shared/views/mesh.ts';
import { type LatticeClient, withLattice } from '../client.ts';
import { durationOption, type GlobalOptions, globalsOf, pairOption } from '../globals.ts';
import { createOutput, cut, paint, table } from '../output.ts';
import { followRun } from '../run-progress.ts';
import { durationLine, statusWord } from '../words.ts';

interface ExecOptions extends GlobalOptions {
  station?: string;
  context?: Record<string, unknown>;
  timeout?: number;
  wait?: boolean;
}

export function addAgentCommands(program: Command): void {
  program
    .command('agents')
    .description('list the agents of all stations')
    .option('--capability <name>', 'only agents that declare it')
    .option('--station <name>', 'only agents of this station, by name or id')
    .addHelpText('after', '\nExamples:\n  lattice agents\n  lattice agents --capability text --json')
    .action(async (options: { capability?: string; station?: string }, command: Command) => {
      const globals = globalsOf(command);
      const output = createOutput(globals.json === true);
      await withLattice(globals, async (lattice) => {
        const agents = lattice.mesh.registry.agents.snapshot().filter((agent) => matches(agent, options));
        output.result({ agents }, () => (agents.length === 0 ? noAgents(options) : agentTable(agents)));
      });
    });

  const agent = program.command('agent').description('show or run one agent');
  agent
    .command('show')
    .description('show what an agent is and where it runs')
    .argument('<name>', 'the agent, or station/agent')
    .addHelpText('after', '\nExamples:\n  lattice agent show counter')
    .action(async (name: string, _options: unknown, command: Command) => {
      const globals = globalsOf(command);
      const output = createOutput(globals.json === true);
      await withLattice(globals, async (lattice) => {
        const replicas = findAgents(lattice, name);
        output.result({ name, replicas }, () => describe(replicas));
      });
    });

  agent
    .command('exec')
    .description('run a task on an agent where there is room, and print its result')
    .argument('<name>', 'the agent, or station/agent')
    .argument('<task...>', 'what to do, in words')
    .option('--station <name>', 'run it on this station, by name or id')
    .option('--context <key=value>', 'a value that travels with the task; may be given again', pairOption)
    .option('--timeout <time>', 'how long it may run, such as 90s or 5m', durationOption, 300_000)
    .option('--no-wait', 'fail at once when every slot is busy')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice agent exec system-reporter "How is this machine?"\n  lattice agent exec counter "Count" --context to=10 --station forge',
    )
    .action(async (name: string, words: string[], _options: unknown, command: Command) => {
      await runOnMesh(name, words.join(' '), command.optsWithGlobals<ExecOptions>());
    });
}

/** Runs a task on an agent where there is room, and prints its result. */
export async function runOnMesh(name: string, task: string, options: ExecOptions): Promise<void> {
  const output = createOutput(options.json === true);
  const progress = followRun(output);
  const abort = new AbortController();
  const onSignal = () => abort.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    await withLattice(options, async (lattice) => {
      const timeoutMs = options.timeout ?? 300_000;
      let candidates: RouteCandidate[] = [];
      const done = await lattice.mesh.invoker.invoke({
        target: { agent: name, station: options.station },
        task,
        context: options.context ?? {},
        timeoutMs,
        waitMs: options.wait === false ? 0 : timeoutMs,
        signal: abort.signal,
        onRoute: (route) => {
          candidates = route.candidates;
        },
        ...(output.json ? {} : { onReport: progress.report }),
      });
      progress.end();
      output.result({ ...done, candidates }, () => progress.unseen(done.result));
      if (progress.watched) process.stderr.write(`${durationLine(done)}\n`);
    });
  } finally {
    progress.end();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function matches(agent: AgentView, options: { capability?: string; station?: string }): boolean {
  const { capability, station } = options;
  return (
    (capability === undefined || agent.capabilities.includes(capability)) &&
    (station === undefined || agent.station_id === station || agent.station_name === station)
  );
}

function findAgents(lattice: LatticeClient, name: string): AgentView[] {
  const [agent = name, station] = name.split('/').reverse();
  const all = lattice.mesh.registry.agents.snapshot();
  const found = all.filter(
    (each) => each.name === agent && matches(each, station === undefined ? {} : { station }),
  );
  if (found.length > 0) return found;
  throw new LatticeError('not_found', `No station offers ${name}.`, {
    hint: 'lattice agents lists what there is.',
  });
}

function noAgents(options: { capability?: string; station?: string }): string {
  if (options.capability !== undefined || options.station !== undefined)
    return 'No agent fits. lattice agents lists all.';
  return 'No station offers an agent yet.\nlattice init writes demo agents into a folder; serve it to see them here.';
}

function agentTable(agents: AgentView[]): string {
  const rows = [...agents].sort(
    (a, b) => a.name.localeCompare(b.name) || a.station_name.localeCompare(b.station_name),
  );
  return table(
    ['Agent', 'Station', 'State', 'Runner', 'Capabilities', 'Description'],
    rows.map((agent) => [
      paint(
        'bold',
        agent.conflict && !agent.conflict.holds_name ? `${agent.station_name}/${agent.name}` : agent.name,
      ) + (agent.conflict ? paint('yellow', ' conflict') : ''),
      agent.station_name,
      statusWord(agent.station_status),
      agent.runner,
      agent.capabilities.join(', '),
      cut(agent.description, 60),
    ]),
  );
}

function describe(replicas: AgentView[]): string {
  const [first] = replicas;
  if (!first) return '';
  const facts: [string, string][] = [
    ['Runner', first.runner],
    ['Models', (first.models ?? [first.model ?? '']).join(', ')],
    ['Cost', first.cost_class ?? ''],
    ['Capabilities', first.capabilities.join(', ')],
    ['Input', first.input_schema ? JSON.stringify(first.input_schema) : ''],
  ];
  return [
    `${paint('bold', first.name)}  ${first.description}`,
    '',
    ...facts.filter(([, value]) => value !== '').map(([label, value]) => `${label.padEnd(13)} ${value}`),
    '',
    table(
      ['Station', 'State', 'Definition', 'Since'],
      replicas.map((agent) => [
        agent.station_name,
        statusWord(agent.station_status) +
          (agent.conflict && !agent.conflict.holds_name ? paint('yellow', ' conflict') : ''),
        agent.digest.slice(0, 7),
        agent.registered_at.slice(0, 16).replace('T', ' '),
      ]),
    ),
  ].join('\n');
}

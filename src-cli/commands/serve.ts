import { basename } from 'node:path';
import type { Command } from 'commander';
import { openBoardServices } from '../../src-main/board-services.ts';
import { hubTargetOf } from '../../src-main/config/hub-target.ts';
import type { ContextTarget } from '../../src-main/config/nats-contexts.ts';
import { type Paths, resolvePaths } from '../../src-main/config/paths.ts';
import { findProjectDir } from '../../src-main/config/project.ts';
import type { StationConfig } from '../../src-main/config/setting-table.ts';
import { type FlagValues, loadStationConfig } from '../../src-main/config/station-config.ts';
import { runningStations } from '../../src-main/config/station-home.ts';
import { LatticeNode } from '../../src-main/lattice-node.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import type { NodeView } from '../../src-shared/views/node.ts';
import { flagsOf, type GlobalOptions } from '../globals.ts';
import { createOutput, type Output, paint } from '../output.ts';
import { stopOnSignals } from '../stop-on-signals.ts';
import { terminalNotices } from '../terminal-notices.ts';
import { withoutCoreDumps } from '../without-core-dumps.ts';
import { askingText } from './devices.ts';

export interface ServeOptions extends GlobalOptions {
  orchestration?: boolean;
  share?: boolean;
  /** A join link to get in with; given by `lattice join`. */
  link?: string;
  lattice?: string;
  /** The context of the nats command line to join by. */
  context?: string;
  name?: string;
  port?: string;
  httpPort?: string;
  storeDir?: string;
  maxParallel?: string;
}

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run a station: alone, as the host of a lattice, or as a member of one')
    .option('--orchestration', 'host the hub on this machine')
    .option('--share', 'open that hub to the network, with TLS and a key for each device')
    .option('--lattice <url>', 'join the hub at this address')
    .option('--context <name>', 'join the hub of a context of the nats command line')
    .option('--name <name>', 'the name of this station')
    .option('--port <port>', 'port of the hub, 0 for any free one (default 4222)')
    .option('--http-port <port>', 'port of the monitor on loopback (default 8222)')
    .option('--store-dir <folder>', 'where the hub keeps its data')
    .option('--max-parallel <n>', 'how many runs this station carries at once')
    .addHelpText(
      'after',
      `
Examples:
  lattice serve                                  alone, on a private hub
  lattice serve --orchestration                  host a lattice on port 4222
  lattice serve --orchestration --share          host one that others join by lattice invite
  lattice serve --lattice nats://hub:4222        join one by its address
  lattice serve --context team                   join one by a context of the nats command line
  LATTICE_NATS_TOKEN=… lattice serve --lattice nats://hub:4222`,
    )
    .action(async (_options: unknown, command: Command) => serve(command.optsWithGlobals<ServeOptions>()));
}

/** Runs a station until a signal asks it to stop. @throws LatticeError when its lattice does not let it in, also later. */
export async function serve(options: ServeOptions): Promise<void> {
  if (options.orchestration && (options.lattice ?? options.context) !== undefined) {
    throw new LatticeError('invalid_input', 'A station hosts a lattice or joins one.', {
      hint: 'Use --orchestration, or --lattice or --context.',
    });
  }
  if (options.share && !options.orchestration)
    throw new LatticeError('invalid_input', 'Only a hub that runs here can be shared.', {
      hint: 'Use --share with --orchestration.',
    });
  const output = createOutput(options.json === true);
  withoutCoreDumps(output);
  const paths = resolvePaths();
  const loaded = await loadStationConfig({
    file: options.config ?? paths.configFile,
    env: process.env,
    flags: serveFlags(options),
  });
  const { values, origins } = loaded;
  const elsewhere = options.orchestration ? undefined : await hubTargetOf(loaded, process.env);
  const projectDir = values.project_dir ?? findProjectDir(process.cwd());
  const named = origins.station_name.origin !== 'default';
  const config = named
    ? values
    : { ...values, station_name: await ownName(paths, values.station_name, projectDir) };
  const stop = stopOnSignals(output);
  const node = await LatticeNode.create({ paths, config, projectDir, notify: terminalNotices(output) });
  const boards = await openBoardServices(node, (message, error) =>
    output.line(`${paint('yellow', message)}  ${LatticeError.from(error).message}`),
  );
  try {
    await start(node, { config, elsewhere }, options, output);
    output.result({ event: 'ready', ...readiness(node.view.value, node) }, () =>
      readyText(node.view.value, node),
    );
    const news = node.events.on(({ upserts }) => {
      for (const event of upserts) output.line(`${paint('dim', event.time.slice(11, 19))}  ${event.detail}`);
    });
    const asking = node.waiting.on(({ upserts }) => {
      for (const device of upserts)
        output.line(`${askingText(device)}. Answer with lattice devices approve ${device.name} [--deny]`);
    });
    await Promise.race([stop.asked, putOut(node)]).finally(() => {
      asking[Symbol.dispose]();
      news[Symbol.dispose]();
    });
  } finally {
    stop.begin();
    await boards[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
    stop.end();
  }
  output.line('Stopped.');
}

/** Rejects when the hub does not let this member in any more: it could only sit there and look well. */
function putOut(node: LatticeNode): Promise<never> {
  return new Promise((_resolve, reject) => {
    node.view.on(() => {
      const { mode, connection } = node.view.value;
      if (mode === 'member' && connection.state === 'failed' && connection.error)
        reject(LatticeError.fromShape(connection.error));
    });
  });
}

/** The name of the machine, with the folder after it when a station of this machine has that name already. */
async function ownName(paths: Paths, name: string, projectDir: string): Promise<string> {
  const others = await runningStations(paths.dataDir);
  return others.some((other) => other.station_name === name) ? `${name}-${basename(projectDir)}` : name;
}

function serveFlags(options: ServeOptions): FlagValues {
  const given: FlagValues = {
    nats_url: options.lattice,
    nats_context: options.context,
    station_name: options.name,
    port: options.port,
    http_port: options.httpPort,
    store_dir: options.storeDir,
    max_parallel: options.maxParallel,
  };
  return {
    ...flagsOf(options),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}

async function start(
  node: LatticeNode,
  { config, elsewhere }: { config: StationConfig; elsewhere: ContextTarget | undefined },
  options: ServeOptions,
  output: Output,
): Promise<void> {
  await node.catalog.ready;
  if (options.link !== undefined) {
    const words = await node.joining.keyWords();
    return node.joinLink(options.link, {
      onWaiting: () =>
        output.line(
          `The host has to say yes first. It sees the key of this device as ${words}. Waiting for it.`,
        ),
    });
  }
  const named = options.lattice !== undefined || options.context !== undefined;
  const chosen = options.orchestration === true || named || config.mode !== undefined;
  if (!chosen && elsewhere === undefined && (await node.joining.membership())) return node.rejoin();
  const mode = options.orchestration ? 'orchestrator' : named ? 'member' : (config.mode ?? 'standalone');
  switch (mode) {
    case 'orchestrator':
      return node.host({ shared: options.share === true });
    case 'standalone':
      return node.standalone();
    case 'member': {
      if (elsewhere === undefined) {
        throw new LatticeError('invalid_input', 'No hub address is set for a member.', {
          hint: 'Give --lattice nats://host:4222 or --context NAME, or set lattice.nats.url in config.yaml.',
        });
      }
      const waiting = setTimeout(() => output.line('The hub does not answer yet. Waiting for it.'), 1_000);
      try {
        await node.join({ ...elsewhere, waitForHub: true });
      } finally {
        clearTimeout(waiting);
      }
      return;
    }
    default:
      mode satisfies never;
  }
}

function readiness(view: NodeView, node: LatticeNode) {
  return {
    mode: view.mode,
    org: view.org,
    lattice: view.lattice_name,
    role: view.role,
    station_id: view.station_id,
    station_name: view.station_name,
    url: view.hub?.url ?? view.connection.url,
    ...(view.hub === undefined
      ? {}
      : {
          port: view.hub.port,
          http_port: view.hub.http_port,
          monitor_url: view.hub.monitor_url,
          hub_pid: view.hub.pid,
        }),
    server_version: view.connection.server_version,
    agents: node.catalog.definitions.value.map((definition) => definition.info.name),
    problems: view.problems.map((problem) => problem.title),
  };
}

function readyText(view: NodeView, node: LatticeNode): string {
  const facts = readiness(view, node);
  const role = {
    orchestrator: 'hosts a lattice',
    member: 'is a member',
    standalone: 'runs alone',
    idle: 'rests',
  }[view.mode];
  return [
    `${paint('green', '●')} ${paint('bold', view.station_name)} ${role}`,
    `  Hub      ${facts.url ?? ''}${view.hub?.monitor_url === undefined ? '' : `, monitor ${view.hub.monitor_url}`}`,
    `  Agents   ${facts.agents.length === 0 ? 'none here; lattice init writes demo agents' : facts.agents.join(', ')}`,
    ...view.problems.map(
      (problem) =>
        `  ${paint('yellow', 'Note')}     ${problem.title}${problem.detail ? `. ${problem.detail}` : ''}`,
    ),
    ...(view.mode === 'orchestrator' ? [`  Join     ${joinWords(view, facts.url)}`] : []),
    paint('dim', '  Ctrl C stops it.'),
  ].join('\n');
}

function joinWords(view: NodeView, url: string | undefined): string {
  return view.hub?.shared
    ? 'lattice invite makes a link for one device'
    : `lattice serve --lattice ${url ?? ''}`;
}

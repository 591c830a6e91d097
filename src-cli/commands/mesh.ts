import type { Command } from 'commander';
import type { NodeFile } from '../../src-main/config/station-home.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import type { StationView } from '../../src-shared/views/mesh.ts';
import { withLattice } from '../client.ts';
import { type GlobalOptions, globalsOf } from '../globals.ts';
import { createOutput, paint, table } from '../output.ts';
import { projectStatus, projectWords } from '../project-status.ts';
import { ago, statusWord } from '../words.ts';
import { addStatusParts } from './status-parts.ts';

export function addMeshCommands(program: Command): void {
  const status = program
    .command('status')
    .description('show the lattice this machine is part of, and the project of this folder')
    .addHelpText('after', '\nExamples:\n  lattice status\n  lattice status --nats nats://hub:4222 --json')
    .action(async (_options: unknown, command: Command) => {
      const globals = globalsOf(command);
      const output = createOutput(globals.json === true);
      const [lattice, project] = await Promise.all([latticeStatus(globals), projectStatus(process.cwd())]);
      // Whoever names a lattice wants to hear that it is away; in a project the rest is worth reading.
      if ('error' in lattice && (project === undefined || globals.nats !== undefined)) throw lattice.error;
      const shown = 'error' in lattice ? { lattice: null, unreachable: lattice.error.toShape() } : lattice;
      output.result({ ...shown, ...(project === undefined ? {} : { project }) }, () =>
        [...latticeWords(lattice), ...(project === undefined ? [] : ['', ...projectWords(project)])].join(
          '\n',
        ),
      );
    });

  addStatusParts(status);

  program
    .command('stations')
    .description('list the stations of the lattice')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice stations\n  lattice stations --json | jq ".data.stations[].name"',
    )
    .action(async (_options: unknown, command: Command) => {
      const globals = globalsOf(command);
      const output = createOutput(globals.json === true);
      await withLattice(globals, async (lattice) => {
        const stations = lattice.mesh.registry.stations.snapshot();
        output.result({ stations }, () => (stations.length === 0 ? NO_STATIONS : stationTable(stations)));
      });
    });
}

/** The lattice as this machine sees it, or why it cannot. */
async function latticeStatus(globals: GlobalOptions) {
  try {
    return await withLattice(globals, async (lattice) => {
      const stations = lattice.mesh.registry.stations.snapshot();
      const agents = new Set(lattice.mesh.registry.agents.snapshot().map((agent) => agent.name));
      const online = stations.filter((station) => station.status === 'online');
      const connection = lattice.connection.view.value;
      return {
        lattice: {
          url: connection.url,
          org: lattice.org,
          server_version: connection.server_version,
          rtt_ms: connection.rtt_ms,
        },
        local: lattice.local && withoutAuth(lattice.local),
        stations: { total: stations.length, online: online.length },
        agents: agents.size,
        running: online.reduce((sum, station) => sum + station.load.running, 0),
        capacity: online.reduce((sum, station) => sum + station.load.capacity, 0),
      };
    });
  } catch (error) {
    return { error: LatticeError.from(error) };
  }
}

function latticeWords(status: Awaited<ReturnType<typeof latticeStatus>>): string[] {
  if ('error' in status) {
    const { message, hint } = status.error;
    return [
      `${paint('bold', 'Lattice')}   ${paint('yellow', message)}`,
      ...(hint ? [`          ${hint}`] : []),
    ];
  }
  const { lattice, local, stations, agents } = status;
  const { url = '', org, server_version = '', rtt_ms } = lattice;
  return [
    `${paint('bold', 'Lattice')}   ${url}, org ${org}`,
    `Hub       nats-server ${server_version}${rtt_ms === undefined ? '' : `, ${rtt_ms.toFixed(2)} ms`}`,
    `Machine   ${local === undefined ? 'no station runs here' : `${local.mode}, station ${local.station_id}`}`,
    `Stations  ${stations.online} of ${stations.total} online`,
    `Agents    ${agents}`,
  ];
}

/** The file of a local station also says how to log in to its hub, which is nobody's business here. */
function withoutAuth({
  auth: _,
  tls: __,
  lender: ___,
  ...shown
}: NodeFile): Omit<NodeFile, 'auth' | 'tls' | 'lender'> {
  return shown;
}

const NO_STATIONS =
  'No station has joined yet.\nStart one here with lattice serve --lattice and the address of the hub.';

function stationTable(stations: StationView[]): string {
  return table(
    ['Station', 'State', 'Busy', 'CPU', 'Memory', 'Agents', 'Heard', 'Id'],
    stations.map((station) => [
      paint('bold', station.name) + (station.hosts_hub ? paint('dim', ' hub') : ''),
      statusWord(station.status),
      station.status === 'offline' ? '' : `${station.load.running} of ${station.load.capacity}`,
      station.status === 'offline' ? '' : `${Math.round(station.load.cpu * 100)}%`,
      station.status === 'offline' ? '' : `${Math.round(station.load.memory * 100)}%`,
      String(station.agent_count),
      ago(station.last_heard),
      paint('dim', station.id),
    ]),
  );
}

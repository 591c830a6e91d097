import { dirname } from 'node:path';
import type { Command } from 'commander';
import { ulid } from 'ulid';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { type NodeFile, runningStations } from '../../src-main/config/station-home.ts';
import { Joining } from '../../src-main/joining.ts';
import { MeshConnection } from '../../src-main/mesh/connection.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { roleWords } from '../../src-shared/protocol/roles.ts';
import { globalsOf } from '../globals.ts';
import { createOutput } from '../output.ts';

/** The access of the station that runs here itself. */
export function addAccessCommands(program: Command): void {
  const access = program
    .command('access')
    .description('what the station here is on its lattice: role and key')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice access\n  lattice access rotate\n  lattice access leave\n\nThe station has to run: lattice serve, or the window.',
    )
    .action((_flags: unknown, command: Command) => showAccess(command));
  access
    .command('rotate')
    .description('go on with a new key; the hub forgets the old one')
    .action((_flags: unknown, command: Command) => rotateKey(command));
  access
    .command('leave')
    .description('give the access back to the host, and forget the lattice')
    .action((_flags: unknown, command: Command) => leave(command));
}

async function showAccess(command: Command): Promise<void> {
  const output = createOutput(globalsOf(command).json === true);
  const { local, joining } = await ownStation();
  const fingerprint = await joining.keyWords();
  const facts = { station: local.station_name, hosts: local.mode === 'orchestrator', fingerprint };
  if (facts.hosts) {
    output.result(facts, () => `${local.station_name} hosts the lattice.\n  Key     ${fingerprint}`);
    return;
  }
  const [own, membership] = await Promise.all([
    withConnection(local, (connection) => joining.show(connection, local.org)),
    joining.membership(),
  ]);
  const lattice = membership?.lattice;
  output.result({ ...facts, lattice, role: own?.role, joined_at: own?.joined_at }, () =>
    [
      `${local.station_name} is on ${lattice ?? 'a lattice'}`,
      ...(own === undefined ? [] : [`  Role    ${roleWords[own.role].title}. ${roleWords[own.role].may}`]),
      `  Key     ${fingerprint}`,
      `  Joined  ${own === undefined ? '' : new Date(own.joined_at).toLocaleString()}`,
    ].join('\n'),
  );
}

async function rotateKey(command: Command): Promise<void> {
  const output = createOutput(globalsOf(command).json === true);
  const { local, joining } = await ownStation();
  const before = await joining.keyWords();
  if (local.mode === 'orchestrator')
    throw new LatticeError('unsupported', 'This station hosts the lattice, so its key stays.', {
      hint: 'It signs the list of members, and every device knows it since it joined.',
    });
  await joining.rotate(local, local.org);
  const fingerprint = await joining.keyWords();
  output.result(
    { fingerprint, fingerprint_before: before },
    () => `The new key: ${fingerprint}\nThe old one opens nothing any more.`,
  );
}

async function leave(command: Command): Promise<void> {
  const output = createOutput(globalsOf(command).json === true);
  const { local, joining } = await ownStation();
  if (local.mode === 'orchestrator')
    throw new LatticeError('unsupported', 'This station hosts the lattice, so it cannot leave it.', {
      hint: 'Stop it to end the lattice.',
    });
  await withConnection(local, (connection) => joining.leave(connection, local.org));
  output.result(
    { station: local.station_name },
    () => `${local.station_name} has left. To return, it needs a new link.`,
  );
}

/** The station of this user that runs on this machine. @throws LatticeError `not_found`, `unsupported`. */
async function ownStation(): Promise<{ local: NodeFile; joining: Joining }> {
  const [local] = await runningStations(resolvePaths().dataDir);
  if (local === undefined)
    throw new LatticeError('not_found', 'No station of yours runs on this machine.', {
      hint: 'lattice serve starts the one of this folder.',
    });
  const { nkeyFile } = local.auth;
  if (nkeyFile === undefined)
    throw new LatticeError(
      'unsupported',
      'This station did not join by a link, so it has no key of its own.',
      {
        hint: 'Ask a host for a link, then lattice join LINK.',
      },
    );
  return { local, joining: new Joining({ dir: dirname(nkeyFile), stationId: local.station_id }) };
}

async function withConnection<T>(
  local: NodeFile,
  use: (connection: MeshConnection) => Promise<T>,
): Promise<T> {
  const { url, auth, tls, station_id: owner } = local;
  const connection = new MeshConnection({ url, auth, tls, kind: 'command', id: ulid(), owner });
  try {
    await connection.open();
    return await use(connection);
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

import { type Command, Option } from 'commander';
import { hubTargetOf } from '../../src-main/config/hub-target.ts';
import { listContexts } from '../../src-main/config/nats-contexts.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { findProjectDir } from '../../src-main/config/project.ts';
import { loadStationConfig } from '../../src-main/config/station-config.ts';
import { runningStations, stationIdOf } from '../../src-main/config/station-home.ts';
import { checkHub, isUsable } from '../../src-main/external/hub-check.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import {
  permissionsConf,
  permissionsFor,
  permissionsNsc,
} from '../../src-shared/protocol/permission-text.ts';
import type { Role } from '../../src-shared/protocol/roles.ts';
import type { CheckState, FeatureCheck, HubCheck } from '../../src-shared/views/hub-check.ts';
import type { NatsContextList } from '../../src-shared/views/nats-context.ts';
import { flagsOf, type GlobalOptions, globalsOf } from '../globals.ts';
import { createOutput, EXIT_FAILED, paint, table } from '../output.ts';
import { roleOption } from '../role-option.ts';
import { addGuestCommands } from './guests.ts';

interface TargetFlags extends GlobalOptions {
  context?: string;
  role: Role;
  id?: string;
  create?: boolean;
  format: 'conf' | 'nsc';
}

export function addHubCommands(program: Command): void {
  program
    .command('contexts')
    .description('list the contexts of the nats command line, and what of each can be used')
    .addHelpText('after', '\nExamples:\n  lattice contexts\n  lattice join --context team')
    .action(async (_flags: unknown, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const list = await listContexts(process.env);
      output.result(list, () => contextsText(list));
    });

  const hub = program
    .command('hub')
    .description('what the hub here carries for others, and what a hub elsewhere allows');
  addGuestCommands(hub);
  hub
    .command('check')
    .description('connect, and say feature by feature what the account allows and what is missing')
    .option('--context <name>', 'the hub of a context of the nats command line')
    .option('--role <role>', 'the role this machine shall have', roleOption, 'station')
    .option('--id <id>', 'the station id to check for (default: that of this folder)')
    .option('--create', 'make the streams and buckets that are missing')
    .addHelpText(
      'after',
      '\nNothing is made or changed without --create. Exits with 1 when something is off.\n\nExamples:\n  lattice hub check --context team\n  lattice hub check --nats tls://hub.example.org:4222 --json',
    )
    .action(async (_flags: unknown, command: Command) => {
      const flags = command.optsWithGlobals<TargetFlags>();
      const output = createOutput(flags.json === true);
      const { values, device, target } = await targetOf(flags);
      if (target === undefined)
        throw new LatticeError('invalid_input', 'No hub is named.', {
          hint: 'Give --nats nats://host:4222 or --context NAME. A hub that runs here needs no check.',
        });
      const found = await checkHub({
        target,
        org: values.org,
        role: flags.role,
        device,
        create: flags.create === true,
      });
      output.result({ ...found, usable: isUsable(found) }, () => checkText(found));
      if (found.features.some(({ state }) => state === 'off')) process.exitCode = EXIT_FAILED;
    });
  hub
    .command('permissions')
    .description('print what the account of a machine needs, for the admin of the server')
    .option('--role <role>', 'the role this machine shall have', roleOption, 'station')
    .option('--id <id>', 'the station id it is for (default: that of this folder)')
    .option('--create', 'with what the first station needs to make the streams and buckets')
    .addOption(
      new Option('--format <format>', 'for the config file of nats-server, or for nsc')
        .choices(['conf', 'nsc'])
        .default('conf'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  lattice hub permissions --role station --create\n  lattice hub permissions --role viewer --id ann --format nsc',
    )
    .action(async (_flags: unknown, command: Command) => {
      const flags = command.optsWithGlobals<TargetFlags>();
      const { values, device } = await settingsOf(flags);
      const { role, create, format } = flags;
      const inboxPrefix = values.nats_inbox_prefix;
      const allowed = permissionsFor({ org: values.org, role, device, create, inboxPrefix });
      const text = format === 'nsc' ? permissionsNsc(allowed, device) : permissionsConf(allowed);
      createOutput(flags.json === true).result({ role, device, ...allowed, text }, () => text);
    });
}

async function settingsOf(flags: TargetFlags) {
  const paths = resolvePaths();
  const loaded = await loadStationConfig({
    file: flags.config ?? paths.configFile,
    env: process.env,
    flags: { ...flagsOf(flags), ...(flags.context === undefined ? {} : { nats_context: flags.context }) },
  });
  const { values } = loaded;
  const projectDir = values.project_dir ?? findProjectDir(process.cwd());
  const device = flags.id ?? values.station_id ?? (await stationIdOf(paths.dataDir, projectDir));
  return { paths, loaded, values, device };
}

/** The hub that was named, or the one that the station of this folder is on. */
async function targetOf(flags: TargetFlags) {
  const { paths, loaded, values, device } = await settingsOf(flags);
  const named = await hubTargetOf(loaded, process.env);
  if (named !== undefined) return { values, device, target: named };
  const running = (await runningStations(paths.dataDir)).find(({ station_id }) => station_id === device);
  if (running === undefined) return { values, device, target: undefined };
  const { url, auth, tls, inbox_prefix } = running;
  return {
    values: { ...values, org: running.org },
    device,
    target: { url, auth, tls, ...(inbox_prefix === undefined ? {} : { inboxPrefix: inbox_prefix }) },
  };
}

function contextsText({ folder, contexts }: NatsContextList): string {
  if (contexts.length === 0)
    return `There is no context in ${folder}.\nnats context add makes one; lattice join --lattice URL needs none.`;
  const rows = contexts.map(({ name, selected, url, auth, facts, problem }) => [
    selected ? `${name} *` : name,
    url ?? '',
    auth,
    problem === undefined ? facts.join(', ') : paint('red', 'cannot be used'),
  ]);
  const remarks = contexts.flatMap(({ name, problem, notes }) =>
    [...(problem === undefined ? [] : [problem]), ...notes].map((text) => `${name}: ${text}`),
  );
  return [
    table(['CONTEXT', 'HUB', 'AUTH', 'MORE'], rows),
    ...(remarks.length === 0 ? [] : ['', ...remarks]),
    '',
    paint('dim', 'lattice hub check --context NAME says what it allows; lattice join --context NAME joins.'),
  ].join('\n');
}

function checkText(found: HubCheck): string {
  const { server, who, features } = found;
  const lacking = features.some(({ missing }) => missing.length > 0);
  return [
    `${paint('bold', server.url)}  nats-server ${server.version}${server.cluster === undefined ? '' : `, cluster ${server.cluster}`}`,
    `  Connected  with ${who.way}${who.user === undefined ? '' : `, user ${who.user}`}${who.account === undefined ? '' : `, account ${who.account}`}`,
    `  Encrypted  ${server.tls ? 'yes, TLS' : 'no'}`,
    `  Round trip ${server.rtt_ms.toFixed(2)} ms`,
    `  For        ${found.role} ${found.device} of org ${found.org}`,
    '',
    ...features.flatMap(featureLines),
    ...(lacking
      ? [
          '',
          `lattice hub permissions --role ${found.role} --id ${found.device} prints all that the account needs.`,
        ]
      : []),
  ].join('\n');
}

const MARKS: Readonly<Record<CheckState, string>> = {
  ok: paint('green', 'ok     '),
  limited: paint('yellow', 'limited'),
  off: paint('red', 'off    '),
};

function featureLines({ title, state, facts, without, missing }: FeatureCheck): string[] {
  return [
    `${MARKS[state]} ${title}${without === undefined ? '' : `. ${without}`}`,
    ...facts.map((fact) => `        ${paint('dim', fact)}`),
    ...missing.map(({ verb, subject }) => `        missing  ${verb} ${subject}`),
  ];
}

import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { AccessClient } from '../../src-main/access/access-client.ts';
import { processSecrets } from '../../src-main/secrets/process-secrets.ts';
import { hideArguments } from '../../src-main/system/hide-arguments.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { fingerprintWords } from '../../src-shared/fingerprint-words.ts';
import { readJoinLink } from '../../src-shared/join-link.ts';
import type { AccessList, ManageInput } from '../../src-shared/protocol/enrol.ts';
import { type Role, roleSchema, roleWords } from '../../src-shared/protocol/roles.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import type { DeviceView } from '../../src-shared/views/device.ts';
import { askHidden } from '../ask-hidden.ts';
import { withLattice } from '../client.ts';
import { durationOption, type GlobalOptions, globalsOf } from '../globals.ts';
import { createOutput, type Output, paint, table } from '../output.ts';
import { ago } from '../words.ts';
import { type ServeOptions, serve } from './serve.ts';

interface InviteFlags {
  role: Role;
  expires: number;
  approve?: boolean;
}

interface JoinFlags extends ServeOptions {
  show?: boolean;
}

export function addJoinCommands(program: Command): void {
  program
    .command('invite')
    .description('make a link that lets one device into the lattice that is hosted here')
    .option('--role <role>', roleSchema.options.join(', '), roleOption, 'station')
    .option('--expires <time>', 'how long it can be used, at most 7d', durationOption, 900_000)
    .option('--approve', 'ask me before the device is in')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice invite\n  lattice invite --role viewer --expires 1h\n  lattice invite --json | jq -r .data.link',
    )
    .action(async (flags: InviteFlags, command: Command) => {
      const { role, expires: expires_ms, approve = false } = flags;
      await withAccess(command, async (access, output) => {
        const { link = '' } = await access.manage({ op: 'invite', options: { role, expires_ms, approve } });
        const { expires, pin } = readJoinLink(link);
        output.result({ link, role, expires }, () =>
          [
            link,
            '',
            `It lets one device in as ${role}, until ${new Date(expires).toLocaleTimeString()}. Send it only to who it is for.`,
            `Fingerprint of this hub: ${wordsOf(pin)}`,
            'On the other machine: lattice join asks for it, or paste it under Join one in the window.',
          ].join('\n'),
        );
      });
    });

  program
    .command('join')
    .description('join a lattice by the link of its host, with the agents of this folder')
    .argument('[link]', 'lattice://join#…, or - to read it from stdin; asked for when it is left out')
    .option('--name <name>', 'the name of this station')
    .option('--max-parallel <n>', 'how many runs this station carries at once')
    .option('--show', 'only say what the link would do')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice join                 asks for the link, which keeps it out of the history of your shell\n  pbpaste | lattice join -\n  lattice join - --show < link.txt\n\nLater, lattice serve in the same folder joins again without a link.',
    )
    .action(async (text: string | undefined, _flags: JoinFlags, command: Command) => {
      const flags = command.optsWithGlobals<JoinFlags>();
      const output = createOutput(flags.json === true);
      hideArguments('lattice join');
      const link = await linkFrom(text);
      const offer = readJoinLink(link);
      processSecrets.add(offer.code);
      const facts = { lattice: offer.lattice, role: offer.role, hosts: offer.hosts, expires: offer.expires };
      const fingerprint = wordsOf(offer.pin);
      const words = [
        `${paint('bold', offer.lattice)} at ${offer.hosts.join(', ')}`,
        `  Role         ${roleWords[offer.role].title}. ${roleWords[offer.role].may}`,
        `  Fingerprint  ${fingerprint}`,
      ].join('\n');
      if (flags.show) {
        output.result({ ...facts, fingerprint }, () => words);
        return;
      }
      output.line(words);
      await serve({ ...flags, link });
    });

  addDeviceCommands(program);
}

function addDeviceCommands(program: Command): void {
  const devices = program
    .command('devices')
    .description('list who has access to this lattice, and take it back')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice devices\n  lattice devices revoke forge\n  lattice devices role forge viewer\n  lattice devices approve',
    )
    .action(async (_flags: unknown, command: Command) => {
      await withAccess(command, async (access, output) => {
        const list = await access.list();
        output.result(list, () => accessText(list));
      });
    });
  devices
    .command('rename <device> <name>')
    .description('call a device otherwise')
    .action((which: string, name: string, _flags: unknown, command: Command) =>
      changeDevice(
        command,
        which,
        ({ id: device }) => ({ op: 'rename', device, name }),
        `is called ${name} now.`,
      ),
    );
  devices
    .command('role <device> <role>')
    .description('change what a device may do, at once')
    .action((which: string, text: string, _flags: unknown, command: Command) => {
      const role = roleOption(text);
      return changeDevice(
        command,
        which,
        ({ id: device }) => ({ op: 'role', device, role }),
        `is ${role} now.`,
      );
    });
  devices
    .command('revoke <device>')
    .description('take the access of a device back; it is out within a second')
    .action((which: string, _flags: unknown, command: Command) =>
      changeDevice(
        command,
        which,
        ({ id: device }) => ({ op: 'revoke', device }),
        'is out. What it ran goes back to the queue.',
      ),
    );
  devices
    .command('approve')
    .description('let the devices in that wait for a yes')
    .option('--deny', 'say no to them')
    .action(async (flags: { deny?: boolean }, command: Command) => {
      await withAccess(command, async (access, output) => {
        const allow = flags.deny !== true;
        const waiting = (await access.list()).invitations.flatMap(({ id, waiting: found }) =>
          found.map(({ key, name }) => ({ invitation: id, key, name })),
        );
        for (const { invitation, key } of waiting)
          await access.manage({ op: 'decide', invitation, key, allow });
        const names = waiting.map(({ name }) => name);
        output.result({ devices: names, allow }, () =>
          names.length === 0 ? 'No device waits.' : `${allow ? 'Let in' : 'Refused'}: ${names.join(', ')}`,
        );
      });
    });
}

async function withAccess(
  command: Command,
  use: (access: AccessClient, output: Output) => Promise<void>,
): Promise<void> {
  const globals: GlobalOptions = globalsOf(command);
  const output = createOutput(globals.json === true);
  await withLattice(globals, ({ connection, org }) =>
    use(new AccessClient({ nc: connection.nc, names: namesOf(org) }), output),
  );
}

async function changeDevice(
  command: Command,
  which: string,
  request: (device: DeviceView) => ManageInput,
  done: string,
): Promise<void> {
  await withAccess(command, async (access, output) => {
    const device = deviceOf((await access.list()).devices, which);
    await access.manage(request(device));
    output.result({ device: device.id }, () => `${device.name} ${done}`);
  });
}

function deviceOf(devices: readonly DeviceView[], which: string): DeviceView {
  const active = devices.filter((device) => device.revoked_at === undefined);
  const found = active.filter((device) => device.id === which || device.name === which);
  const [device] = found;
  if (device && found.length === 1) return device;
  if (device)
    throw new LatticeError('conflict', `${found.length} devices are called ${which}.`, {
      hint: `Use the id: ${found.map(({ id }) => id).join(', ')}.`,
    });
  throw new LatticeError('not_found', `No device called ${which} has access.`, {
    hint: 'lattice devices lists those that have.',
  });
}

function accessText({ devices, invitations }: AccessList): string {
  const open = invitations.filter((invitation) => invitation.state === 'open');
  const waiting = open.flatMap((invitation) => invitation.waiting.map(({ name }) => name));
  const rows = devices.map((device) => [
    device.name,
    device.role,
    device.revoked_at !== undefined
      ? `taken back ${ago(device.revoked_at)}`
      : device.connected
        ? 'connected'
        : device.last_seen === undefined
          ? 'away'
          : `seen ${ago(device.last_seen)}`,
    device.address ?? '',
    device.version,
    String(device.agents),
    device.id,
  ]);
  return [
    devices.length === 0
      ? 'No device has been let in yet. lattice invite makes a link.'
      : table(['DEVICE', 'ROLE', 'STATE', 'ADDRESS', 'VERSION', 'AGENTS', 'ID'], rows),
    ...(open.length === 0 ? [] : [`${open.length} open ${open.length === 1 ? 'invitation' : 'invitations'}`]),
    ...(waiting.length === 0
      ? []
      : [`Waiting for a yes: ${waiting.join(', ')}. lattice devices approve lets them in.`]),
  ].join('\n');
}

function wordsOf(pin: string): string {
  return fingerprintWords(Buffer.from(pin, 'base64url'));
}

function roleOption(text: string): Role {
  const parsed = roleSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`Use ${roleSchema.options.join(', ')}.`);
}

/** The link as it was given, or asked for; a link on the screen could be read by others, so it is not shown. */
async function linkFrom(text: string | undefined): Promise<string> {
  if (text !== undefined && text !== '-') return text;
  return text === undefined && process.stdin.isTTY ? askHidden('Paste the join link: ') : readStdin();
}

async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > 10_000) break;
  }
  return text.trim();
}

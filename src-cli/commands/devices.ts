import type { Command } from 'commander';
import { AccessClient } from '../../src-main/access/access-client.ts';
import { guestAccess } from '../../src-main/guests/guest-client.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import type { AccessList, ManageInput } from '../../src-shared/protocol/enrol.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import type { DeviceView, WaitingDevice } from '../../src-shared/views/device.ts';
import { withLattice } from '../client.ts';
import { type GlobalOptions, globalsOf } from '../globals.ts';
import { createOutput, type Output, table } from '../output.ts';
import { roleOption } from '../role-option.ts';
import { ago } from '../words.ts';

/** Who has access to the lattice, and changes of it. */
export function addDeviceCommands(program: Command): void {
  const devices = program
    .command('devices')
    .description('list who has access to this lattice, and take it back')
    .option('--lattice <org>', 'a lattice of others that the hub here carries')
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
    .command('approve [device]')
    .description('let the devices in that wait for a yes, or the one of this name')
    .option('--deny', 'say no to them')
    .action(async (which: string | undefined, flags: { deny?: boolean }, command: Command) => {
      await withAccess(command, async (access, output) => {
        const allow = flags.deny !== true;
        const waiting = waitingOf(await access.list()).filter(
          ({ name }) => which === undefined || name === which,
        );
        if (which !== undefined && waiting.length !== 1)
          throw new LatticeError(
            waiting.length === 0 ? 'not_found' : 'conflict',
            waiting.length === 0
              ? `No device called ${which} waits for a yes.`
              : `${waiting.length} devices called ${which} wait for a yes.`,
            { hint: 'lattice devices shows who waits, with the words of each key.' },
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

/** Asks the host about access, and closes the connection again. */
export async function withAccess(
  command: Command,
  use: (access: Pick<AccessClient, 'list' | 'manage'>, output: Output) => Promise<void>,
): Promise<void> {
  const globals: GlobalOptions = globalsOf(command);
  const { lattice: guest } = command.optsWithGlobals<{ lattice?: string }>();
  const output = createOutput(globals.json === true);
  await withLattice(globals, ({ connection, org }) => {
    const at = { nc: connection.nc, names: namesOf(org) };
    const own = () => new AccessClient({ ...at, device: connection.owner });
    return use(guest === undefined ? own() : guestAccess(at, guest), output);
  });
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
  const waiting = waitingOf({ invitations });
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
    workText(device),
    device.id,
  ]);
  return [
    devices.length === 0
      ? 'No device has been let in yet. lattice invite makes a link.'
      : table(['DEVICE', 'ROLE', 'STATE', 'ADDRESS', 'VERSION', 'AGENTS', 'WORK', 'ID'], rows),
    ...(open.length === 0 ? [] : [`${open.length} open ${open.length === 1 ? 'invitation' : 'invitations'}`]),
    ...(waiting.length === 0
      ? []
      : [
          ...waiting.map(askingText),
          'lattice devices approve lets in who waits, lattice devices approve --deny refuses.',
        ]),
  ].join('\n');
}

function waitingOf({ invitations }: Pick<AccessList, 'invitations'>): WaitingDevice[] {
  return invitations.flatMap((invitation) => invitation.waiting);
}

function workText({ work }: DeviceView): string {
  if (work === undefined) return '';
  const { running, completed, failed } = work;
  return `${completed} done, ${failed} failed, ${running} running`;
}

/** Who asks to be let in, with the words of its key to compare with what its own screen says. */
export function askingText({ name, platform, address, role, fingerprint }: WaitingDevice): string {
  const from = address === undefined ? platform : `${platform}, ${address}`;
  return `${name} (${from}) asks to be let in as ${role}. Its key: ${fingerprint}`;
}

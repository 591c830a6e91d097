import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { askGuests } from '../../src-main/guests/guest-client.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { GUEST_LIMIT_KEYS, limitProblem, readCount } from '../../src-shared/guest-limits.ts';
import { present } from '../../src-shared/present.ts';
import { type GuestAnswer, type GuestInput, guestRequestSchema } from '../../src-shared/protocol/guests.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { ORG_HINT } from '../../src-shared/protocol/token.ts';
import { readSize, SIZE_HINT, sizeWords } from '../../src-shared/sizes.ts';
import type { GuestLimitChange, GuestView } from '../../src-shared/views/guest.ts';
import { withLattice } from '../client.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, type Output, table } from '../output.ts';
import { TerminalQuestions } from '../terminal-questions.ts';

interface LimitFlags {
  storage?: number;
  memory?: number;
  connections?: number;
  subscriptions?: number;
}

interface AddFlags extends LimitFlags {
  name?: string;
}

interface RemoveFlags {
  confirm?: string;
  delete?: boolean;
}

/** What the hub of this machine carries for others. */
export function addGuestCommands(hub: Command): void {
  hub
    .addHelpText(
      'after',
      '\nExamples:\n  lattice hub\n  lattice hub add design --name "Design team" --storage 2g\n  lattice invite --lattice design\n  lattice devices --lattice design\n  lattice hub limit design --connections 128\n  lattice hub remove design',
    )
    .action(async (_flags: unknown, command: Command) => {
      const output = outputOf(command);
      const { lattices = [] } = await ask(command, { op: 'list' });
      output.result({ lattices }, () => latticesText(lattices));
    });

  limitOptions(hub.command('add <org>').description('carry one more lattice, closed off from all others'))
    .option('--name <name>', 'how people call it')
    .action(async (org: string, flags: AddFlags, command: Command) => {
      await change(command, { op: 'add', org, ...present({ name: flags.name }), limits: limitsOf(flags) }, [
        `${flags.name ?? org} is on this hub now.`,
        `lattice invite --lattice ${org} makes a link for one device.`,
      ]);
    });

  limitOptions(hub.command('limit <org>').description('change what a lattice may use up, at once')).action(
    async (org: string, flags: LimitFlags, command: Command) => {
      const limits = limitsOf(flags);
      if (Object.keys(limits).length === 0)
        throw new LatticeError('invalid_input', 'No limit was given.', {
          hint: `lattice hub limit ${org} --storage 2g`,
        });
      await change(command, { op: 'limit', org, limits }, [`${org} has these limits now.`]);
    },
  );

  hub
    .command('remove <org>')
    .description('take a lattice off this hub; what it stored stays for a way back')
    .option('--confirm <org>', 'the org again; without it you are asked')
    .option('--delete', 'delete what it stored and who had access')
    .action(async (org: string, flags: RemoveFlags, command: Command) => {
      const output = outputOf(command);
      const confirm = flags.confirm ?? (await askForOrg(org, flags.delete === true));
      const { kept = [] } = await ask(command, {
        op: 'remove',
        org,
        confirm,
        delete_data: flags.delete === true,
      });
      output.result({ org, kept }, () =>
        kept.length === 0
          ? `${org} is gone, with everything it stored.`
          : [
              `${org} is off this hub. Its data and devices stay in:`,
              ...kept.map((path) => `  ${path}`),
              `lattice hub add ${org} brings it back.`,
            ].join('\n'),
      );
    });
}

function limitOptions(command: Command): Command {
  return command
    .option('--storage <size>', 'what it may store on the disk (default 1g)', sizeOption)
    .option('--memory <size>', 'what it may keep in memory (default 64m)', sizeOption)
    .option('--connections <n>', 'how many may be connected at once (default 64)', countOption)
    .option('--subscriptions <n>', 'subscriptions of one connection (default 2048)', countOption);
}

function limitsOf({ storage, memory, connections, subscriptions }: LimitFlags): GuestLimitChange {
  return present({ storage_bytes: storage, memory_bytes: memory, connections, subscriptions });
}

function sizeOption(text: string): number {
  const bytes = readSize(text);
  if (bytes === undefined) throw new InvalidArgumentError(SIZE_HINT);
  return bytes;
}

function countOption(text: string): number {
  const count = readCount(text);
  if (count === undefined) throw new InvalidArgumentError('Use a whole number above 0.');
  return count;
}

function askForOrg(org: string, deletes: boolean): Promise<string> {
  const text = `Its devices lose their access at once${deletes ? ', and everything it stored is deleted' : ''}. Write ${org} to remove it:`;
  return new TerminalQuestions().ask({ text, choices: [] }, new AbortController().signal).catch((error) => {
    const { code } = LatticeError.from(error);
    if (code !== 'unsupported') throw error;
    throw new LatticeError('invalid_input', 'Nobody is at the terminal to confirm it.', {
      hint: `lattice hub remove ${org} --confirm ${org}`,
    });
  });
}

async function change(command: Command, request: GuestInput, words: readonly string[]): Promise<void> {
  const output = outputOf(command);
  const { lattices = [] } = await ask(command, request);
  output.result({ lattices }, () => [...words, '', latticesText(lattices)].join('\n'));
}

function outputOf(command: Command): Output {
  return createOutput(globalsOf(command).json === true);
}

async function ask(command: Command, request: GuestInput): Promise<GuestAnswer> {
  const limits = 'limits' in request ? (request.limits ?? {}) : {};
  for (const key of GUEST_LIMIT_KEYS) {
    const problem = limits[key] === undefined ? undefined : limitProblem(key, limits[key]);
    if (problem !== undefined) throw new LatticeError('invalid_input', problem);
  }
  const checked = guestRequestSchema.safeParse(request);
  const [issue] = checked.error?.issues ?? [];
  if (issue)
    throw new LatticeError('invalid_input', `This ${String(issue.path.at(-1) ?? 'value')} cannot be used.`, {
      hint: `${issue.message} ${ORG_HINT}`,
    });
  return withLattice(globalsOf(command), ({ connection, org }) =>
    askGuests({ nc: connection.nc, names: namesOf(org) }, request),
  );
}

function latticesText(lattices: readonly GuestView[]): string {
  if (lattices.length === 0)
    return 'This hub carries no other lattice. lattice hub add ORG makes room for one.';
  const rows = lattices.map(({ name, org, state, devices, connections, storage_bytes, limits }) => [
    name,
    org,
    state,
    String(devices),
    `${connections} of ${limits.connections}`,
    `${sizeWords(storage_bytes)} of ${sizeWords(limits.storage_bytes)}`,
  ]);
  return table(['LATTICE', 'ORG', 'STATE', 'DEVICES', 'CONNECTED', 'STORED'], rows);
}

import type { Command } from 'commander';
import { requireSelected } from '../../src-main/config/nats-contexts.ts';
import { processSecrets } from '../../src-main/secrets/process-secrets.ts';
import { hideArguments } from '../../src-main/system/hide-arguments.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { fingerprintWords } from '../../src-shared/fingerprint-words.ts';
import { readJoinLink } from '../../src-shared/join-link.ts';
import { type Role, roleSchema, roleWords } from '../../src-shared/protocol/roles.ts';
import { qrHalfBlocks, qrModules } from '../../src-shared/qr-code.ts';
import { askHidden } from '../ask-hidden.ts';
import { durationOption } from '../globals.ts';
import { createOutput, paint } from '../output.ts';
import { roleOption } from '../role-option.ts';
import { withAccess } from './devices.ts';
import { type ServeOptions, serve } from './serve.ts';

interface InviteFlags {
  role: Role;
  expires: number;
  approve?: boolean;
  qr?: boolean;
}

interface JoinFlags extends Omit<ServeOptions, 'context'> {
  show?: boolean;
  context?: string | true;
}

export function addJoinCommands(program: Command): void {
  program
    .command('invite')
    .description('make a link that lets one device into the lattice that is hosted here')
    .option('--role <role>', roleSchema.options.join(', '), roleOption, 'station')
    .option('--expires <time>', 'how long it can be used, at most 7d', durationOption, 900_000)
    .option('--approve', 'ask me before the device is in')
    .option('--qr', 'show the link as a QR code too')
    .option('--lattice <org>', 'into a lattice of others that the hub here carries')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice invite\n  lattice invite --role viewer --expires 1h\n  lattice invite --qr\n  lattice invite --lattice design\n  lattice invite --json | jq -r .data.link',
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
            ...(flags.qr ? [qrText(link), ''] : []),
            `It lets one device in as ${role}, until ${new Date(expires).toLocaleTimeString()}. Send it only to who it is for.`,
            `Fingerprint of this hub: ${wordsOf(pin)}`,
            'On the other machine: lattice join asks for it, or paste it under Join one in the window.',
          ].join('\n'),
        );
      });
    });

  program
    .command('join')
    .description(
      'join a lattice with the agents of this folder: by the link of its host, or by a context of nats',
    )
    .argument('[link]', 'lattice://join#…, or - to read it from stdin; asked for when it is left out')
    .option('--context [name]', 'a context of the nats command line; the selected one without a name')
    .option('--name <name>', 'the name of this station')
    .option('--max-parallel <n>', 'how many runs this station carries at once')
    .option('--show', 'only say what the link would do')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice join                 asks for the link, which keeps it out of the history of your shell\n  pbpaste | lattice join -\n  lattice join - --show < link.txt\n  lattice join --context team\n\nLater, lattice serve in the same folder joins again without a link.',
    )
    .action(async (text: string | undefined, _flags: JoinFlags, command: Command) => {
      const { context, ...flags } = command.optsWithGlobals<JoinFlags>();
      const output = createOutput(flags.json === true);
      if (text !== undefined && context !== undefined)
        throw new LatticeError('invalid_input', 'A station joins by a link or by a context, not by both.', {
          hint: 'Use lattice join, or lattice join --context NAME.',
        });
      if (context !== undefined) {
        await serve({ ...flags, context: context === true ? await requireSelected(process.env) : context });
        return;
      }
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
}

function wordsOf(pin: string): string {
  return fingerprintWords(Buffer.from(pin, 'base64url'));
}

/** A QR code that a camera reads on dark and on light terminals. */
function qrText(link: string): string {
  const rows = qrHalfBlocks(qrModules(link)).split('\n');
  return rows.map((row) => paint(['bgBlack', 'whiteBright'], row)).join('\n');
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

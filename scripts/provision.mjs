import { parseArgs } from 'node:util';
import { electron } from './runtimes/electron.mjs';
import { natsServer, oldNatsServer } from './runtimes/nats-server.mjs';
import { opencode } from './runtimes/opencode.mjs';
import { ProvisionError } from './runtimes/sources.mjs';

const usage = `Usage: node scripts/provision.mjs [nats|electron|nats-2.9|opencode]… [--print]

Brings nats-server and Electron and keeps them in ~/.cache/lattice/runtimes.
nats-2.9 brings Debian's old server for compatibility tests, opencode the coding agent that tests run.
--print writes only the paths, one a line, on stdout.`;

/** @type {Record<string, (options: {quiet: boolean}) => Promise<{path: string}>>} */
const runtimes = { nats: natsServer, electron, 'nats-2.9': oldNatsServer, opencode };

/** @returns {Promise<number>} the exit code */
async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { print: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  const names = positionals.length > 0 ? positionals : ['nats', 'electron'];
  if (values.help || names.some((name) => !runtimes[name])) {
    process.stderr.write(`${usage}\n`);
    return values.help ? 0 : 2;
  }
  let code = 0;
  for (const name of names) {
    try {
      const runtime = await runtimes[name]?.({ quiet: values.print });
      if (values.print) process.stdout.write(`${runtime?.path}\n`);
    } catch (error) {
      if (!(error instanceof ProvisionError)) throw error;
      process.stderr.write(`${error.message}\n`);
      code = 1;
    }
  }
  return code;
}

process.exitCode = await main();

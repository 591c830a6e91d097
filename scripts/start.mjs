import { fileURLToPath } from 'node:url';
import { hasDisplay } from './lib/display.mjs';
import { npmRun, runInForeground } from './lib/foreground.mjs';
import { needsBuild } from './lib/freshness.mjs';
import { electron } from './runtimes/electron.mjs';
import { natsServer } from './runtimes/nats-server.mjs';
import { ProvisionError } from './runtimes/sources.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds where needed, brings the runtimes and starts the app hosting a lattice; without a display it hosts without a window.
 * @param {readonly string[]} args Go on to the app or to `lattice serve`.
 * @returns {Promise<number>} the exit code
 */
async function start(args) {
  const server = await natsServer();
  const env = { ...process.env, LATTICE_NATS_SERVER: server.path };
  if (await needsBuild(root)) {
    process.stderr.write('Building\n');
    const code = await npmRun(['build'], { cwd: root });
    if (code !== 0) return code;
  }
  if (!hasDisplay()) {
    process.stderr.write('There is no display, so this hosts a lattice without a window. Ctrl C ends it.\n');
    return runInForeground(process.execPath, ['out/cli/lattice.js', 'serve', '--orchestration', ...args], {
      cwd: root,
      env,
    });
  }
  const runtime = await electron();
  const switches = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const code = await runInForeground(runtime.path, [...switches, root, '--host', ...args], { env });
  if (code === 127) process.stderr.write('Electron did not start. "npm run doctor" lists what is missing.\n');
  return code;
}

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ProvisionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

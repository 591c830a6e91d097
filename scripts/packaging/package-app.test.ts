import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, it } from 'vitest';
import { writeDefaultApp } from '../runtimes/default-app.mjs';
import { fuse, withFuseWire } from '../testing/fuse-wire.ts';
import { tempFolder } from '../testing/temp-folder.ts';
import { packageApp } from './package-app.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

async function write(folder: string, files: Record<string, string | Buffer>): Promise<void> {
  for (const [name, body] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), body, { mode: 0o755 });
  }
}

/** A project with our packaging and small stand-ins for what it packs. */
async function makeProject() {
  const folder = await tempFolder();
  const projectDir = join(folder, 'project');
  for (const name of ['package.json', 'electron-builder.yml', 'LICENSE', 'resources']) {
    await cp(join(root, name), join(projectDir, name), { recursive: true });
  }
  await write(projectDir, {
    'out/main/main.js': 'export {};',
    'out/preload/preload.cjs': '',
    'out/renderer/index.html': '<p>',
    'out/cli/lattice.js': `import { createRequire } from 'node:module';
      const koffi = createRequire(import.meta.url)('koffi/indirect');
      const pid = koffi.load(null).func('int getpid()')();
      console.log(JSON.stringify([process.argv.slice(2), process.env.LATTICE_NATS_SERVER, pid === process.pid]));`,
  });
  await write(join(folder, 'electron'), {
    electron: withFuseWire(),
    LICENSE: 'MIT',
    version: '33.0.0',
    'runtime.json': '{}',
    'locales/en-US.pak': '',
  });
  await mkdir(join(folder, 'electron/resources'));
  await writeDefaultApp(join(folder, 'electron/resources'));
  await write(folder, { 'nats/nats-server': '#!/bin/sh\n' });
  const base = { source: 'a test', sha256: 'abc' };
  return {
    projectDir,
    electron: { ...base, path: join(folder, 'electron/electron'), version: '33.0.0', development: true },
    natsServer: { ...base, path: join(folder, 'nats/nats-server'), version: '2.14.5' },
    appVersion: '45.0.0',
    targets: ['dir', 'tar.gz'],
  };
}

it.runIf(process.platform === 'linux')('packages without a network what a person can run', async () => {
  const project = await makeProject();
  const [tarball = ''] = await packageApp(project);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const stem = `lattice-${version}-development-linux-${process.arch}`;
  expect(tarball).toBe(join(project.projectDir, 'dist', `${stem}.tar.gz`));

  const unpacked = join(project.projectDir, 'unpacked');
  await mkdir(unpacked);
  await run('tar', ['-xzf', tarball, '-C', unpacked]);
  const app = join(unpacked, stem);
  const resources = join(app, 'resources');
  expect(await readdir(app)).not.toContain('runtime.json');
  expect((await readdir(resources)).sort()).toEqual(
    ['LICENSE', 'app.asar', 'bin', 'cli', 'node_modules'].sort(),
  );
  expect(await readFile(join(app, 'DEVELOPMENT-BUILD.txt'), 'utf8')).toContain('Electron 33.0.0');

  const archive = listPackage(join(resources, 'app.asar'), { isPack: false });
  expect(archive).toContain('/out/main/main.js');
  expect(archive).toContain('/package.json');
  expect(archive.filter((name) => name.includes('node_modules'))).toEqual([]);

  const server = join(resources, 'bin', `linux-${process.arch}`);
  expect(JSON.parse(await readFile(join(server, 'runtime.json'), 'utf8'))).toMatchObject({
    version: '2.14.5',
    sha256: 'abc',
  });

  const fuses = await getCurrentFuseWire(join(app, 'lattice-app'));
  expect(fuses[FuseV1Options.RunAsNode]).toBe(fuse.off);
  expect(fuses[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(fuse.off);
  expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(fuse.off);
  expect(fuses[FuseV1Options.GrantFileProtocolExtraPrivileges]).toBe(fuse.off);
  expect(fuses[FuseV1Options.EnableCookieEncryption]).toBe(fuse.on);
  expect(fuses[FuseV1Options.OnlyLoadAppFromAsar]).toBe(fuse.on);
  expect(fuses[FuseV1Options.EnableEmbeddedAsarIntegrityValidation]).toBe(fuse.on);

  const env = { PATH: process.env.PATH ?? '', LATTICE_NODE: process.execPath };
  const cli = await run(join(resources, 'cli/bin/lattice'), ['status', 'two words'], { env });
  const [args, serverPath, native] = JSON.parse(cli.stdout);
  expect(args).toEqual(['status', 'two words']);
  expect(native).toBe(true);
  expect(await realpath(serverPath)).toBe(await realpath(join(server, 'nats-server')));
});

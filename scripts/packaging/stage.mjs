import { chmod, copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/**
 * Lays nats-server out as the packaged app looks for it, with a record of what it is.
 * @param {string} folder Is made anew.
 * @param {import('../runtimes/cache.mjs').Runtime} server
 * @param {string} [platform] As Node names it: `linux-x64`.
 */
export async function stageNatsServer(folder, server, platform = `${process.platform}-${process.arch}`) {
  await rm(folder, { recursive: true, force: true });
  const target = join(folder, platform);
  await mkdir(target, { recursive: true });
  const executable = join(target, basename(server.path));
  await copyFile(server.path, executable);
  await chmod(executable, 0o755);
  const { version, sha256, source } = server;
  await writeFile(join(target, 'runtime.json'), `${JSON.stringify({ version, sha256, source }, null, 2)}\n`);
}

/**
 * Lays out what goes into the app's archive: the bundles and a manifest without scripts and dependencies.
 * @param {string} folder Is made anew.
 * @param {string} projectDir
 */
export async function stageApp(folder, projectDir) {
  await rm(folder, { recursive: true, force: true });
  for (const part of ['main', 'preload', 'renderer']) {
    await cp(join(projectDir, 'out', part), join(folder, 'out', part), { recursive: true });
  }
  const { name, productName, version, description, license, type, main } = JSON.parse(
    await readFile(join(projectDir, 'package.json'), 'utf8'),
  );
  const manifest = { name, productName, version, description, license, type, main };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Lays out the one module that cannot be bundled, koffi with its library for this platform, as `node_modules` beside the bundles.
 * @param {string} folder Is made anew.
 * @param {string} [platform] As Node names it: `linux-x64`.
 */
export async function stageModules(folder, platform = `${process.platform}-${process.arch}`) {
  await rm(folder, { recursive: true, force: true });
  const entry = createRequire(import.meta.url).resolve('koffi/indirect');
  const koffi = dirname(entry);
  const native = join('@koromix', `koffi-${platform}`);
  const script = /\.c?js$/;
  for (const part of ['package.json', 'LICENSE.txt', 'indirect.cjs', 'indirect.js'])
    await cp(join(koffi, part), join(folder, 'koffi', part));
  for (const name of await readdir(join(koffi, 'src', 'koffi'))) {
    if (!script.test(name)) continue;
    await cp(join(koffi, 'src', 'koffi', name), join(folder, 'koffi', 'src', 'koffi', name));
  }
  await cp(join(koffi, '..', native), join(folder, native), { recursive: true, dereference: true });
}

import { chmod, copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

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

import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { lastLine, run } from '../lib/command.mjs';
import { stageApp, stageModules, stageNatsServer } from './stage.mjs';

const tarTarget = 'tar.gz';

/**
 * @typedef {object} PackageOptions
 * @property {string} projectDir Holds electron-builder.yml and the built app.
 * @property {import('../runtimes/cache.mjs').Runtime & {development: boolean}} electron
 * @property {import('../runtimes/cache.mjs').Runtime} natsServer
 * @property {string} appVersion The Electron version the app ships on.
 * @property {readonly string[]} targets As electron-builder names them; `tar.gz` is made with the system's own tar.
 */

/**
 * Packages a built app for this platform with the given runtimes; needs no network for `dir` and `tar.gz`.
 * @param {PackageOptions} options
 * @returns {Promise<string[]>} the archives and installers that were made
 */
export async function packageApp({ projectDir, electron, natsServer, appVersion, targets }) {
  const stage = join(projectDir, 'dist', '.stage');
  await stageApp(join(stage, 'app'), projectDir);
  await stageNatsServer(join(stage, 'bin'), natsServer);
  await stageModules(join(stage, 'modules'));
  const tarball = targets.includes(tarTarget) && process.platform === 'linux';
  const made = await build({
    projectDir,
    targets: Platform.current().createTarget(
      targets.map((target) => (tarball && target === tarTarget ? 'dir' : target)),
    ),
    publish: 'never',
    config: {
      extends: join(projectDir, 'electron-builder.yml'),
      electronDist: dirname(electron.path),
      electronVersion: electron.version,
      ...(electron.development && developmentMarks(electron.version, appVersion)),
      // Says that there are no modules to gather.
      beforeBuild: async () => false,
      afterPack: (context) => removeLeftovers(context, electron, appVersion),
    },
  });
  if (!tarball) return made;
  const { name, version } = JSON.parse(await readFile(join(stage, 'app', 'package.json'), 'utf8'));
  const marked = electron.development ? `${version}-development` : version;
  return [...made, await packTarball(join(projectDir, 'dist'), `${name}-${marked}-linux-${process.arch}`)];
}

/**
 * Makes the archive without the packer that electron-builder would download for it.
 * @param {string} dist
 * @param {string} stem The name of the archive and of the folder in it.
 */
async function packTarball(dist, stem) {
  const file = join(dist, `${stem}.tar.gz`);
  const folder = unpackedFolder();
  const args = [
    '-czf',
    file,
    '-C',
    dist,
    '--owner=0',
    '--group=0',
    `--transform=s,^${folder},${stem},`,
    folder,
  ];
  const packed = await run('tar', args);
  if (packed.code !== 0) throw new Error(`tar: ${lastLine(packed.stderr)}`);
  return file;
}

function unpackedFolder() {
  return process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`;
}

/**
 * A package with another Electron than the pinned one says so in its name and in its manifest.
 * @param {string} version
 * @param {string} appVersion
 */
function developmentMarks(version, appVersion) {
  return {
    artifactName: `\${name}-\${version}-development-\${os}-\${arch}.\${ext}`,
    extraMetadata: { developmentBuild: `Electron ${version} in place of ${appVersion}` },
  };
}

/**
 * @param {import('electron-builder').AfterPackContext} context
 * @param {import('../runtimes/cache.mjs').Runtime & {development: boolean}} electron
 * @param {string} appVersion
 */
async function removeLeftovers({ appOutDir, packager }, electron, appVersion) {
  const resources = packager.getResourcesDir(appOutDir);
  await rm(join(resources, 'default_app.asar'), { force: true });
  await rm(join(appOutDir, 'runtime.json'), { force: true });
  if (!electron.development) return;
  await writeFile(
    join(appOutDir, 'DEVELOPMENT-BUILD.txt'),
    `This package holds Electron ${electron.version}; Lattice ships on ${appVersion}. It is for development only.\n`,
  );
}

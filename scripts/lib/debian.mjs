import { findOnPath, lastLine, run } from './command.mjs';

/** What a window and a display without a screen need on Debian 12 and its relatives. */
export const windowPackages = [
  'xvfb',
  'xauth',
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libatk-bridge2.0-0',
  'libdrm2',
  'libnotify4',
  'fonts-liberation',
];

/** What tests of two machines on a network need beside what every Debian has. */
export const networkPackages = ['iproute2'];

/**
 * Which package brings a shared library; the rest comes with `libgtk-3-0`.
 * @type {Readonly<Record<string, string>>}
 */
const packageByLibrary = {
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libnspr4.so': 'libnspr4',
  'libasound.so.2': 'libasound2',
  'libgbm.so.1': 'libgbm1',
  'libdrm.so.2': 'libdrm2',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libexpat.so.1': 'libexpat1',
  'libudev.so.1': 'libudev1',
  'libcups.so.2': 'libcups2',
};

/**
 * The Debian package that brings a shared library.
 * @param {string} library
 */
export function packageOfLibrary(library) {
  return packageByLibrary[library] ?? 'libgtk-3-0';
}

/**
 * The shared libraries a program asks for and the system does not have.
 * @param {string} program
 * @returns {Promise<string[]>}
 */
export async function missingLibraries(program) {
  const listed = await run('ldd', [program]);
  return parseMissingLibraries(listed.stdout);
}

/**
 * @param {string} listing What `ldd` printed.
 * @returns {string[]}
 */
export function parseMissingLibraries(listing) {
  const names = [...listing.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
  return [...new Set(names)].sort();
}

/**
 * Which of the packages are not installed; undefined where this is not a Debian system.
 * A package counts as there under its newer name with `t64` too.
 * @param {readonly string[]} packages
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string[] | undefined>}
 */
export async function missingPackages(packages, env = process.env) {
  const query = await findOnPath('dpkg-query', env);
  if (!query) return undefined;
  const names = packages.flatMap((name) => [name, `${name}t64`]);
  const listed = await run(query, ['-W', '-f', `\${db:Status-Abbrev}|\${Package}\\n`, ...names], { env });
  const installed = new Set(
    listed.stdout
      .split('\n')
      .filter((line) => line.startsWith('ii'))
      .map((line) => line.split('|')[1]),
  );
  return packages.filter((name) => !installed.has(name) && !installed.has(`${name}t64`));
}

/**
 * Installs Debian packages; only root can.
 * @param {readonly string[]} packages
 * @param {(line: string) => void} report
 * @throws {Error} with the last line apt said
 */
export async function installPackages(packages, report) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  report(`apt-get install ${packages.join(' ')}`);
  await run('apt-get', ['update', '-qq'], { env });
  const names = await Promise.all(packages.map(currentName));
  const installed = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
    env,
  });
  if (installed.code !== 0)
    throw new Error(lastLine(installed.stderr) || `apt-get ended with ${installed.code}.`);
}

/**
 * Newer systems call some libraries `…t64`.
 * @param {string} name
 */
async function currentName(name) {
  const shown = await run('apt-cache', ['show', '--quiet=2', `${name}t64`]);
  return shown.code === 0 && shown.stdout.includes('Package:') ? `${name}t64` : name;
}

import { findOnPath, lastLine, run } from '../lib/command.mjs';
import { missingLibraries, missingPackages, packageOfLibrary, windowPackages } from '../lib/debian.mjs';
import { hasDisplay } from '../lib/display.mjs';
import { electron } from '../runtimes/electron.mjs';
import { natsServer } from '../runtimes/nats-server.mjs';
import { natsServerVersion } from '../runtimes/pins.mjs';

const oldestNode = [20, 19];

/**
 * @typedef {object} Finding One thing the project uses and how it stands.
 * @property {string} name
 * @property {'ok' | 'missing' | 'note'} state A note works, but not as well as it could.
 * @property {string} [version]
 * @property {string} [from] Where it is or came from.
 * @property {string} [detail]
 * @property {string} [fix] What the person can do.
 */

/**
 * Looks at everything that is needed to build, run and test; brings nothing.
 * @param {{env?: NodeJS.ProcessEnv, nodeVersion?: string}} [options]
 * @returns {Promise<Finding[]>}
 */
export async function examine({ env = process.env, nodeVersion = process.versions.node } = {}) {
  const quiet = { env, quiet: true, cacheOnly: true };
  const server = await natsServer(quiet).catch(() => undefined);
  const runtime = await electron(quiet).catch(() => undefined);
  return [
    checkNode(nodeVersion),
    await checkTool('npm', ['--version'], 'It comes with Node: https://nodejs.org', env),
    await checkTool('git', ['--version'], 'Install git.', env),
    checkNatsServer(server),
    checkElectron(runtime),
    ...(runtime && process.platform === 'linux' ? [await checkLibraries(runtime.path)] : []),
    ...(process.platform === 'linux' ? [await checkDisplay(env), await checkPackages(env)] : []),
  ];
}

/**
 * @param {string} version
 * @returns {Finding}
 */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode;
  const fits = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  const found = { name: 'node', version, from: process.execPath };
  return fits
    ? { ...found, state: 'ok' }
    : { ...found, state: 'missing', fix: `Install Node ${oldestNode.join('.')} or newer.` };
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {string} fix
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Finding>}
 */
async function checkTool(name, args, fix, env) {
  const path = await findOnPath(name, env);
  if (!path) return { name, state: 'missing', fix };
  const said = await run(path, args, { env });
  const version = /\d+\.\d+\S*/.exec(said.stdout)?.[0] ?? lastLine(said.stdout);
  return { name, state: 'ok', version, from: path };
}

/**
 * @param {import('../runtimes/cache.mjs').Runtime | undefined} server
 * @returns {Finding}
 */
function checkNatsServer(server) {
  const name = 'nats-server';
  if (!server) return { name, state: 'missing', fix: 'Run: npm run provision -- nats' };
  const found = { name, version: server.version, from: `${server.source}, ${server.path}` };
  if (server.version === natsServerVersion) return { ...found, state: 'ok' };
  return {
    ...found,
    state: 'note',
    detail: `Lattice is made for ${natsServerVersion}; what needs a newer server is off.`,
  };
}

/**
 * @param {(import('../runtimes/cache.mjs').Runtime & {development: boolean}) | undefined} runtime
 * @returns {Finding}
 */
function checkElectron(runtime) {
  const name = 'electron';
  if (!runtime) return { name, state: 'missing', fix: 'Run: npm run provision -- electron' };
  const found = { name, version: runtime.version, from: `${runtime.source}, ${runtime.path}` };
  if (!runtime.development) return { ...found, state: 'ok' };
  return {
    ...found,
    state: 'note',
    detail: 'It is another version than the app ships on, for development only.',
  };
}

/**
 * @param {string} program
 * @returns {Promise<Finding>}
 */
async function checkLibraries(program) {
  const missing = await missingLibraries(program);
  const name = 'shared libraries';
  if (missing.length === 0) return { name, state: 'ok', detail: 'Electron finds all it asks for.' };
  const packages = [...new Set(missing.map(packageOfLibrary))].sort();
  return {
    name,
    state: 'missing',
    detail: `Electron asks for ${missing.join(', ')}.`,
    fix: `Run: sudo apt-get install ${packages.join(' ')}`,
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Finding>}
 */
async function checkDisplay(env) {
  const name = 'display';
  if (hasDisplay(env)) return { name, state: 'ok', from: env.WAYLAND_DISPLAY ?? env.DISPLAY ?? '' };
  const xvfb = await findOnPath('Xvfb', env);
  if (!xvfb) return { name, state: 'missing', fix: 'Run: sudo apt-get install xvfb xauth' };
  return {
    name,
    state: 'ok',
    from: xvfb,
    detail: 'No screen; tests use a virtual one, npm start hosts without a window.',
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Finding>}
 */
async function checkPackages(env) {
  const name = 'Debian packages';
  const missing = await missingPackages(windowPackages, env);
  if (!missing) return { name, state: 'ok', detail: 'This is not a Debian system; nothing to look at.' };
  if (missing.length === 0)
    return { name, state: 'ok', detail: `${windowPackages.length} of ${windowPackages.length}` };
  return {
    name,
    state: hasDisplay(env) ? 'note' : 'missing',
    detail: `Not installed: ${missing.join(', ')}.`,
    fix: `Run: sudo apt-get install --no-install-recommends ${missing.join(' ')}`,
  };
}

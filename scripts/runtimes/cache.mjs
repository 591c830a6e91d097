import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * @typedef {object} Runtime A program that is on this machine.
 * @property {string} path The executable.
 * @property {string} version
 * @property {string} source Where it came from, in words.
 * @property {string} sha256 Of the executable.
 */

const recordName = 'runtime.json';

/**
 * The folder that keeps runtimes between runs: `LATTICE_RUNTIME_DIR`, else `~/.cache/lattice/runtimes`.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function runtimeFolder(env = process.env) {
  return env.LATTICE_RUNTIME_DIR || join(env.HOME || homedir(), '.cache', 'lattice', 'runtimes');
}

/**
 * A cached runtime, checked against the sum that was written when it was cached; a damaged one is removed.
 * @param {string} root
 * @param {string} key
 * @returns {Promise<Runtime | undefined>}
 */
export async function readCached(root, key) {
  const folder = join(root, key);
  try {
    const record = JSON.parse(await readFile(join(folder, recordName), 'utf8'));
    const path = join(folder, record.executable);
    if ((await sha256(path)) === record.sha256) {
      return { path, version: record.version, source: record.source, sha256: record.sha256 };
    }
  } catch {
    // A record that cannot be read is a cache entry that is not there.
  }
  await rm(folder, { recursive: true, force: true });
  return undefined;
}

/**
 * Puts a runtime into the cache as one step: built aside, then renamed, so that two at once cannot mix.
 * @param {string} root
 * @param {string} key
 * @param {(folder: string, scratch: string) => Promise<{executable: string, version: string, source: string}>} build
 *   Fills the folder and names the executable in it; `scratch` is for what does not stay.
 * @returns {Promise<Runtime>}
 */
export async function addToCache(root, key, build) {
  await mkdir(root, { recursive: true });
  const work = await mkdtemp(join(root, '.new-'));
  try {
    const folder = join(work, 'runtime');
    const scratch = join(work, 'scratch');
    await mkdir(folder);
    await mkdir(scratch);
    const built = await build(folder, scratch);
    const record = { ...built, sha256: await sha256(join(folder, built.executable)) };
    await writeFile(join(folder, recordName), `${JSON.stringify(record, null, 2)}\n`);
    await renameUnlessThere(folder, join(root, key));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const cached = await readCached(root, key);
  if (!cached) throw new Error(`${join(root, key)} was written but cannot be read back.`);
  return cached;
}

/**
 * @param {string} from
 * @param {string} to
 */
async function renameUnlessThere(from, to) {
  try {
    await rename(from, to);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Another process was faster; what it put there has passed the same checks.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error;
  }
}

/**
 * The SHA-256 of a file in hex.
 * @param {string} path
 */
export async function sha256(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

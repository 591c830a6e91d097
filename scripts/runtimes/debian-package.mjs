import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, lastLine, run } from '../lib/command.mjs';
import { SourceError } from './sources.mjs';

const timeoutMs = 120_000;

/**
 * Fetches a Debian package with apt, which checks its signature, and unpacks it without installing it.
 * @param {string} name
 * @param {string} scratch
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} the folder that holds the package's files
 * @throws {SourceError}
 */
export async function unpackDebianPackage(name, scratch, env) {
  const aptGet = await findOnPath('apt-get', env);
  const dpkg = await findOnPath('dpkg-deb', env);
  if (!aptGet || !dpkg) throw new SourceError('This is not a Debian system.');
  const options = { cwd: scratch, env, timeoutMs };
  let fetched = await run(aptGet, ['download', '-qq', name], options);
  if (fetched.code !== 0 && process.getuid?.() === 0) {
    await run(aptGet, ['update', '-qq'], options);
    fetched = await run(aptGet, ['download', '-qq', name], options);
  }
  const file = (await readdir(scratch)).find((entry) => entry.endsWith('.deb'));
  if (fetched.code !== 0 || !file) {
    throw new SourceError(lastLine(fetched.stderr) || `apt-get ended with ${fetched.code}.`);
  }
  const folder = join(scratch, 'unpacked');
  const unpacked = await run(dpkg, ['-x', join(scratch, file), folder], options);
  if (unpacked.code !== 0) throw new SourceError(lastLine(unpacked.stderr));
  return folder;
}

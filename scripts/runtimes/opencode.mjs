import { chmod, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isExecutable, lastLine, run } from '../lib/command.mjs';
import { addToCache, readCached, runtimeFolder, sha256 } from './cache.mjs';
import { packPinned } from './npm-package.mjs';
import { opencodePackages, opencodeVersion } from './pins.mjs';
import { firstThatWorks, SourceError } from './sources.mjs';

const key = `opencode-v${opencodeVersion}`;

/**
 * Brings OpenCode for the tests: a given path, the cache, the npm registry. Nothing of it is shipped.
 * @param {{quiet?: boolean, env?: NodeJS.ProcessEnv, root?: string}} [options]
 * @returns {Promise<import('./cache.mjs').Runtime>}
 * @throws {import('./sources.mjs').ProvisionError}
 */
export async function opencode(options = {}) {
  const env = options.env ?? process.env;
  const root = options.root ?? runtimeFolder(env);
  const report = options.quiet ? () => undefined : printStep;
  const runtime = await firstThatWorks({
    what: 'OpenCode',
    report,
    hint: 'Set LATTICE_OPENCODE to the path of an opencode, or make the npm registry reachable.',
    sources: [
      { name: 'LATTICE_OPENCODE', get: () => given(env.LATTICE_OPENCODE) },
      { name: 'the cache', get: () => readCached(root, key) },
      {
        name: 'the npm registry',
        get: () => addToCache(root, key, (folder, scratch) => fetchPackage(folder, scratch, report)),
      },
    ],
  });
  report(`opencode ${runtime.version} from ${runtime.source}: ${runtime.path}`);
  return runtime;
}

/** @param {string | undefined} path */
async function given(path) {
  if (!path) return undefined;
  if (!(await isExecutable(path))) throw new SourceError(`${path} is not a program that can be run.`);
  return { path, version: opencodeVersion, source: 'LATTICE_OPENCODE', sha256: await sha256(path) };
}

/**
 * @param {string} folder
 * @param {string} scratch
 * @param {(line: string) => void} report
 */
async function fetchPackage(folder, scratch, report) {
  const pin = opencodePackages[`${process.platform}-${process.arch}`];
  if (!pin) throw new SourceError(`There is no pinned package for ${process.platform}-${process.arch}.`);
  report(`opencode ${opencodeVersion}: npm pack ${pin.package} (about 60 MB, for tests only)`);
  const archive = await packPinned(pin, scratch);
  const unpacked = await run('tar', ['-xzf', archive, '-C', scratch, 'package/bin/opencode']);
  if (unpacked.code !== 0) throw new SourceError(`tar: ${lastLine(unpacked.stderr)}`);
  await rename(join(scratch, 'package/bin/opencode'), join(folder, 'opencode'));
  await chmod(join(folder, 'opencode'), 0o755);
  return { executable: 'opencode', version: opencodeVersion, source: 'the npm registry' };
}

/** @param {string} line */
function printStep(line) {
  process.stderr.write(`${line}\n`);
}

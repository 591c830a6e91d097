import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLine, run } from '../lib/command.mjs';
import { addToCache, readCached, runtimeFolder } from './cache.mjs';
import { packPinned } from './npm-package.mjs';
import { ohMyOpenCodePackage } from './pins.mjs';
import { firstThatWorks, SourceError } from './sources.mjs';

const version = ohMyOpenCodePackage.package.slice(ohMyOpenCodePackage.package.lastIndexOf('@') + 1);
const key = `oh-my-opencode-schema-v${version}`;
const file = 'oh-my-opencode.schema.json';

/**
 * Brings the schema of oh-my-opencode's settings for the tests: a given path, the cache, the npm registry. Nothing of
 * the package runs or is shipped.
 * @param {{report?: (line: string) => void, env?: NodeJS.ProcessEnv, root?: string, registry?: string}} [options]
 * @returns {Promise<string>} the path of the schema
 * @throws {import('./sources.mjs').ProvisionError}
 */
export async function ohMyOpenCodeSchema(options = {}) {
  const { env = process.env, report = () => undefined, registry } = options;
  const root = options.root ?? runtimeFolder(env);
  return firstThatWorks({
    what: 'The schema of oh-my-opencode',
    report,
    hint: 'Set LATTICE_OH_MY_OPENCODE_SCHEMA to the path of its schema, or make the npm registry reachable.',
    sources: [
      {
        name: 'LATTICE_OH_MY_OPENCODE_SCHEMA',
        get: async () => env.LATTICE_OH_MY_OPENCODE_SCHEMA || undefined,
      },
      { name: 'the cache', get: async () => (await readCached(root, key))?.path },
      {
        name: 'the npm registry',
        get: async () =>
          (await addToCache(root, key, (folder, scratch) => fetchSchema(folder, scratch, report, registry)))
            .path,
      },
    ],
  });
}

/**
 * @param {string} folder
 * @param {string} scratch
 * @param {(line: string) => void} report
 * @param {string | undefined} registry
 */
async function fetchSchema(folder, scratch, report, registry) {
  report(`oh-my-opencode ${version}: npm pack (about 7 MB, for tests only)`);
  const archive = await packPinned(ohMyOpenCodePackage, scratch, registry);
  const inside = `package/dist/${file}`;
  const unpacked = await run('tar', ['-xzf', archive, '-C', scratch, inside]);
  if (unpacked.code !== 0) throw new SourceError(`tar: ${lastLine(unpacked.stderr)}`);
  await rename(join(scratch, inside), join(folder, file));
  return { executable: file, version, source: 'the npm registry' };
}

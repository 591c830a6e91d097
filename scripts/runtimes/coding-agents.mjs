import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLine, run } from '../lib/command.mjs';
import { runtimeFolder } from './cache.mjs';
import { codingAgentPackages } from './pins.mjs';
import { SourceError } from './sources.mjs';

const installTimeoutMs = 900_000;

/**
 * Installs the ACP adapters of Claude Code and Codex in their pinned versions into the cache, for `npm run test:runtimes`.
 * @param {{env?: NodeJS.ProcessEnv, report?: (line: string) => void}} [options]
 * @returns {Promise<string>} the folder of their programs
 * @throws {SourceError} when npm cannot install them
 */
export async function codingAgents(options = {}) {
  const { env = process.env, report = () => undefined } = options;
  const root = runtimeFolder(env);
  const versions = codingAgentPackages.map((each) => each.slice(each.lastIndexOf('@') + 1)).join('-');
  const folder = join(root, `coding-agents-${versions}`);
  const bin = join(folder, 'node_modules', '.bin');
  if (await stat(bin).catch(() => undefined)) return bin;
  await mkdir(root, { recursive: true });
  const work = await mkdtemp(join(root, '.new-'));
  try {
    await writeFile(join(work, 'package.json'), '{"private": true}\n');
    report(`npm install ${codingAgentPackages.join(' ')} (about 740 MB, for tests only)`);
    const args = ['install', '--no-audit', '--no-fund', '--silent', ...codingAgentPackages];
    const installed = await run('npm', args, { cwd: work, env, timeoutMs: installTimeoutMs });
    if (installed.code !== 0)
      throw new SourceError(
        `npm install ended with ${installed.code}: ${lastLine(installed.stderr) || 'no reason given'}`,
      );
    await rename(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return bin;
}

#!/usr/bin/env node
// Runs vitest on provisioned runtimes for what is not part of `npm test`: the full chaos run, the screenshots and the large coding agents.
import { fileURLToPath } from 'node:url';
import { npmRun, runInForeground } from './lib/foreground.mjs';
import { needsBuild } from './lib/freshness.mjs';
import { codingAgents } from './runtimes/coding-agents.mjs';
import { prepare } from './testing/prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const jobs = {
  chaos: {
    window: false,
    env: { LATTICE_CHAOS: 'full' },
    args: ['--project', 'system', 'src-main/work/chaos', 'src-main/tracker/many-writers'],
  },
  screenshots: { window: true, env: {}, args: ['--project', 'screenshots'] },
  runtimes: { window: false, env: {}, args: ['--project', 'runtimes'] },
};

/** @param {string | undefined} name @returns {Promise<number>} the exit code */
async function main(name) {
  const job = name === 'chaos' || name === 'screenshots' || name === 'runtimes' ? jobs[name] : undefined;
  if (!job) {
    process.stderr.write(`Usage: node scripts/with-runtimes.mjs ${Object.keys(jobs).join('|')}\n`);
    return 2;
  }
  if (job.window && (await needsBuild(root))) {
    const code = await npmRun(['build'], { cwd: root });
    if (code !== 0) return code;
  }
  const prepared = await prepare({ window: job.window, report: (line) => process.stderr.write(`${line}\n`) });
  try {
    const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
    /** @type {NodeJS.ProcessEnv} */
    const env = { ...prepared.env, ...job.env };
    if (name === 'runtimes')
      env.LATTICE_CODING_AGENTS = await codingAgents({
        report: (line) => void process.stderr.write(`${line}\n`),
      });
    return await runInForeground(process.execPath, [vitest, 'run', ...job.args], { cwd: root, env });
  } finally {
    await prepared.stop();
  }
}

process.exitCode = await main(process.argv[2]);

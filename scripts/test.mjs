import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { npmRun } from './lib/foreground.mjs';
import { prepare } from './testing/prepare.mjs';
import { addTallies, checkTally, tallyLine, vitestTally } from './testing/tally.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stepTimeoutMs = 20 * 60_000;

/** In the order they run; a suite is a check whose tests are counted one by one. */
const steps = [
  { name: 'build', script: 'build', suite: false },
  { name: 'lint', script: 'lint', suite: false },
  { name: 'types', script: 'types', suite: false },
  { name: 'layers', script: 'layers', suite: false },
  { name: 'dead-code', script: 'dead-code', suite: false },
  { name: 'unit', script: 'test:unit', suite: true },
  { name: 'system', script: 'test:system', suite: true },
  { name: 'e2e', script: 'test:e2e', suite: true },
];
const usage = `Usage: npm test [-- --only ${steps.map((step) => step.name).join(',')}] [-- <test files>]`;

/** @param {string} line */
const report = (line) => void process.stderr.write(`${line}\n`);

/** @returns {Promise<number>} the exit code */
async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' } },
  });
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !steps.some((step) => step.name === name));
  if (unknown) {
    report(`There is no step "${unknown}".\n${usage}`);
    return 2;
  }
  const chosen = steps.filter((step) => !only || only.includes(step.name));
  const scratch = await mkdtemp(join(tmpdir(), 'lattice-test-'));
  const prepared = chosen.some((step) => step.suite)
    ? await prepare({
        window: chosen.some((step) => step.name === 'e2e'),
        schemas: chosen.some((step) => step.name === 'unit'),
        report,
      })
    : { env: process.env, problems: [], stop: async () => undefined };
  try {
    const tallies = prepared.problems.map(() => checkTally(false));
    for (const step of chosen) {
      const tally = await runStep(step, positionals, scratch, prepared.env);
      report(`${step.name}: ${tallyLine(tally)}`);
      tallies.push(tally);
    }
    for (const problem of prepared.problems) report(problem);
    const sum = addTallies(tallies);
    process.stdout.write(`${tallyLine(sum)}\n`);
    return sum.failed > 0 ? 1 : 0;
  } finally {
    await prepared.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * @param {typeof steps[number]} step
 * @param {readonly string[]} files
 * @param {string} scratch
 * @param {NodeJS.ProcessEnv} env
 */
async function runStep(step, files, scratch, env) {
  report(`\n${step.name}`);
  const options = { cwd: root, env, timeoutMs: stepTimeoutMs };
  if (!step.suite) return checkTally((await npmRun([step.script], options)) === 0);
  const output = join(scratch, `${step.name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
  const code = await npmRun([step.script, '--', ...reporters, ...files], options);
  return vitestTally(await readFile(output, 'utf8').catch(() => undefined), code);
}

process.exitCode = await main();

#!/usr/bin/env node
// Runs the benchmarks named on the command line, or all, and prints one JSON object.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { prepare } from './testing/prepare.mjs';

const root = join(import.meta.dirname, '..');
const wanted = process.argv.slice(2);
const names = (await readdir(join(root, 'bench')))
  .filter((file) => file.endsWith('.ts') && file !== 'result.ts' && !file.endsWith('-file.ts'))
  .map((file) => basename(file, '.ts'))
  .filter((name) => wanted.length === 0 || wanted.includes(name));
// Below the project, so that what stays outside the bundle is found.
const outDir = await mkdtemp(join(root, 'node_modules', '.lattice-bench-'));
/** @type {Record<string, unknown>} */
const results = {};
const prepared = await prepare({
  window: names.some((name) => name.endsWith('window')),
  report: (line) => process.stderr.write(`${line}\n`),
});
Object.assign(process.env, prepared.env);
try {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: {
        input: Object.fromEntries(names.map((name) => [name, join(root, 'bench', `${name}.ts`)])),
        output: { format: 'es', entryFileNames: '[name].mjs' },
      },
    },
    ssr: { noExternal: true, external: ['playwright-core'] },
  });
  for (const name of names) {
    process.stderr.write(`${name}\n`);
    const { bench } = await import(pathToFileURL(join(outDir, `${name}.mjs`)).href);
    results[name] = await bench();
  }
} finally {
  await prepared.stop();
  await rm(outDir, { recursive: true, force: true });
}
process.stdout.write(`${JSON.stringify({ node: process.version, cpus: cpus().length, results }, null, 2)}\n`);

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const sources = [
  'src-shared',
  'src-main',
  'src-cli',
  'src-preload',
  'src-renderer',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'vite.cli.config.ts',
];
const outputs = [
  'out/main/main.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
  'out/cli/lattice.js',
];

/**
 * Whether what is built is missing or older than a source.
 * @param {string} root
 */
export async function needsBuild(root) {
  const built = await Promise.all(outputs.map((path) => newest(join(root, path))));
  const oldestOutput = Math.min(...built);
  const newestSource = Math.max(...(await Promise.all(sources.map((path) => newest(join(root, path))))));
  return newestSource > oldestOutput;
}

/**
 * The newest time of change in ms below a path, 0 when there is nothing.
 * @param {string} path
 * @returns {Promise<number>}
 */
async function newest(path) {
  const found = await stat(path).catch(() => undefined);
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const names = await readdir(path);
  const below = await Promise.all(names.map((name) => newest(join(path, name))));
  return Math.max(0, ...below);
}

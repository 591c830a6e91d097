import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../testing/temp-folder.ts';
import { needsBuild } from './freshness.mjs';

const outputs = [
  'out/main/main.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
  'out/cli/lattice.js',
];

async function touch(root: string, path: string, seconds: number): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), '');
  await utimes(join(root, path), seconds, seconds);
}

it('asks for a build when an output is missing or older than a source, deep as it may be', async () => {
  const root = await tempFolder();
  await touch(root, 'src-main/hub/a.ts', 100);
  for (const output of outputs.slice(1)) await touch(root, output, 200);
  expect(await needsBuild(root)).toBe(true);
  await touch(root, 'out/main/main.js', 200);
  expect(await needsBuild(root)).toBe(false);
  await touch(root, 'src-renderer/views/b.tsx', 300);
  expect(await needsBuild(root)).toBe(true);
});

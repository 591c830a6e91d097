import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stageModules } from './stage.mjs';

const root = join(import.meta.dirname, '../..');
let folder = '';
let cli = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-board-bin-'));
  // Laid out as in the packaged app: the bundle and, beside its folder, the one module that cannot be in it.
  const outDir = join(folder, 'resources/cli');
  await build({
    root,
    configFile: join(root, 'vite.cli.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, minify: false },
  });
  await stageModules(join(folder, 'resources/node_modules'));
  await cp(join(root, 'package.json'), join(outDir, 'package.json'));
  cli = join(outDir, 'lattice.js');
  await mkdir(join(folder, 'project'));
});
afterAll(() => rm(folder, { recursive: true }));

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { PATH, HOME } = process.env;
  const options = { cwd: join(folder, 'project'), env: { PATH, HOME, LATTICE_ACTOR: 'human:ann' } };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test('the packaged command keeps a board, also with several at once', async () => {
  expect(await run('board', 'init', '--project-code', 'LAT')).toMatchObject({ code: 0, stderr: '' });
  const made = await Promise.all(['A', 'B', 'C', 'D'].map((title) => run('task', 'create', title, '--json')));
  expect(made.map(({ code, stderr }) => `${code}${stderr}`)).toEqual(['0', '0', '0', '0']);
  const ids = made.map(({ stdout }) => JSON.parse(stdout).data.short_id).sort();
  expect(ids).toEqual(['LAT-1', 'LAT-2', 'LAT-3', 'LAT-4']);
  const claimed = await Promise.all(
    [1, 2].map((n) => run('task', 'next', '--claim', '--actor', `agent:c-${n}`)),
  );
  expect(claimed.map(({ code }) => code)).toEqual([1, 1]);
  expect(claimed[0]?.stderr).toContain('still scaffold');
  expect(await run('board', 'doctor')).toMatchObject({ code: 0 });
});

test('wrong use ends with 2, what the board refuses with 1', async () => {
  expect(await run('task', 'create')).toMatchObject({ code: 2, stdout: '' });
  expect(await run('task', 'nonsense')).toMatchObject({ code: 2, stdout: '' });
  expect(await run('task', 'list', '--nonsense')).toMatchObject({ code: 2, stdout: '' });
  expect(await run('task', 'show', 'LAT-99')).toMatchObject({ code: 1, stdout: '' });
});

import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBoardRoot } from './board-root.ts';
import { initBoard } from './init-board.ts';
import { tempFolder } from './testing/temp-board.ts';

test('finds the nearest board upwards, and what LATTICE_ROOT names before it', async () => {
  const folder = await tempFolder();
  const [outer, inner] = [join(folder, 'a'), join(folder, 'a/b')];
  await mkdir(join(inner, 'deep/er'), { recursive: true });
  for (const root of [outer, inner]) await initBoard(root, { projectCode: 'LAT' });
  expect(findBoardRoot(join(inner, 'deep/er'), {})).toBe(inner);
  expect(findBoardRoot(outer, {})).toBe(outer);
  expect(findBoardRoot(inner, { LATTICE_ROOT: outer })).toBe(outer);
  for (const root of ['', folder, join(folder, 'none')])
    expect(() => findBoardRoot(inner, { LATTICE_ROOT: root })).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining('LATTICE_ROOT') }),
    );
  expect(() => findBoardRoot(folder, {})).toThrow(expect.objectContaining({ code: 'not_found' }));
});

test('finds the board of the main worktree from a linked one that has none', async () => {
  const main = join(await tempFolder(), 'main');
  const git = (...args: string[]) => execFileSync('git', ['-C', main, ...args], { stdio: 'pipe' });
  await mkdir(main);
  git('init', '-q');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'first');
  git('worktree', 'add', '-q', '../linked');
  await initBoard(main, {});
  const linked = join(main, '../linked');
  expect(findBoardRoot(linked, {})).toBe(main);
  await initBoard(linked, {});
  expect(findBoardRoot(linked, {})).toBe(linked);
});

test('makes a board once, and refuses codes and actors that are none', async () => {
  const root = await tempFolder();
  await expect(initBoard(root, { projectCode: 'toolong' })).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(initBoard(root, { defaultActor: 'ann' })).rejects.toMatchObject({ code: 'invalid_input' });
  expect(await initBoard(root, { projectCode: 'A' })).toBe(true);
  expect(await initBoard(root, { projectCode: 'B' })).toBe(false);
  await writeFile(join(root, 'file'), '');
  await expect(initBoard(join(root, 'file'), {})).rejects.toMatchObject({ code: 'io_failed' });
});

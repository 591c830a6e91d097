import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findProjectDir } from './project.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-project-'));
  await mkdir(join(folder, 'outer/inner/deep'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('finds the nearest project above', async () => {
  const deep = join(folder, 'outer/inner/deep');
  await mkdir(join(folder, 'outer/.lattice'));
  expect(findProjectDir(deep)).toBe(join(folder, 'outer'));
  await writeFile(join(folder, 'outer/inner/lattice.yaml'), '');
  expect(findProjectDir(deep)).toBe(join(folder, 'outer/inner'));
  expect(findProjectDir(join(folder, 'outer'))).toBe(join(folder, 'outer'));
});

it('stays where it is when there is no project', () => {
  expect(findProjectDir(join(folder, 'outer'))).toBe(join(folder, 'outer'));
  expect(findProjectDir(join(folder, 'missing'))).toBe(join(folder, 'missing'));
});

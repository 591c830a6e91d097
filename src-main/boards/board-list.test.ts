import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { boardId, openBoardList } from './board-list.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-board-list-'));
  file = join(folder, 'data', 'boards.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

it('keeps folders and filters over a restart', async () => {
  const list = await openBoardList(file);
  await Promise.all([list.add('/a'), list.add('/b/'), list.add('/a')]);
  await list.setFilters('/b', [{ name: 'Bugs', text: 'type:bug ' }]);
  await list.remove('/a');
  const again = await openBoardList(file);
  expect([again.folders, again.filtersOf('/b/')]).toEqual([['/b'], [{ name: 'Bugs', text: 'type:bug ' }]]);
});

it.each([
  '',
  'null',
  '[]',
  '{"folders":"all","filters":7}',
  '{"folders":[1],"filters":{"/a":[{}]}}',
  '\u0000',
])('begins empty after rubbish: %j', async (text) => {
  await (await openBoardList(file)).add('/a');
  await writeFile(file, text);
  const list = await openBoardList(file);
  expect([list.folders, list.filtersOf('/a')]).toEqual([[], []]);
  await list.add('/c');
  expect(JSON.parse(await readFile(file, 'utf8')).folders).toEqual(['/c']);
});

it('names a folder the same way however it is written', () => {
  expect(boardId('/a/b/../c/')).toBe(boardId('/a/c'));
  expect(boardId('/a/c')).not.toBe(boardId('/a/b'));
});

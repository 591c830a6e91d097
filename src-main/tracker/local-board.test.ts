import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ann, codex, openBoard, tempBoard } from './testing/temp-board.ts';

test('keeps a task through all its files, as the log says', async () => {
  const board = await tempBoard();
  const { task } = await board.create({ title: 'Ship <b>it</b>', description: 'All of it' }, ann);
  expect(task).toMatchObject({ short_id: 'LAT-1', status: 'backlog', priority: 'medium' });
  expect((await board.readText('LAT-1', 'plan')).text).toBe('# LAT-1: Ship <b>it</b>\n\nAll of it\n');

  await board.apply('lat-1', { op: 'comment', body: 'first' }, codex);
  await expect(board.apply('LAT-1', { op: 'status', status: 'in_progress' }, ann)).rejects.toMatchObject({
    code: 'conflict',
    details: { board_code: 'INVALID_TRANSITION' },
  });
  await board.apply('LAT-1', { op: 'status', status: 'in_progress', force: true, reason: 'now' }, ann);
  const done = await board.apply('LAT-1', { op: 'complete', review: 'Looks right' }, codex);
  expect(done.events.map(({ type }) => type)).toEqual([
    'comment_added',
    'status_changed',
    'artifact_attached',
    'status_changed',
  ]);
  expect(done.task).toMatchObject({ status: 'done', comment_count: 2 });
  const again = openBoard(board.root);
  expect((await again.get('LAT-1')).task).toEqual(done.task);
  expect((await again.doctor()).findings).toEqual([]);
  for (const path of [board.paths.log(task.id), board.paths.snapshot(task.id), board.paths.lifecycle])
    expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('does nothing twice: the same ids change nothing, other data is a conflict', async () => {
  const board = await tempBoard();
  const id = 'task_01M7XZZZZZZZZZZZZZZZZZZZZZ';
  await board.create({ title: 'Fixed', id }, ann);
  expect((await board.create({ title: 'Fixed', id }, ann)).events).toEqual([]);
  await expect(board.create({ title: 'Other', id }, ann)).rejects.toMatchObject({ code: 'conflict' });
  const event = {
    op: 'event',
    type: 'x_deploy',
    data: { n: 1 },
    id: 'ev_01M7XYMBWNRMZCSZWXJBP2053X',
  } as const;
  await board.apply(id, event, ann);
  expect((await board.apply(id, event, ann)).events).toEqual([]);
  await expect(board.apply(id, { ...event, data: { n: 2 } }, ann)).rejects.toMatchObject({
    code: 'conflict',
  });
  expect((await board.get(id)).events).toHaveLength(2);
});

test('moves every file to the archive and back', async () => {
  const board = await tempBoard();
  const { task } = await board.create({ title: 'Old' }, ann);
  await board.writeText('LAT-1', 'notes', 'remember');
  await board.apply('LAT-1', { op: 'archive' }, ann);
  expect(await readdir(join(board.paths.folder, 'events'))).toEqual(['_lifecycle.jsonl']);
  expect(await readdir(join(board.paths.folder, 'archive/notes'))).toEqual([`${task.id}.md`]);
  await expect(board.apply('LAT-1', { op: 'comment', body: 'x' }, ann)).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('archived'),
  });
  expect((await board.list()).map(({ archived }) => archived)).toEqual([true]);
  await board.apply('LAT-1', { op: 'unarchive' }, ann);
  expect(await readFile(board.paths.text('notes', task.id), 'utf8')).toBe('remember');
  expect((await board.doctor()).findings).toEqual([]);
  const lifecycle = (await readFile(board.paths.lifecycle, 'utf8')).trim().split('\n');
  expect(lifecycle.map((line) => JSON.parse(line).type)).toEqual([
    'task_created',
    'task_archived',
    'task_unarchived',
  ]);
});

test('refuses a save over a plan that somebody else changed', async () => {
  const board = await tempBoard();
  await board.create({ title: 'A' }, ann);
  const { digest } = await board.readText('LAT-1', 'plan');
  await board.writeText('LAT-1', 'plan', 'theirs', digest);
  await expect(board.writeText('LAT-1', 'plan', 'mine', digest)).rejects.toMatchObject({ code: 'conflict' });
  expect((await board.readText('LAT-1', 'plan')).text).toBe('theirs');
});

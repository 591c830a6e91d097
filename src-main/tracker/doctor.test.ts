import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { LocalBoard } from './local-board.ts';
import { ann, codex, tempBoard, tempFolder } from './testing/temp-board.ts';

let board: LocalBoard;
let one = '';
let two = '';

beforeEach(async () => {
  board = await tempBoard();
  one = (await board.create({ title: 'One' }, ann)).task.id;
  two = (await board.create({ title: 'Two' }, ann)).task.id;
  await board.apply(one, { op: 'comment', body: 'hello' }, codex);
  await board.apply(one, { op: 'link', type: 'blocks', targetId: two }, ann);
});

/** What doctor says, before and after the repair; the board can be written to afterwards, and nothing of it is lost. */
async function findAndMend(): Promise<{ found: string[]; left: string[] }> {
  const checks = (findings: readonly { check: string }[]) =>
    [...new Set(findings.map(({ check }) => check))].sort();
  const found = checks((await board.doctor()).findings);
  const { report } = await board.mend();
  await board.apply(one, { op: 'comment', body: 'still here' }, ann);
  return { found, left: checks(report.findings) };
}

async function quarantined(): Promise<string> {
  const names = await readdir(board.paths.quarantine).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(board.paths.quarantine, name), 'utf8')));
  return texts.join('\n');
}

const comments = async () => (await board.get(one)).task.comment_count;

test('a sound board has no findings', async () => {
  expect(await findAndMend()).toEqual({ found: [], left: [] });
});

test('a torn last line', async () => {
  await appendFile(board.paths.log(one), '{"actor":"human:bo');
  expect(await comments()).toBe(1);
  expect(await findAndMend()).toEqual({ found: ['torn_last_line'], left: [] });
  expect(await quarantined()).toBe('{"actor":"human:bo');
  expect(await comments()).toBe(2);
});

test('a torn line in the middle, which the next write puts aside by itself', async () => {
  const log = board.paths.log(one);
  const lines = (await readFile(log, 'utf8')).split('\n');
  await writeFile(log, [lines[0], lines[1]?.slice(0, 40), ...lines.slice(2)].join('\n'));
  await board.apply(one, { op: 'comment', body: 'after' }, ann);
  expect(await quarantined()).toBe(lines[1]?.slice(0, 40));
  expect((await board.get(one)).events.map(({ type }) => type)).toEqual([
    'task_created',
    'relationship_added',
    'comment_added',
  ]);
  expect(await findAndMend()).toEqual({ found: [], left: [] });
});

test('snapshots that are missing, stale, damaged or without a log', async () => {
  await rm(board.paths.snapshot(one));
  expect(await findAndMend()).toEqual({ found: ['snapshot_missing'], left: [] });
  const text = await readFile(board.paths.snapshot(one), 'utf8');
  // The last event is right and a count is not, which the foreign program's doctor cannot see.
  await writeFile(board.paths.snapshot(one), text.replace(/"comment_count": \d+/, '"comment_count": 0'));
  await writeFile(board.paths.snapshot(two), 'rubbish');
  expect(await findAndMend()).toEqual({ found: ['snapshot_drift'], left: [] });
  await writeFile(board.paths.snapshot('task_01M7XZZZZZZZZZZZZZZZZZZZZZ'), '{}');
  expect(await findAndMend()).toEqual({ found: ['snapshot_without_log'], left: ['snapshot_without_log'] });
});

test.each(['', 'rubbish', '[]', '{"map":[]}'])(
  'an ids.json that holds %j, without giving a number out twice',
  async (text) => {
    await writeFile(board.paths.ids, text);
    expect((await board.get('LAT-2')).task.id).toBe(two);
    expect((await board.create({ title: 'Three' }, ann)).task.short_id).toBe('LAT-3');
    await writeFile(board.paths.ids, text);
    expect(await findAndMend()).toEqual({ found: ['ids_damaged'], left: [] });
  },
);

test('an ids.json that is lost, or older than the logs', async () => {
  const before = await readFile(board.paths.ids, 'utf8');
  await rm(board.paths.ids);
  expect((await board.create({ title: 'Three' }, ann)).task.short_id).toBe('LAT-3');
  await writeFile(board.paths.ids, before);
  expect(await findAndMend()).toEqual({ found: ['ids_behind', 'ids_wrong'], left: [] });
  await writeFile(board.paths.ids, before);
  expect((await board.create({ title: 'Four' }, ann)).task.short_id).toBe('LAT-4');
});

test('two tasks with one short id, which only a new one settles', async () => {
  const log = await readFile(board.paths.log(two), 'utf8');
  await writeFile(board.paths.log(two), log.replace('LAT-2', 'LAT-1'));
  expect((await findAndMend()).left).toEqual(['duplicate_short_id']);
  await board.backfillIds(ann);
  expect((await board.list()).map(({ task }) => task.short_id).sort()).toEqual(['LAT-1', 'LAT-3']);
  expect(await findAndMend()).toEqual({ found: [], left: [] });
});

test('events of another task, events that are there twice, and lines that are no events', async () => {
  const log = board.paths.log(one);
  const [first = ''] = (await readFile(log, 'utf8')).split('\n');
  await appendFile(log, `${first}\n${first.replaceAll(one, two)}\n{"no":"event"}\n[]\n`);
  expect(await comments()).toBe(1);
  expect(await findAndMend()).toEqual({ found: ['duplicate', 'no_event', 'wrong_task'], left: [] });
  expect((await quarantined()).split('\n')).toHaveLength(4);
  expect(await comments()).toBe(2);
});

test('a lifecycle log that lacks lines, has strangers or is torn', async () => {
  const text = await readFile(board.paths.lifecycle, 'utf8');
  const [first = ''] = text.split('\n');
  await writeFile(
    board.paths.lifecycle,
    `${first}\n${first.replace(/ev_\w+/, 'ev_01M7XYMBWNRMZCSZWXJBP2053X')}\n{"x`,
  );
  expect(await findAndMend()).toEqual({
    found: ['lifecycle_extra', 'lifecycle_missing', 'lifecycle_torn'],
    left: [],
  });
  expect(await readFile(board.paths.lifecycle, 'utf8')).toBe(text);
});

test('files that a crash left half way to the archive', async () => {
  await board.apply(one, { op: 'archive' }, ann);
  await rename(board.paths.log(one, true), board.paths.log(one));
  expect((await board.doctor()).findings.map(({ check }) => check)).toEqual(['placement']);
  await board.apply(one, { op: 'unarchive' }, ann);
  await board.apply(two, { op: 'archive' }, ann);
  await cp(board.paths.log(two, true), board.paths.log(two));
  expect(await findAndMend()).toEqual({ found: ['placement', 'two_logs'], left: [] });
  expect((await board.list()).map(({ archived }) => archived)).toEqual([false, true]);
});

test('relations and artifacts that lead nowhere are told, not touched', async () => {
  await board.apply(one, { op: 'attach', source: { kind: 'text', text: 'x' }, title: 'X' }, ann);
  const [meta = ''] = await readdir(board.paths.artifactMetas);
  await rm(join(board.paths.artifactMetas, meta));
  for (const path of [board.paths.log(two), board.paths.snapshot(two)]) await rm(path);
  expect((await findAndMend()).left).toEqual(['missing_artifact', 'missing_target']);
});

test('relations in a circle, which another program wrote', async () => {
  const last = (await board.get(one)).events.at(-1);
  const back = {
    ...last,
    id: 'ev_01M7XYMHN5SMQB5PDQKW5B4TX1',
    task_id: two,
    data: { type: 'blocks', target_task_id: one },
  };
  await appendFile(board.paths.log(two), `${JSON.stringify(back)}\n`);
  const { report } = await board.mend();
  expect(report.findings).toMatchObject([{ check: 'circle', message: expect.stringContaining('LAT-2') }]);
});

test('a change from a status that the task did not have, which a racing program wrote', async () => {
  const stale = {
    ...(await board.get(two)).events[0],
    id: 'ev_01M7XYMHN5SMQB5PDQKW5B4TX1',
    type: 'status_changed',
    data: { from: 'review', to: 'done' },
  };
  await appendFile(board.paths.log(two), `${JSON.stringify(stale)}\n`);
  expect((await findAndMend()).left).toEqual(['strict_replay']);
  expect((await board.get(two)).task.status).toBe('done');
});

test('an empty log, which is removed only when the task left nothing else', async () => {
  await writeFile(board.paths.log('task_01M7XZZZZZZZZZZZZZZZZZZZZZ'), '');
  expect(await findAndMend()).toEqual({ found: ['empty_log'], left: [] });
  await writeFile(board.paths.log(two), '');
  expect((await findAndMend()).left).toContain('empty_log');
  expect(await readFile(board.paths.snapshot(two), 'utf8')).toContain('"Two"');
});

test('a log without a beginning', async () => {
  const log = await readFile(board.paths.log(two), 'utf8');
  await writeFile(board.paths.log(two), log.replace('task_created', 'x_gone'));
  const { left } = await findAndMend();
  expect(left).toContain('no_creation');
  expect(board.broken().get(two)).toMatchObject({ code: 'invalid_input' });
  expect((await board.list()).map(({ id }) => id)).toEqual([one]);
  expect((await board.rebuildAll()).failed.has(two)).toBe(true);
});

test('a log beyond 50 MB is named and left alone', async () => {
  await truncate(board.paths.log(two), 51 * 1024 * 1024);
  expect((await findAndMend()).left).toContain('log_too_large');
  await expect(board.apply(two, { op: 'comment', body: 'x' }, ann)).rejects.toMatchObject({
    code: 'too_large',
  });
});

test('leftovers of writes that did not finish, once they are old', async () => {
  const fresh = join(board.paths.tasks(), '.tmp.fresh');
  const old = join(board.paths.tasks(), '.tmp.old');
  for (const path of [fresh, old]) await writeFile(path, 'half');
  await utimes(old, 1_000, 1_000);
  expect(await findAndMend()).toEqual({ found: ['leftover'], left: [] });
  expect(await readdir(board.paths.tasks())).toContain('.tmp.fresh');
});

test('folders and logs that are links out of the board are not followed', async () => {
  const outside = await tempFolder();
  await rename(board.paths.log(two), join(outside, 'log'));
  await symlink(join(outside, 'log'), board.paths.log(two));
  expect((await board.doctor()).findings.map(({ check }) => check)).toContain('log_unsafe');
  await expect(board.apply(two, { op: 'comment', body: 'x' }, ann)).rejects.toMatchObject({ code: 'unsafe' });
  await rm(join(board.paths.folder, 'notes'), { recursive: true });
  await symlink(outside, join(board.paths.folder, 'notes'));
  await expect(board.writeText(one, 'notes', 'x')).rejects.toMatchObject({ code: 'unsafe' });
  expect(await readdir(outside)).toEqual(['log']);
});

test('a board of a hosted server, or of a newer format, is only read', async () => {
  await mkdir(join(board.paths.folder, 'hosted'));
  await writeFile(join(board.paths.folder, 'hosted/owner.json'), '{}');
  expect(board.readOnly).toContain('server');
  for (const write of [
    () => board.create({ title: 'x' }, ann),
    () => board.apply(one, { op: 'comment', body: 'x' }, ann),
    () => board.writeText(one, 'plan', 'x'),
    () => board.claim({}, ann),
    () => board.mend(),
  ])
    await expect(write()).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('server'),
    });
  expect((await board.list()).length).toBe(2);
  await rm(join(board.paths.folder, 'hosted'), { recursive: true });
  const config = await readFile(board.paths.config, 'utf8');
  await writeFile(board.paths.config, config.replace('"schema_version": 1', '"schema_version": 9'));
  await expect(board.create({ title: 'x' }, ann)).rejects.toMatchObject({ code: 'unsupported' });
});

test('what is markup, or too long, is text or refused', async () => {
  const title = '<script>alert(1)</script>';
  const { task } = await board.create({ title }, ann);
  expect((await board.get(task.id)).task.title).toBe(title);
  await expect(board.create({ title: 'x'.repeat(1_000_000) }, ann)).rejects.toMatchObject({
    code: 'invalid_input',
  });
  const log = board.paths.log(two);
  await writeFile(log, (await readFile(log, 'utf8')).replace('Two', 'y'.repeat(1_000_000)));
  expect((await board.get(two)).task.title).toHaveLength(1_000_000);
});

test.each(['../../../etc/passwd', 'task_../../x', '', 'LAT-', 'LAT-99999999999999999999', '\u0000'])(
  'the name %j leads nowhere',
  async (ref) => {
    await expect(board.get(ref)).rejects.toMatchObject({
      code: expect.stringMatching(/invalid_input|not_found/),
    });
  },
);

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runBoardCommand } from './testing/board-program.ts';

let folder = '';
let clock = Date.parse('2026-11-21T10:00:00Z');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-board-cli-'));
  clock = Date.parse('2026-11-21T10:00:00Z');
  await run('board', 'init', '--project-code', 'LAT', '--actor', 'human:ann');
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...args: string[]) =>
  runBoardCommand(args, { cwd: folder, env: { LATTICE_ACTOR: 'human:ann' }, now: () => new Date(clock) });

async function json(...args: string[]) {
  const { stdout, code } = await run(...args, '--json');
  return { ...JSON.parse(stdout), code };
}

async function refusal(...args: string[]): Promise<string> {
  const answer = await json(...args);
  expect(answer).toMatchObject({ ok: false, code: 1 });
  return answer.error.code;
}

test('says who must act, and where there is no board', async () => {
  const nobody = await runBoardCommand(['task', 'create', 'x', '--json'], { cwd: folder });
  expect(JSON.parse(nobody.stdout).error.code).toBe('MISSING_ACTOR');
  expect(await refusal('task', 'create', 'x', '--actor', 'ann')).toBe('INVALID_ACTOR');
  expect(await refusal('task', 'create', 'x', '--name', 'Argus-1')).toBe('SESSION_NOT_FOUND');
  const nowhere = await runBoardCommand(['task', 'list', '--json'], { cwd: tmpdir() });
  expect(JSON.parse(nowhere.stdout).error.code).toBe('NOT_INITIALIZED');
  const words = await runBoardCommand(['task', 'list'], { cwd: tmpdir() });
  expect(words).toMatchObject({ code: 1, stdout: '' });
  expect(words.stderr).toContain('lattice board init');
});

test('carries a task from its plan to its end in words', async () => {
  expect((await run('task', 'create', 'Ship\u001b]0;evil\u0007 it', '--tags', 'a, b,')).stdout).toBe(
    'LAT-1 created: Ship it\n',
  );
  expect((await run('task', 'next', '--claim')).stderr).toContain('still scaffold');
  await run('task', 'plan', 'LAT-1', 'write', '# Plan\n\n- go\n');
  expect((await run('task', 'next', '--claim')).stdout).toContain('LAT-1 is yours: Ship it');
  expect((await run('task', 'complete', 'LAT-1', '--review', 'Good')).stdout).toBe('LAT-1 is done\n');
  expect((await run('task', 'list')).stdout).toMatch(/^ID.*TITLE\nLAT-1 {2}done/);
  expect((await run('task', 'list', '--quiet', '--status', 'Done')).stdout).toMatch(/^task_\w{26}\n$/);
  const shown = (await run('task', 'show', 'LAT-1')).stdout;
  expect(shown).toContain('human:ann: Good');
  expect(shown).toContain('artifact_attached');
  expect((await run('task', 'next')).stdout).toBe('Nothing to do: no task is ready.\n');
  expect(await json('task', 'next')).toEqual({ data: null, ok: true, code: 0 });
  expect((await run('board', 'stats')).stdout).toContain('1 tasks on the board');
  expect((await json('board', 'list')).data).toMatchObject([{ code: 'LAT', tasks: 1, open: 0 }]);
});

test('threads, edits, reactions and deletions', async () => {
  await run('task', 'create', 'Talk');
  await writeFile(join(folder, 'said.md'), 'from a file');
  const first = (await json('task', 'comment', 'LAT-1', '--file', 'said.md')).data.last_event_id;
  const reply = (await json('task', 'comment', 'LAT-1', 'answer', '--reply-to', first)).data.last_event_id;
  await run('task', 'comment-edit', 'LAT-1', first, 'better');
  await run('task', 'react', 'LAT-1', first, 'thumbs_up');
  expect((await json('task', 'react', 'LAT-1', first, 'thumbs_up')).data).toEqual({
    message: expect.stringContaining('Already'),
  });
  await run('task', 'comment-delete', 'LAT-1', reply);
  const { data, task_context } = await json('task', 'comments', 'LAT-1');
  expect(task_context.id).toBe('LAT-1');
  expect(data).toMatchObject([
    { body: 'better', edited: true, reactions: { thumbs_up: ['human:ann'] }, replies: [{ deleted: true }] },
  ]);
  expect((await run('task', 'comments', 'LAT-1')).stdout).toContain('(deleted)');
  await run('task', 'unreact', 'LAT-1', first, 'thumbs_up');
  expect((await json('task', 'comments', 'LAT-1')).data[0].reactions).toEqual({});
  expect(await refusal('task', 'comment', 'LAT-1')).toBe('VALIDATION_ERROR');
  expect(await refusal('task', 'comment', 'LAT-1', 'x', '--role', 'king')).toBe('INVALID_ROLE');
});

test('refuses a circle of dependencies, and keeps files byte for byte', async () => {
  for (const title of ['One', 'Two']) await run('task', 'create', title);
  await run('task', 'link', 'LAT-1', 'depends_on', 'LAT-2');
  expect(await refusal('task', 'link', 'LAT-2', 'depends_on', 'LAT-1')).toBe('CONFLICT');
  const bytes = Buffer.from([0, 255, 10, 13]);
  await writeFile(join(folder, 'data.bin'), bytes);
  const { data } = await json('task', 'attach', 'LAT-1', 'data.bin');
  expect(data).toMatchObject({ title: 'data.bin', type: 'file', payload: { size_bytes: 4 } });
  expect(await readFile(join(folder, '.lattice/artifacts/payload', data.payload.file))).toEqual(bytes);
  expect(await refusal('task', 'attach', 'LAT-1', 'none.txt')).toBe('VALIDATION_ERROR');
});

test('puts many tasks away and says which it could not', async () => {
  for (const title of ['One', 'Two', 'Three']) await run('task', 'create', title);
  const answer = await json('task', 'archive', 'LAT-1,LAT-2', 'LAT-9');
  expect(answer).toMatchObject({ code: 1, data: { failed: [{ id: 'LAT-9', error: 'NOT_FOUND' }] } });
  expect(answer.data.archived).toHaveLength(2);
  expect((await json('task', 'list')).data).toHaveLength(1);
  expect((await json('task', 'unarchive', 'LAT-1')).data.type).toBe('task_unarchived');
  await run('task', 'status', 'LAT-3', 'done', '--force', '--reason', 'old');
  clock += 3 * 24 * 60 * 60 * 1_000;
  expect((await json('task', 'archive', '--stale')).data.archived).toHaveLength(1);
});

test('doctor fails while there are errors, and repairs', async () => {
  await run('task', 'create', 'One');
  await writeFile(join(folder, '.lattice/ids.json'), '{');
  expect(await json('board', 'doctor')).toMatchObject({
    ok: true,
    code: 1,
    data: {
      findings: [{ check: 'ids_damaged', level: 'error', task_id: null }],
      summary: { tasks: 1, errors: 1 },
    },
  });
  expect(await json('board', 'doctor', '--fix')).toMatchObject({ code: 0, data: { findings: [] } });
  expect((await run('board', 'rebuild', 'LAT-1')).code).toBe(0);
  expect(await refusal('board', 'rebuild')).toBe('VALIDATION_ERROR');
});

test('sessions write under their own name and never under an old number', async () => {
  const start = ['board', 'session', 'start', '--name', 'Argus', '--model', 'opus', '--framework', 'x'];
  expect((await run(...start)).stdout).toMatch(/^Argus-1 {2}active/);
  const { data } = await json('task', 'create', 'Mine', '--name', 'Argus-1');
  expect(data.created_by).toMatchObject({ name: 'Argus-1', base_name: 'Argus', serial: 1, model: 'opus' });
  await run('board', 'session', 'end', 'Argus-1', '--reason', 'done');
  await rm(join(folder, '.lattice/sessions/index.json'));
  expect((await json(...start)).data.name).toBe('Argus-2');
  expect((await json('board', 'session', 'list')).data).toHaveLength(1);
  expect(await refusal('board', 'session', 'start', '--name', '../x', '--model', 'm')).toBe(
    'VALIDATION_ERROR',
  );
  expect(await refusal('board', 'session', 'show', '../../config')).toBe('SESSION_NOT_FOUND');
});

test('resources are held by one until the lease ends', async () => {
  await run('board', 'resource', 'create', 'gpu', '--ttl', '60');
  expect((await json('board', 'resource', 'acquire', 'gpu')).data.holders).toHaveLength(1);
  const other = ['board', 'resource', 'acquire', 'gpu', '--actor', 'agent:codex-1'];
  expect(await refusal(...other)).toBe('RESOURCE_HELD');
  expect(await refusal(...other, '--wait', '--timeout', '0')).toBe('TIMEOUT');
  expect(await refusal('board', 'resource', 'release', 'gpu', '--actor', 'agent:codex-1')).toBe('NOT_HELD');
  clock += 61_000;
  expect((await json(...other)).data.holders).toMatchObject([{ actor: 'agent:codex-1' }]);
  expect((await run('board', 'resource', 'list')).stdout).toContain('gpu');
  expect(await refusal('board', 'resource', 'create', '../../x')).toBe('VALIDATION_ERROR');
  expect(await refusal('board', 'resource', 'status', 'none')).toBe('NOT_FOUND');
});

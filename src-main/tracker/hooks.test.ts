import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { TrackerEvent } from '../../src-shared/tracker/event.ts';
import { changeConfig } from './board-settings.ts';
import { commandsFor, HookRunner } from './hooks.ts';
import { ann, openBoard, tempBoard, tempFolder } from './testing/temp-board.ts';

const moved: TrackerEvent = {
  schema_version: 1,
  id: 'ev_01M7XYMHN5SMQB5PDQKW5B4TX1',
  ts: '2026-11-21T02:23:17Z',
  type: 'status_changed',
  actor: 'human:ann',
  data: { from: 'backlog', to: 'planned' },
  task_id: 'task_01M7XZZZZZZZZZZZZZZZZZZZZZ',
};

test('asks for the commands in the order of the format', () => {
  const hooks = {
    post_event: 'any',
    on: { status_changed: 'type', comment_added: 'other' },
    transitions: {
      '* -> *': 'all',
      'backlog -> *': 'from',
      '* -> planned': ['to-1', 'to-2'],
      'backlog -> planned': 'exact',
      'planned -> done': 'no',
    },
  };
  expect(commandsFor(hooks, moved)).toEqual(['any', 'type', 'exact', 'to-1', 'to-2', 'from', 'all']);
  expect(commandsFor(hooks, { ...moved, type: 'toString', data: {} })).toEqual(['any']);
  expect(commandsFor({}, moved)).toEqual([]);
});

test('gives a hook the event and its surroundings, and no text of it to the shell', async () => {
  const board = await tempBoard();
  const command =
    'cat > event.json; echo "$LATTICE_ROOT|$LATTICE_FROM_STATUS|$LATTICE_TO_STATUS|$LATTICE_ACTOR" > env';
  await changeConfig(board, (config) => ({ ...config, hooks: { transitions: { '* -> planned': command } } }));
  const hooked = openBoard(board.root, { hooks: true });
  await hooked.create({ title: '$(touch pwned)`touch pwned`' }, ann);
  await hooked.apply('LAT-1', { op: 'status', status: 'planned', reason: '"; touch pwned; "' }, ann);
  await hooked[Symbol.asyncDispose]();
  expect(await readFile(join(board.root, 'env'), 'utf8')).toBe(`${board.root}|backlog|planned|human:ann\n`);
  expect(JSON.parse(await readFile(join(board.root, 'event.json'), 'utf8'))).toMatchObject({
    type: 'status_changed',
    data: { to: 'planned' },
  });
  await expect(readFile(join(board.root, 'pwned'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a board that was opened without them runs no hooks', async () => {
  const board = await tempBoard();
  await changeConfig(board, (config) => ({ ...config, hooks: { post_event: 'touch ran' } }));
  await board.create({ title: 'Quiet' }, ann);
  await board[Symbol.asyncDispose]();
  await expect(readFile(join(board.root, 'ran'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('passes no token of the station on', async () => {
  vi.stubEnv('LATTICE_NATS_TOKEN', 'secret');
  onTestFinished(() => void vi.unstubAllEnvs());
  const root = await tempFolder();
  const runner = new HookRunner({ root, failed: () => undefined });
  runner.run({ post_event: 'env > seen' }, moved);
  await runner[Symbol.asyncDispose]();
  const seen = await readFile(join(root, 'seen'), 'utf8');
  expect(seen).toContain('LATTICE_TASK_ID=task_');
  expect(seen).not.toContain('secret');
});

test('ends a hook that takes too long with all that it started, and tells of one that fails', async () => {
  const root = await tempFolder();
  const told: string[] = [];
  const runner = new HookRunner({ root, failed: (message) => told.push(message), timeoutMs: 200 });
  runner.run({ post_event: '(sleep 60 & sleep 60)' }, moved);
  runner.run({ post_event: 'exit 3' }, moved);
  runner.run({ post_event: 'head -c 1 > first' }, moved);
  const began = performance.now();
  await runner[Symbol.asyncDispose]();
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(told).toEqual([
    'The hook "(sleep 60 & sleep 60)" took longer than 0.2 s and was ended.',
    'The hook "exit 3" failed (exit code 3).',
  ]);
  expect(await readFile(join(root, 'first'), 'utf8')).toBe('{');
});

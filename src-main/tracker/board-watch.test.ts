import { appendFile, rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ann, openBoard, tempBoard } from './testing/temp-board.ts';

test('shows what another program writes within 100 ms', async () => {
  const board = await tempBoard();
  const { task } = await board.create({ title: 'Seen' }, ann);
  const live = await board.watch();
  const other = openBoard(board.root);
  const waits: number[] = [];
  for (let count = 1; count <= 10; count += 1) {
    const seen = new Promise<number>((resolve) => {
      const listener = live.on(({ upserts }) => {
        if (upserts[0]?.task.comment_count !== count) return;
        listener[Symbol.dispose]();
        resolve(performance.now());
      });
    });
    const written = performance.now();
    await other.apply(task.id, { op: 'comment', body: `number ${count}` }, ann);
    waits.push((await seen) - written);
  }
  waits.sort((a, b) => a - b);
  // The machine may be busy; half of the changes must be there in time whatever else it does.
  expect(waits[5]).toBeLessThan(100);
});

test('hears of new, archived and removed tasks, and of a log that a stranger appends to', async () => {
  const board = await tempBoard();
  const live = await board.watch();
  const other = openBoard(board.root);
  const states = () =>
    live.snapshot().map(({ task, archived }) => `${task.title}:${task.status}:${archived}`);
  const until = (wanted: string[]) => expect.poll(states, { timeout: 5_000, interval: 5 }).toEqual(wanted);

  const { task } = await other.create({ title: 'New' }, ann);
  await until(['New:backlog:false']);
  const line = {
    actor: 'human:bob',
    data: { from: 'backlog', to: 'planned' },
    id: 'ev_01M7XYMHN5SMQB5PDQKW5B4TX1',
    schema_version: 1,
    task_id: task.id,
    ts: '2026-11-21T02:23:17Z',
    type: 'status_changed',
  };
  await appendFile(board.paths.log(task.id), `${JSON.stringify(line)}\n`);
  await until(['New:planned:false']);
  await other.apply('LAT-1', { op: 'archive' }, ann);
  await until(['New:planned:true']);
  await rm(board.paths.log(task.id, true));
  await until([]);
});

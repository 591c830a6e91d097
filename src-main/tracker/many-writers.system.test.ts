import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeConfig } from './board-settings.ts';
import type { LocalBoard } from './local-board.ts';
import { ann, openBoard, tempBoard } from './testing/temp-board.ts';

const FULL = process.env.LATTICE_CHAOS === 'full';
/** Writes of each of the eight processes. */
const WRITES = FULL ? 200 : 60;
/** How often all writers are killed. */
const KILLS = FULL ? 8 : 4;

const ROOT = join(import.meta.dirname, '../..');

interface Line {
  refused?: string;
  message?: string;
  task?: string;
  status?: string;
  events?: string[];
}

let outDir = '';
beforeAll(async () => {
  // Below the project, so that the bundle finds the modules it cannot contain.
  outDir = await mkdtemp(join(ROOT, 'node_modules', '.lattice-board-'));
  // One of the writers below is another user.
  await chmod(outDir, 0o755);
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: { ssr: 'src-main/tracker/testing/board-writer.ts', target: 'node20', outDir, minify: false },
    ssr: { noExternal: true, target: 'node' },
  });
});
afterAll(() => rm(outDir, { recursive: true, force: true }));

interface Writer {
  child: ChildProcess;
  lines: Line[];
  ended: Promise<number | null>;
}

/** A writer and what it said was done, also of one that was killed. */
function start(...args: string[]): Writer {
  return launch(process.execPath, [join(outDir, 'board-writer.js'), ...args]);
}

function launch(command: string, args: readonly string[], options: { uid?: number } = {}): Writer {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], ...options });
  const lines: Line[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(JSON.parse(line)));
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]).then(([[code]]) => code);
  return { child, lines, ended };
}

/** Every acknowledged event is in its log, each once, and nothing on the board disagrees with the logs. */
async function expectWhole(board: LocalBoard, lines: readonly Line[]): Promise<string[]> {
  const states = await board.states();
  const events = states.flatMap((state) => state.events.map((event) => event.id));
  const acknowledged = lines.flatMap((line) => line.events ?? []);
  const there = new Set(events);
  expect(there.size).toBe(events.length);
  expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
  const shortIds = states.map(({ task }) => task.short_id);
  expect(new Set(shortIds).size).toBe(shortIds.length);
  return events;
}

test(`8 processes with ${WRITES} mixed writes each lose nothing and agree`, {
  timeout: 120_000,
}, async () => {
  const board = await tempBoard();
  const writers = Array.from({ length: 8 }, (_, seed) =>
    start('write', board.root, String(WRITES), String(seed + 1)),
  );
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual(Array(8).fill(0));
  const lines = writers.flatMap((writer) => writer.lines);
  expect(lines).toHaveLength(8 * WRITES);
  const events = await expectWhole(board, lines);
  expect(events.length).toBe(lines.flatMap((line) => line.events ?? []).length);
  expect(events.length).toBeGreaterThan(5 * WRITES);
  expect((await board.doctor()).findings).toEqual([]);
});

test('kill -9 at any moment takes nothing that was acknowledged and leaves no lock behind', {
  timeout: 60_000,
}, async () => {
  const board = await tempBoard();
  const lines: Line[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    const writers = [1, 2, 3].map((seed) => start('write', board.root, '1000', String(round * 3 + seed)));
    await expect
      .poll(() => writers.every((each) => each.lines.length > 3), { timeout: 10_000, interval: 5 })
      .toBe(true);
    for (const { child } of writers) child.kill('SIGKILL');
    await Promise.all(writers.map(({ ended }) => ended));
    lines.push(...writers.flatMap((writer) => writer.lines));
    const began = performance.now();
    const { task } = await board.create({ title: `After round ${round}` }, ann);
    lines.push({ task: task.id, events: [task.last_event_id] });
    expect(performance.now() - began).toBeLessThan(2_000);
  }
  await expectWhole(board, lines);
  for (const state of await board.states()) {
    // The four events of a completion are there together or not at all.
    const reviews = state.events.filter(({ type }) => type === 'artifact_attached').length;
    expect(
      state.events.filter(({ type, data }) => type === 'comment_added' && data.role === 'review'),
    ).toHaveLength(reviews);
  }
  await board.mend();
  expect((await board.doctor()).findings).toEqual([]);
  await expectWhole(openBoard(board.root), lines);
});

test('20 claimers get 20 different tasks', { timeout: 60_000 }, async () => {
  const board = await tempBoard();
  for (let index = 0; index < 24; index += 1) {
    const { task } = await board.create({ title: `Task ${index}` }, ann);
    await board.writeText(task.id, 'plan', `# Plan\n\n- do ${index}\n`);
  }
  await board.apply(
    'LAT-1',
    { op: 'link', type: 'depends_on', targetId: (await board.get('LAT-2')).task.id },
    ann,
  );
  await changeConfig(board, (config) => ({ ...config, workflow: { ...config.workflow, wip_limits: {} } }));
  const claimers = Array.from({ length: 20 }, (_, index) => start('claim', board.root, `agent:c-${index}`));
  expect(await Promise.all(claimers.map(({ ended }) => ended))).toEqual(Array(20).fill(0));
  const claimed = claimers.flatMap(({ lines }) => lines.flatMap((line) => line.task ?? []));
  expect(claimed).toHaveLength(20);
  expect(new Set(claimed).size).toBe(20);
  expect(claimed).not.toContain((await board.get('LAT-1')).task.id);
  expect((await board.doctor()).findings).toEqual([]);
});

test('a disk that takes no more loses nothing and says so', async () => {
  const board = await tempBoard();
  const { task } = await board.create({ title: 'Filled' }, ann);
  const writer = [process.execPath, join(outDir, 'board-writer.js'), 'fill', board.root, task.id];
  // The limit on the size of one file stands for a full disk: a write is done in part and then fails.
  const { ended, lines } = launch('sh', ['-c', 'ulimit -f 8; exec "$@"', 'sh', ...writer]);
  expect(await ended).toBe(0);
  expect(lines.at(-1)).toMatchObject({
    refused: 'io_failed',
    message: expect.stringContaining('was not written'),
  });
  expect(lines.length).toBeGreaterThan(3);
  await expectWhole(board, lines);
  expect((await board.get(task.id)).events).toHaveLength(lines.length);
  await board.apply(task.id, { op: 'comment', body: 'room again' }, ann);
  expect((await board.doctor()).findings).toEqual([]);
});

test('a folder that may only be read says so and stays as it is', async () => {
  const board = await tempBoard();
  const { task } = await board.create({ title: 'Looked at' }, ann);
  execFileSync('chmod', ['-R', 'a+rX,a-w', board.root]);
  const before = await readFile(board.paths.log(task.id), 'utf8');
  const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const writer = [join(outDir, 'board-writer.js'), 'fill', board.root, task.id];
  const { ended, lines } = launch(process.execPath, writer, nobody);
  expect(await ended).toBe(0);
  expect(lines).toMatchObject([{ refused: 'io_failed', message: expect.stringContaining('EACCES') }]);
  execFileSync('chmod', ['-R', 'u+w', board.root]);
  expect(await readFile(board.paths.log(task.id), 'utf8')).toBe(before);
});

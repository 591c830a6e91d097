import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initBoard } from '../src-main/tracker/init-board.ts';
import { LocalBoard } from '../src-main/tracker/local-board.ts';
import { EMPTY_IDS } from '../src-shared/tracker/ids-index.ts';
import { replayTask } from '../src-shared/tracker/replay.ts';
import { serialiseDocument, serialiseLine } from '../src-shared/tracker/serialise.ts';
import { type BenchResult, compared, percentile } from './result.ts';

const ROUNDS = 5;
const CREATES = 100;
const CHANGES = 30;
const author = { actor: 'human:ann' } as const;

/**
 * What lattice-tracker does at the least for the same command, in its own language and without its libraries: the program itself is not
 * in every package index, and takes 0.6 s for a command.
 */
const PYTHON_LIST = `import glob, json, sys
tasks = [json.load(open(p)) for p in sorted(glob.glob(sys.argv[1] + "/.lattice/tasks/*.json"))]
json.dumps({"data": tasks, "ok": True}, sort_keys=True, indent=2)`;
const PYTHON_CREATE = `import fcntl, json, os, sys
board = sys.argv[1] + "/.lattice"
fd = os.open(board + "/locks/ids_json.lock", os.O_RDWR | os.O_CREAT)
fcntl.flock(fd, fcntl.LOCK_EX)
ids = json.load(open(board + "/ids.json"))
for name in ("baseline-ids.json", "baseline-log.jsonl", "baseline-snapshot.json"):
    with open(board + "/" + name, "w") as file:
        json.dump(ids if "ids" in name else {}, file, sort_keys=True, indent=2)
        file.flush()
        os.fsync(file.fileno())`;

/** How fast boards are listed, loaded and written, and how soon the work of another program is seen. */
export async function bench(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lattice-bench-board-'));
  try {
    const small = await makeBoard(join(folder, 'small'), 2_000);
    const large = await makeBoard(join(folder, 'large'), 10_000);
    return [
      ...(await lists(small, 2_000)),
      await create(small),
      ...(await lists(large, 10_000)),
      await seen(small),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A board of tasks with four events each, written as files: making it is not what is measured. */
async function makeBoard(root: string, count: number): Promise<string> {
  await mkdir(root);
  await initBoard(root, { projectCode: 'LAT' });
  const map: Record<string, string> = {};
  const board = new LocalBoard({ root, hooks: false });
  const { newId } = board.contextOf(author);
  for (let seq = 1; seq <= count; seq += 1) {
    const id = newId('task');
    const base = { schema_version: 1, task_id: id, ts: '2026-11-21T02:23:11Z', ...author };
    const fields = { title: `Task number ${seq}`, status: 'backlog', type: 'task', priority: 'medium' };
    const events = [
      { ...base, id: newId('ev'), type: 'task_created', data: { ...fields, short_id: `LAT-${seq}` } },
      { ...base, id: newId('ev'), type: 'status_changed', data: { from: 'backlog', to: 'planned' } },
      { ...base, id: newId('ev'), type: 'assignment_changed', data: { from: null, to: 'agent:codex-1' } },
      { ...base, id: newId('ev'), type: 'comment_added', data: { body: 'Looked at it, it is clear.' } },
    ];
    map[`LAT-${seq}`] = id;
    await writeFile(board.paths.log(id), events.map(serialiseLine).join(''));
    await writeFile(board.paths.snapshot(id), serialiseDocument(replayTask(events).task ?? {}));
  }
  await writeFile(board.paths.ids, serialiseDocument({ ...EMPTY_IDS, map, next_seqs: { LAT: count + 1 } }));
  return root;
}

async function lists(root: string, count: number): Promise<BenchResult[]> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const board = new LocalBoard({ root, hooks: false });
    cold.push(await timed(() => board.list()));
    warm.push(await timed(() => board.list()));
  }
  const baseline = { name: 'Python reads the snapshots', value: python(PYTHON_LIST, root) };
  const figure = (name: string, samples: number[]): BenchResult =>
    compared({
      name: `${name} ${count} tasks`,
      unit: 'ms',
      value: rounded(percentile(samples, 0.5)),
      baseline,
      bar: count === 2_000 ? '< 12 ms, 50 times faster than 0.6 s' : '< 500 ms',
    });
  return [figure('replay of', cold), figure('list of', warm)];
}

async function create(root: string): Promise<BenchResult> {
  const board = new LocalBoard({ root, hooks: false });
  const samples: number[] = [];
  for (let index = 0; index < CREATES; index += 1)
    samples.push(await timed(() => board.create({ title: `Made ${index}` }, author)));
  return compared({
    name: 'create on a board of 2000 tasks',
    unit: 'ms',
    value: rounded(percentile(samples, 0.5)),
    baseline: { name: 'Python takes a lock and writes three files', value: python(PYTHON_CREATE, root) },
    bar: '< 12 ms, 50 times faster than 0.6 s',
  });
}

/** From the moment another process's view of the board begins to write until the watched one has it. */
async function seen(root: string): Promise<BenchResult> {
  const board = new LocalBoard({ root, hooks: false });
  const other = new LocalBoard({ root, hooks: false });
  const live = await board.watch();
  // A watch alone keeps no process alive.
  const alive = setInterval(() => undefined, 1_000);
  const samples: number[] = [];
  for (let index = 0; index < CHANGES; index += 1) {
    const began = performance.now();
    const arrived = new Promise<number>((resolve) => {
      const listener = live.on(() => {
        listener[Symbol.dispose]();
        resolve(performance.now() - began);
      });
    });
    await other.apply('LAT-7', { op: 'comment', body: `number ${index}` }, author);
    samples.push(await arrived);
  }
  clearInterval(alive);
  await board[Symbol.asyncDispose]();
  return compared({
    name: "another program's write is seen",
    unit: 'ms',
    value: rounded(percentile(samples, 0.95)),
    baseline: { name: 'polling every 5 s, on average', value: 2_500 },
    bar: '< 100 ms',
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function python(script: string, root: string): number {
  const samples = Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    execFileSync('python3', ['-c', script, root], { stdio: 'ignore' });
    return performance.now() - began;
  });
  return rounded(percentile(samples, 0.5));
}

function rounded(value: number): number {
  return Number(value.toFixed(1));
}

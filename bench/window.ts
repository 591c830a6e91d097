import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type Page } from 'playwright-core';
import { type BenchResult, compared, percentile } from './result.ts';

const ROUNDS = 5;
const SETTLE_MS = 3_000;

interface Measured {
  startMs: number;
  memoryMib: number;
}

/** Our window from click to the first thing a person can press, and its memory at rest, against an empty window. */
export async function bench(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lattice-bench-window-'));
  try {
    const empty = await emptyApp(folder);
    const ours: Measured[] = [];
    const baseline: Measured[] = [];
    // Both start with what an earlier start left, as they do for a person; the first round only leaves it.
    for (let round = 0; round <= ROUNDS; round++) {
      const bare = await measure(empty, join(folder, 'home'), (page) => page.waitForSelector('button'));
      const own = await measure(process.cwd(), join(folder, 'home'), (page) =>
        page.waitForSelector('button:not([disabled])'),
      );
      if (round === 0) continue;
      baseline.push(bare);
      ours.push(own);
    }
    const median = (runs: Measured[], of: keyof Measured) =>
      Math.round(
        percentile(
          runs.map((run) => run[of]),
          0.5,
        ),
      );
    return [
      compared({
        name: 'window, start to interactive',
        unit: 'ms',
        value: median(ours, 'startMs'),
        baseline: { name: 'an empty window of the same Electron', value: median(baseline, 'startMs') },
        bar: '<= 1.5 x',
      }),
      compared({
        name: 'memory at rest, all processes (PSS)',
        unit: 'MiB',
        value: median(ours, 'memoryMib'),
        baseline: { name: 'an empty window of the same Electron', value: median(baseline, 'memoryMib') },
        bar: '<= 1.5 x',
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function emptyApp(folder: string): Promise<string> {
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'empty', version: '1.0.0', main: 'main.cjs' }),
  );
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Empty</title><button>Ready</button>');
  await writeFile(
    join(folder, 'main.cjs'),
    `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => new BrowserWindow({ width: 1440, height: 900 }).loadFile(__dirname + '/index.html'));`,
  );
  return folder;
}

async function measure(
  app: string,
  home: string,
  ready: (page: Page) => Promise<unknown>,
): Promise<Measured> {
  const executablePath = process.env.LATTICE_ELECTRON;
  if (!executablePath) throw new Error('Set LATTICE_ELECTRON, or run npm run bench.');
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const started = performance.now();
  const electron = await _electron.launch({
    executablePath,
    args: [...sandbox, app],
    env: { ...definedEnv(), LATTICE_HOME: home },
  });
  try {
    const page = await electron.firstWindow();
    await ready(page);
    const startMs = performance.now() - started;
    await new Promise((settled) => setTimeout(settled, SETTLE_MS));
    return { startMs, memoryMib: await treeMemory(electron.process().pid ?? 0) };
  } finally {
    await electron.close();
  }
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Proportional memory of a process and all below it in MiB; Linux only. */
async function treeMemory(root: number): Promise<number> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : '';
    if (stat !== '') parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const below = (pid: number): number[] => [
    pid,
    ...[...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => below(child)),
  ];
  let kib = 0;
  for (const pid of below(root)) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    kib += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  return kib / 1_024;
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { LatticeBridge } from '../src-shared/ipc.ts';
import { launchHosting } from './hosting-app-file.ts';
import { type BenchResult, compared, percentile } from './result.ts';

const BYTES = 2_000_000;
const FRAMES = 240;
const DROPPED_MS = 1_000 / 30;
/** The run that is paced says it in this time, which is some 60 times what a fast model does. */
const PACED_SECONDS = 8;
const BEGIN = 'The stream begins.';
const END = 'The stream has ended.';

/** Says 2 MB of markdown in pieces as a model does, paced or as fast as they are taken, and then that it ended. */
const TALKER = `
import { once } from 'node:events';
const say = async (activity) => {
  if (!process.stdout.write(JSON.stringify({ type: 'activity', activity }) + '\\n')) await once(process.stdout, 'drain');
};
const { task } = JSON.parse(String(await once(process.stdin, 'data')));
const perMs = task === 'paced' ? ${BYTES} / ${PACED_SECONDS * 1_000} : Infinity;
await say({ kind: 'text', id: 'begin', role: 'answer', text: '${BEGIN}\\n\\n' });
// The view is open by then.
await new Promise((resolve) => setTimeout(resolve, 3_000));
const started = performance.now();
const piece = 'The **clock** of the test is read once, as \`now()\` says, and then kept. ';
let said = 0;
for (let block = 0; said < ${BYTES}; block++) {
  for (let n = 0; n < 40; n++, said += piece.length)
    await say({ kind: 'text', id: 'a' + block, role: 'answer', text: n === 39 ? piece + '\\n\\n- one\\n- two\\n\\n' : piece });
  const ahead = said / perMs - (performance.now() - started);
  if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
  await say({ kind: 'tool', id: 't' + block, title: 'Read src/file' + block + '.ts', tool_kind: 'read', status: 'completed', output: piece });
}
await say({ kind: 'text', id: 'end', role: 'answer', text: '${END}' });
await new Promise((said) => process.stdout.write(JSON.stringify({ type: 'result', result: 'said' }) + '\\n', said));
process.exit(0);
`;

interface Frames {
  p50: number;
  p95: number;
  dropped: number;
  count: number;
}

/** The window while a run says 2 MB that it shows as it comes, beside the same window with nothing to do. */
export async function bench(): Promise<BenchResult[]> {
  const home = await mkdtemp(join(tmpdir(), 'lattice-bench-activity-'));
  const project = join(home, 'project');
  await mkdir(project);
  await writeFile(
    join(project, 'lattice.yaml'),
    'agents:\n  talker:\n    description: Says much\n    run:\n      command: [node, ./talker.mjs]\n',
  );
  await writeFile(join(project, 'talker.mjs'), TALKER);
  const electron = await launchHosting(home, project);
  try {
    const page = await electron.firstWindow();
    await page.getByText('1 of 1 stations online').waitFor({ timeout: 30_000 });
    const idle = await framesFor(page, FRAMES);
    const baseline = (value: number, of = '') => ({
      name: `the same window with nothing to do${of}`,
      value,
    });
    const results: BenchResult[] = [];
    for (const [task, how] of [
      ['paced', `in ${PACED_SECONDS} s`],
      ['at once', 'as fast as it is taken'],
    ] as const) {
      const id = await assign(page, task);
      await page.evaluate((work) => {
        location.hash = `#/work/${work}`;
      }, id);
      await page.getByText(BEGIN).first().waitFor({ timeout: 30_000 });
      const shown = await framesUntil(page, END);
      const name = `a stream of ${BYTES / 1e6} MB ${how}`;
      results.push(
        compared({ name: `${name}, frame p95`, unit: 'ms', value: shown.p95, baseline: baseline(idle.p95) }),
        {
          name: `${name}, frames over ${Math.round(DROPPED_MS)} ms of ${shown.count}`,
          unit: '',
          value: shown.dropped,
          baseline: baseline(idle.dropped, `, of ${idle.count}`),
          bar: '0',
        },
      );
    }
    return results;
  } finally {
    await electron.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** Gives the talker its work and returns the id. */
async function assign(page: Page, task: string): Promise<string> {
  const answer = await page.evaluate((what) => {
    const { lattice } = globalThis as unknown as { lattice: LatticeBridge };
    return lattice.call('work.assign', { agent: 'talker', task: what, context: {} });
  }, task);
  if ('error' in answer) throw new Error(answer.error.message);
  return (answer.ok as { id: string }).id;
}

/** The time between frames while nothing is asked of the page. */
async function framesFor(page: Page, count: number): Promise<Frames> {
  const deltas = await page.evaluate(
    (wanted) =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        let before = performance.now();
        const frame = (now: number) => {
          times.push(now - before);
          before = now;
          if (times.length <= wanted) requestAnimationFrame(frame);
          else resolve(times.slice(1));
        };
        requestAnimationFrame(frame);
      }),
    count,
  );
  return summed(deltas);
}

/** The time between frames until a text is on the page, two minutes at most. */
async function framesUntil(page: Page, text: string): Promise<Frames> {
  const deltas = await page.evaluate(
    (wanted) =>
      new Promise<number[]>((resolve, reject) => {
        const times: number[] = [];
        let before = performance.now();
        const started = before;
        let looked = before;
        const frame = (now: number) => {
          times.push(now - before);
          before = now;
          if (now - started > 120_000) return reject(new Error(`It never said: ${wanted}`));
          // Looking costs time itself, so it is done four times a second.
          if (now - looked > 250) {
            looked = now;
            const rows = document.querySelector('[role="log"]')?.textContent ?? '';
            if (rows.includes(wanted)) return resolve(times.slice(1));
          }
          requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
    text,
  );
  return summed(deltas);
}

function summed(deltas: readonly number[]): Frames {
  const round = (value: number) => Number(value.toFixed(1));
  return {
    p50: round(percentile(deltas, 0.5)),
    p95: round(percentile(deltas, 0.95)),
    dropped: deltas.filter((each) => each > DROPPED_MS).length,
    count: deltas.length,
  };
}

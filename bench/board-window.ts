import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ulid } from 'ulid';
import { initBoard } from '../src-main/tracker/init-board.ts';
import { launchHosting } from './hosting-app-file.ts';
import { type BenchResult, compared, percentile } from './result.ts';

const TASKS = 10_000;
const ROUNDS = 5;
const FRAMES = 180;
const SMOOTH_MS = 1_000 / 30;
const STATUSES = ['backlog', 'planned', 'in_progress', 'review', 'done'];

interface Frames {
  p95: number;
  slow: number;
}

/** The Boards view with 10,000 tasks: until it is shown, while it scrolls and while a card is dragged over it. */
export async function bench(): Promise<BenchResult[]> {
  const home = await mkdtemp(join(tmpdir(), 'lattice-bench-boards-'));
  const project = join(home, 'project');
  await writeBoard(project);
  const electron = await launchHosting(home, project);
  try {
    const page = await electron.firstWindow();
    await page.waitForFunction(() => /1 of 1 stations/.test(document.body.innerText), undefined, {
      timeout: 30_000,
    });
    const idle = await framesOf(page, 'rest');
    // The first look loads the view; it is what a person meets once in a session.
    await show(page);
    const shown: number[] = [];
    for (let round = 0; round < ROUNDS; round++) shown.push(await show(page));
    const scrolled = await framesOf(page, 'scroll');
    const dragged = await dragging(page);
    const cards = await page.evaluate(() => document.querySelectorAll('[role="option"]').length);
    const baseline = (value: number) => ({ name: 'the same window with nothing to do', value });
    const frames = (name: string, { p95, slow }: Frames) =>
      compared({
        name: `${name} ${TASKS} tasks, ${slow} of ${FRAMES} frames over ${Math.round(SMOOTH_MS)} ms, p95`,
        unit: 'ms',
        value: p95,
        baseline: baseline(idle.p95),
      });
    return [
      {
        name: `${TASKS} tasks, from the rail to the cards, median of ${ROUNDS}`,
        unit: 'ms',
        value: Math.round(percentile(shown, 0.5)),
        bar: '< 500 ms',
      },
      frames('scroll', scrolled),
      frames('drag over', dragged),
      { name: 'cards in the page', unit: '', value: cards, bar: '< 100' },
    ];
  } finally {
    await electron.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** Writes the logs of so many tasks; the rest of a board follows from them. */
async function writeBoard(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await initBoard(folder, { projectCode: 'LAT', projectName: 'Bench', defaultActor: 'human:bench' });
  const start = Date.now() - TASKS * 60_000;
  for (let number = 1; number <= TASKS; number++) {
    const ts = `${new Date(start + number * 60_000).toISOString().slice(0, 19)}Z`;
    const task_id = `task_${ulid()}`;
    const data = {
      priority: ['critical', 'high', 'medium', 'low'][number % 4],
      short_id: `LAT-${number}`,
      status: STATUSES[number % STATUSES.length],
      title: `Task ${number} of the benchmark, with a title as long as people write them`,
      type: number % 3 === 0 ? 'bug' : 'task',
    };
    const event = { actor: 'human:bench', data, id: `ev_${ulid()}`, schema_version: 1, task_id, ts };
    await writeFile(
      join(folder, '.lattice', 'events', `${task_id}.jsonl`),
      `${JSON.stringify({ ...event, type: 'task_created' })}\n`,
    );
  }
}

/** Milliseconds from a press on the rail until cards are on the screen. */
function show(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise((next) => requestAnimationFrame(next));
    };
    const cards = () => document.querySelector('[role="option"]') !== null;
    location.hash = '#/hub';
    await until(() => !cards() && /Hub/.test(document.querySelector('h1')?.textContent ?? ''));
    // Longer than a view that is left is followed on, so that its cards come from the start again.
    await new Promise((next) => setTimeout(next, 1_500));
    const before = performance.now();
    document.querySelector<HTMLElement>('nav a[href*="boards"]')?.click();
    await until(cards);
    return performance.now() - before;
  });
}

async function dragging(page: Page): Promise<Frames> {
  const box = await page.locator('[role="option"]').first().boundingBox();
  if (box === null) throw new Error('There is no card to drag.');
  await page.mouse.move(box.x + 40, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 40, { steps: 4 });
  const measured = framesOf(page, 'rest');
  for (let step = 0; step < 60; step++)
    await page.mouse.move(box.x + 60 + step * 12, box.y + 60 + (step % 20) * 10);
  const frames = await measured;
  await page.keyboard.press('Escape');
  await page.mouse.up();
  return frames;
}

/** The time between frames over three seconds or so, scrolling the longest column or only looking at it. */
async function framesOf(page: Page, what: 'scroll' | 'rest'): Promise<Frames> {
  const deltas = await page.evaluate(
    ([count, scrolling]) =>
      new Promise<number[]>((resolve) => {
        const box = document.querySelector('[role="listbox"]');
        const times: number[] = [];
        let before = performance.now();
        const frame = (now: number) => {
          times.push(now - before);
          before = now;
          if (scrolling === 'scroll' && box) box.scrollTop += 200;
          if (times.length <= Number(count)) requestAnimationFrame(frame);
          else resolve(times.slice(1));
        };
        requestAnimationFrame(frame);
      }),
    [FRAMES, what] as const,
  );
  return {
    p95: Number(percentile(deltas, 0.95).toFixed(1)),
    slow: deltas.filter((each) => each > SMOOTH_MS).length,
  };
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { launchHosting } from './hosting-app-file.ts';
import { type BenchResult, percentile } from './result.ts';
import { bigFile } from './routing-editor-file.ts';

const KEYS = 150;
/** A frame of a screen of 60 Hz, and two of them, in milliseconds; a little room for the clock. */
const FRAMES_MS = [16.7, 33.3] as const;
const CLOCK_MS = 0.5;
const DRAG_MOVES = 120;
const AGENTS = 215;
const DRAGGED = `  drag-pattern:
    routing:
      strategy: pattern
      pattern: [anthropic/claude-sonnet-4-5, openai/gpt-4o, google/gemini-2.5-pro, openai/o3]
  drag-weighted:
    routing:
      strategy: weighted
      weights: { anthropic/claude-sonnet-4-5: 40, openai/gpt-4o: 35, google/gemini-2.5-pro: 25 }
`;

interface Traced {
  keys: number[];
  longest: number;
}

/** The real window over a lattice.yaml of 3,000 lines: how long each key keeps it, and how many frames a drag misses. */
export async function bench(): Promise<BenchResult[]> {
  const home = await mkdtemp(join(tmpdir(), 'lattice-bench-editor-'));
  const text = bigFile(AGENTS).replace('agents:\n', `agents:\n${DRAGGED}`);
  await writeFile(join(home, 'lattice.yaml'), text);
  const electron = await launchHosting(home, home);
  try {
    const page = await electron.firstWindow();
    await page.getByRole('region', { name: 'Status' }).waitFor();
    await page.evaluate(() => {
      location.hash = '#/routing';
    });
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    const { keys, longest } = await typeTraced(page);
    const value = (share: number) => Number(percentile(keys, share).toFixed(1));
    const name = `typing in ${text.split('\n').length} lines`;
    return [
      { name: `${name}, window busy per key, median`, unit: 'ms', value: value(0.5), bar: '< 16 ms' },
      { name: `${name}, window busy per key, p95`, unit: 'ms', value: value(0.95), bar: '< 16 ms' },
      { name: `${name}, longest task of the window`, unit: 'ms', value: longest },
      ...(await dragging(page)),
    ];
  } finally {
    await electron.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/** Types a comment at the pace of a quick hand and traces the window meanwhile. */
async function typeTraced(page: Page): Promise<Traced> {
  await page.evaluate(() => {
    const traced: Traced = { keys: [], longest: 0 };
    Object.assign(globalThis, { traced });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) traced.longest = Math.max(traced.longest, duration);
    }).observe({ type: 'longtask' });
    window.addEventListener(
      'keydown',
      () => {
        const start = performance.now();
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => traced.keys.push(performance.now() - start);
        port2.postMessage(undefined);
      },
      { capture: true },
    );
  });
  await page.keyboard.type(`# ${'words of a person '.repeat(20)}`.slice(0, KEYS), { delay: 40 });
  return await page.evaluate(() => (globalThis as unknown as { traced: Traced }).traced);
}

/** Frames while a slot and while a border of weights is dragged, beside those of an idle window. */
async function dragging(page: Page): Promise<BenchResult[]> {
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Routing' }).waitFor();
  const results: BenchResult[] = [];
  for (const { what, agent, grip } of [
    { what: 'a slot', agent: 'drag-pattern', grip: /^Slot 1 of/ },
    { what: 'a border of weights', agent: 'drag-weighted', grip: /^Border between/ },
  ]) {
    await page.getByRole('option', { name: new RegExp(`^${agent}`) }).click();
    const handle = page.getByRole('button', { name: grip }).first();
    await handle.waitFor();
    const idle = await framesDuring(page, () => idly(page));
    const dragged = await framesDuring(page, () => drag(page, handle));
    for (const bar of FRAMES_MS) {
      const share = (frames: readonly number[]) =>
        Number(
          ((frames.filter((ms) => ms > bar + CLOCK_MS).length / Math.max(1, frames.length)) * 100).toFixed(1),
        );
      results.push({
        name: `dragging ${what}, frames over ${bar} ms (of ${dragged.length})`,
        unit: '%',
        value: share(dragged),
        baseline: { name: `an idle window (of ${idle.length})`, value: share(idle) },
        bar: '60 frames a second',
      });
    }
  }
  return results;
}

/** The time between frames while something happens, in milliseconds. */
async function framesDuring(page: Page, happens: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const frames: number[] = [];
    const watch = { frames, on: true };
    Object.assign(globalThis, { watch });
    let last: number | undefined;
    const tick = (now: number) => {
      if (last !== undefined) frames.push(now - last);
      last = now;
      if (watch.on) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await happens();
  return await page.evaluate(() => {
    const { watch } = globalThis as unknown as { watch: { frames: number[]; on: boolean } };
    watch.on = false;
    return watch.frames;
  });
}

/** Waits as long as a drag takes. */
async function idly(page: Page): Promise<void> {
  for (let move = 0; move < DRAG_MOVES; move++)
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(painted)));
}

/** Drags to and fro, one move for each frame. */
async function drag(page: Page, handle: Locator): Promise<void> {
  const box = await handle.boundingBox();
  if (box === null) throw new Error('There is nothing to drag.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let move = 1; move <= DRAG_MOVES; move++) {
    await page.mouse.move(x + 80 * Math.sin((move / DRAG_MOVES) * 4 * Math.PI), y);
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(painted)));
    if (move !== DRAG_MOVES / 8) continue;
    const moved = await handle.boundingBox();
    if (moved === null || moved.x - box.x < 20) throw new Error('What is dragged does not follow the mouse.');
  }
  await page.mouse.up();
}

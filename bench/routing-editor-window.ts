import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type Page } from 'playwright-core';
import { type BenchResult, percentile } from './result.ts';
import { bigFile } from './routing-editor-file.ts';

const KEYS = 150;
const AGENTS = 215;

interface Traced {
  keys: number[];
  longest: number;
}

/** Typing into a lattice.yaml of 3,000 lines in the real window: how long each key keeps it from the next one. */
export async function bench(): Promise<BenchResult[]> {
  const home = await mkdtemp(join(tmpdir(), 'lattice-bench-editor-'));
  const text = bigFile(AGENTS);
  await writeFile(join(home, 'lattice.yaml'), text);
  const executablePath = process.env.LATTICE_ELECTRON;
  if (!executablePath) throw new Error('Set LATTICE_ELECTRON, or run npm run bench.');
  const electron = await _electron.launch({
    executablePath,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), process.cwd(), '--host'],
    env: {
      ...definedEnv(),
      LATTICE_HOME: home,
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_PROJECT_DIR: home,
    },
  });
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

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

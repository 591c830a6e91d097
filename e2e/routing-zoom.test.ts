import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp, type RunningApp } from './app.ts';
import { expectAccessible } from './axe.ts';
import { openRoutingView, ROUTING_KEYS, writeRoutingProject } from './routing-project.ts';

const SHAPES = [
  { name: 'at 1024 × 700', width: 1024, height: 700, zoom: 1 },
  { name: 'at 200 %', width: 1440, height: 900, zoom: 2 },
] as const;
const PAGES = [
  'coder',
  'reviewer',
  'vuln-scanner',
  'log-analyzer',
  'doc-writer',
  'explore',
  'Defaults',
  'Project',
  'Providers',
  'Budgets',
  'Hooks',
  'Commands',
  'Version control',
  'MCP servers',
  'Plugins',
] as const;

let app: RunningApp;
let page: Page;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lattice-zoom-'));
  await writeRoutingProject(dir);
  app = await launchApp({
    env: { ...ROUTING_KEYS, LATTICE_PORT: '0', LATTICE_HTTP_PORT: '0', LATTICE_PROJECT_DIR: dir },
  });
  page = app.window;
  await openRoutingView(page);
});

afterAll(async () => {
  await app.close();
  await rm(dir, { recursive: true, force: true });
});

async function shape({ width, height, zoom }: (typeof SHAPES)[number]): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, wanted) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.setContentSize(wanted.width, wanted.height);
      window?.webContents.setZoomFactor(wanted.zoom);
    },
    { width, height, zoom },
  );
  await page.waitForFunction((wanted) => Math.abs(window.innerWidth - wanted) <= 1, width / zoom);
}

/** Chooses a page in the list that stands for the left pane in a narrow window. */
async function choose(name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Agent' }).click();
  await page.getByRole('option', { name, exact: true }).click();
  await page.getByRole('heading', { level: 2, name: new RegExp(`^${name}`) }).waitFor();
}

/** What a person can press or fill but not bring into sight, and whether the window itself is cut off. */
function unreachable(): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`The window is ${scrollWidth - clientWidth} too narrow.`);
    const all = document.querySelectorAll<HTMLElement>(
      'main button, main input, main [role="combobox"], main h2',
    );
    for (const element of all) {
      if (element.closest('[aria-hidden="true"]') !== null || element.getClientRects().length === 0) continue;
      if (getComputedStyle(element).opacity === '0' || (element.tabIndex < 0 && element.tagName !== 'H2'))
        continue;
      element.scrollIntoView({ block: 'center', inline: 'center' });
      const { left, top, width, height } = element.getBoundingClientRect();
      if (width <= 1 || height <= 1) continue;
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      const seen = hit !== null && (element.contains(hit) || hit.contains(element));
      const inside = left >= -1 && left + width <= window.innerWidth + 1;
      if (!seen || !inside)
        found.push(element.getAttribute('aria-label') ?? element.textContent ?? element.tagName);
    }
    return found;
  });
}

describe.each(SHAPES)('$name', (wanted) => {
  it('brings everything into sight', async () => {
    await shape(wanted);
    const problems: string[] = [];
    for (const name of PAGES) {
      await choose(name);
      problems.push(...(await unreachable()).map((each) => `${name}: ${each}`));
    }
    await choose('coder');
    for (const part of ['Run', 'Settings', 'Routing']) {
      await page
        .getByRole('group', { name: 'Part of the agent' })
        .getByRole('button', { name: part })
        .click();
      problems.push(...(await unreachable()).map((each) => `${part}: ${each}`));
    }
    expect(problems).toEqual([]);
  });

  it('never loses the focus while a person walks through a form with the keyboard', async () => {
    await shape(wanted);
    await choose('Commands');
    await page.getByRole('button', { name: 'ship', exact: true }).focus();
    for (const key of ['Enter', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Shift+Tab', 'ArrowDown', 'Escape']) {
      await page.keyboard.press(key);
      expect(await page.evaluate(() => document.activeElement === document.body), key).toBe(false);
    }
  });
});

it('has no barrier that a tool can find, whatever the section', async () => {
  await shape(SHAPES[0]);
  const open = {
    Providers: 'openai',
    Hooks: 'vcs.commit, 1 of post_agent',
    Commands: 'ship',
    'MCP servers': 'issues',
  };
  for (const name of PAGES.slice(PAGES.indexOf('Project'))) {
    await choose(name);
    const entry = Object.entries(open).find(([section]) => section === name)?.[1];
    if (entry !== undefined) await page.getByRole('button', { name: entry, exact: true }).click();
    await expectAccessible(page, name);
  }
});

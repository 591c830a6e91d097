import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { openRouting } from '../src-main/routing/open-routing.ts';
import { launchApp, type RunningApp } from './app.ts';
import { openRoutingView, ROUTING_KEYS, writeRoutingProject } from './routing-project.ts';

const EMPTY_AGENT = `# Ours.
providers:
  anthropic:
    env: ANTHROPIC_API_KEY
    models: [claude-sonnet-4-5]
  openai:
    env: OPENAI_API_KEY
    models: [gpt-4o]

agents:
  # Writes code.
  coder:
    path: coder.md
    triggers: [/code]

  reviewer:
    path: reviewer.md
    routing:
      - anthropic/claude-sonnet-4-5
`;

const WANTED = EMPTY_AGENT.replace(
  '    triggers: [/code]\n',
  `    triggers: [/code]
    routing:
      strategy: pattern
      pattern:
        - anthropic/claude-sonnet-4-5
        - anthropic/claude-sonnet-4-5
        - anthropic/claude-sonnet-4-5
        - anthropic/claude-sonnet-4-5
        - openai/gpt-4o
`,
);
/** They come and go while a page is looked at. */
const TOASTS = '[role="region"][aria-label="Notifications"]';
const SOON = { timeout: 10_000, interval: 50 };

let app: RunningApp;
let page: Page;
let dir: string;
let file: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lattice-routing-'));
  file = await writeRoutingProject(dir, EMPTY_AGENT);
  const { OPENAI_API_KEY: _, ...keys } = ROUTING_KEYS;
  app = await launchApp({
    env: { ...keys, OPENAI_API_KEY: '', LATTICE_PORT: '0', LATTICE_HTTP_PORT: '0', LATTICE_PROJECT_DIR: dir },
  });
  page = app.window;
  await openRoutingView(page);
});

afterAll(async () => {
  await app.close();
  await rm(dir, { recursive: true, force: true });
});

/** The empty agent on disk and in the window, and nothing unsaved. */
beforeEach(async () => {
  await chmod(file, 0o644);
  for (const button of ['Take the one on disk', 'Discard'] as const) await pressIfThere(button);
  await writeFile(file, EMPTY_AGENT);
  await page.getByRole('option', { name: /^coder/ }).click();
  await page.getByText('No routing yet').waitFor();
});

async function pressIfThere(what: 'Take the one on disk' | 'Discard'): Promise<void> {
  if (what === 'Discard') {
    if ((await page.getByText('not saved', { exact: false }).count()) === 0) return;
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('button', { name: 'Discard changes' }).click();
  } else if ((await page.getByRole('button', { name: what }).count()) > 0)
    await page.getByRole('button', { name: what }).click();
}

const onDisk = () => readFile(file, 'utf8');
/** The file says it, and the window knows that it does. */
const saved = async (text: string) => {
  await vi.waitFor(async () => expect(await onDisk()).toBe(text), SOON);
  await vi.waitFor(async () => expect(await page.getByText('not saved').count()).toBe(0), SOON);
};
const editorText = () => page.getByRole('region', { name: 'Text' }).locator('.cm-content').innerText();

async function pickModel(name: string): Promise<void> {
  await page.getByRole('button', { name: 'Slot', exact: true }).click();
  await page.getByRole('menuitem', { name }).click();
}

/** The next calls as a station routes them, with what is on disk and every key set. */
async function routedModels(count: number): Promise<string[]> {
  const home = await mkdtemp(join(tmpdir(), 'lattice-routed-'));
  try {
    const { router } = await openRouting({
      paths: { configDir: join(home, 'config'), dataDir: join(home, 'data') },
      env: { ANTHROPIC_API_KEY: 'x', OPENAI_API_KEY: 'x' },
      folder: dir,
      onProblem: () => undefined,
    });
    const models: string[] = [];
    for (let call = 0; call < count; call++) {
      const { decision } = await router.route('coder');
      models.push(decision.outcome === 'chosen' ? decision.model : decision.outcome);
    }
    return models;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

it('builds four of one, one of the other with the mouse alone, and the next calls follow it', async () => {
  await page.getByRole('button', { name: 'Pattern', exact: true }).click();
  await pickModel('claude-sonnet-4-5'.replace('claude-', ''));
  await page.getByRole('button', { name: /^Slot 1 of 1/ }).waitFor();
  await pickModel('gpt-4o');
  await page.getByRole('button', { name: '4:1' }).click();
  await page.getByRole('button', { name: /^Slot 5 of 5, openai\/gpt-4o/ }).waitFor();
  await page.getByRole('button', { name: /^Save/ }).click();
  await saved(WANTED);
  const sonnet = 'anthropic/claude-sonnet-4-5';
  const five = [sonnet, sonnet, sonnet, sonnet, 'openai/gpt-4o'];
  expect(await routedModels(10)).toEqual([...five, ...five]);
});

/** Presses Tab until the focus is on what has this name. */
async function tabTo(name: RegExp, presses = 80): Promise<void> {
  for (let press = 0; press < presses; press++) {
    const found = await page.evaluate(() => {
      const active = document.activeElement;
      return active?.getAttribute('aria-label') ?? active?.textContent ?? '';
    });
    if (name.test(found)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${name}.`);
}

async function pickModelByKeys(letters: string): Promise<void> {
  await tabTo(/^Slot$/);
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await page.keyboard.type(letters);
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor({ state: 'hidden' });
}

it('builds the same with the keyboard alone', async () => {
  await page.keyboard.press('/');
  await tabTo(/^Pattern$/);
  await page.keyboard.press('Enter');
  await pickModelByKeys('son');
  await tabTo(/^Slot 1 of 1/);
  for (let size = 2; size <= 4; size++) {
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByRole('button', { name: new RegExp(`^Slot ${size} of ${size}`) }).waitFor();
  }
  await pickModelByKeys('gpt');
  await page.getByRole('button', { name: /^Slot 5 of 5, openai\/gpt-4o/ }).waitFor();
  await page.keyboard.press('Control+s');
  await saved(WANTED);
});

/** Drags as a hand does, in many small moves. */
async function drag(from: Locator, to: Locator): Promise<void> {
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (start === null || end === null) throw new Error('There is nothing to drag.');
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x + end.width / 3, end.y + end.height / 2, { steps: 12 });
  await page.mouse.up();
}

it('drags a slot to another place, and undo takes picture and text back together', async () => {
  await page.getByRole('option', { name: /^coder/ }).click();
  await page.getByRole('button', { name: 'Pattern', exact: true }).click();
  await pickModel('sonnet-4-5');
  await page.getByRole('button', { name: /^Slot 1 of 1/ }).waitFor();
  await pickModel('gpt-4o');
  const second = page.getByRole('button', { name: /^Slot 2 of 2, openai/ });
  await second.waitFor();
  await drag(second, page.getByRole('button', { name: /^Slot 1 of 2/ }));
  await page.getByRole('button', { name: /^Slot 1 of 2, openai/ }).waitFor();
  expect(await editorText()).toMatch(/- openai\/gpt-4o\s+- anthropic\/claude-sonnet-4-5/);
  for (let step = 0; step < 4; step++) await page.keyboard.press('Control+z');
  await page.getByText('No routing yet').waitFor();
  expect(await page.getByText('not saved').count()).toBe(0);
});

it('lets a person choose when the file changes on disk while it is edited', async () => {
  await page.getByRole('button', { name: 'Fallback', exact: true }).click();
  await page.getByRole('button', { name: 'Add a model' }).click();
  await page.getByRole('menuitem', { name: 'gpt-4o' }).click();
  await page.getByText('2 changes not saved').waitFor();
  await writeFile(file, EMPTY_AGENT.replace('# Ours.', '# Theirs.'));
  await page.getByText('changed on disk while you edited it').waitFor();
  expect(await editorText()).toContain('# Ours.');
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await page.getByRole('button', { name: /^Save/ }).click();
  await saved(
    EMPTY_AGENT.replace('triggers: [/code]\n', 'triggers: [/code]\n    routing:\n      - openai/gpt-4o\n'),
  );
});

it('keeps the last picture while the text cannot be read', async () => {
  await page.getByRole('option', { name: /^reviewer/ }).click();
  await page.getByRole('button', { name: /^Choice 1, anthropic/ }).waitFor();
  const text = page.getByRole('region', { name: 'Text' }).locator('.cm-content');
  await text.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('broken: [1, 2');
  await page.getByText('The picture shows it as it last was').waitFor();
  expect(await page.getByRole('button', { name: /^Choice 1, anthropic/ }).count()).toBe(1);
  await page.getByRole('button', { name: 'Pattern', exact: true }).click();
  await page.getByText('Mend it in the text first', { exact: false }).first().waitFor();
});

it('says what keeps a model away: a missing key, and a prompt that is gone', async () => {
  await rm(join(dir, 'agents', 'reviewer.md'), { force: true });
  await writeFile(file, EMPTY_AGENT.replace('      - anthropic/claude-sonnet-4-5', '      - openai/gpt-4o'));
  await page.getByRole('option', { name: /^reviewer/ }).click();
  await page.getByRole('button', { name: /OPENAI_API_KEY is not set/ }).waitFor();
  await page.getByText('agents/reviewer.md is missing').waitFor();
});

it('does not write into a file that is read-only', async () => {
  await chmod(file, 0o444);
  await writeFile(join(dir, 'lattice.local.yaml'), '{}\n');
  await page.getByText('Read-only').waitFor();
  await page.getByRole('button', { name: 'Fallback', exact: true }).click();
  await page.getByRole('button', { name: 'Add a model' }).click();
  await page.getByRole('menuitem', { name: 'gpt-4o' }).click();
  await page.getByRole('button', { name: /^Save/ }).click();
  await page.getByText('lattice.yaml is read-only.', { exact: false }).first().waitFor();
  expect(await onDisk()).toBe(EMPTY_AGENT);
  expect(app.errors).toEqual([]);
});

it('has no barrier that a tool can find, whatever the strategy', async () => {
  await page.getByRole('button', { name: 'Pattern', exact: true }).click();
  await pickModel('sonnet-4-5');
  await page.getByRole('button', { name: /^Slot 1 of 1/ }).waitFor();
  await pickModel('gpt-4o');
  await page.getByRole('button', { name: /^Slot 2 of 2/ }).waitFor();
  for (const strategy of ['Pattern', 'Weighted', 'Round robin', 'Burst', 'Fallback', 'Least cost']) {
    if (strategy === 'Least cost') {
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: strategy }).click();
    } else await page.getByRole('button', { name: strategy, exact: true }).click();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(async () => {
        await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
        const moving = document
          .getAnimations()
          .filter((each) => Number.isFinite(each.effect?.getComputedTiming().endTime));
        await Promise.allSettled(moving.map((each) => each.finished));
      });
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).exclude(TOASTS).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map((each) => `${strategy}: ${each.id} ${each.nodes[0]?.html}`)).toEqual([]);
    }
  }
});

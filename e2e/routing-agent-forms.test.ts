import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { launchApp, type RunningApp } from './app.ts';
import { expectAccessible } from './axe.ts';
import { openRoutingView, ROUTING_KEYS, writeRoutingProject } from './routing-project.ts';

const FILE = `# Ours.
name: team
plugins: [notes@1.0.0]

providers:
  openai:
    env: OPENAI_API_KEY  # the team's

agents:
  # Writes code.
  coder:
    path: coder.md
    routing:
      - openai/gpt-4o  # flat rate
    run:
      model: true
      timeout_ms: 60000  # a minute
      max_steps: 8

plugin_config:
  notes:
    # where they go
    folder: ./notes
`;
const SOON = { timeout: 10_000, interval: 50 };

let app: RunningApp;
let page: Page;
let dir: string;
let file: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lattice-agent-forms-'));
  file = await writeRoutingProject(dir, FILE);
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

/** The file as it was on disk and in the window, and nothing unsaved. */
beforeEach(async () => {
  if ((await page.getByText('not saved', { exact: false }).count()) > 0) {
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('button', { name: 'Discard changes' }).click();
  }
  await writeFile(file, FILE);
  await vi.waitFor(async () => {
    await openSection('Project');
    expect(await field('Name').inputValue()).toBe('team');
    await openPart('Run');
    expect(await field('Turns').inputValue({ timeout: 500 })).toBe('8');
  }, SOON);
});

const openSection = (name: string) =>
  page.getByRole('navigation', { name: 'Sections' }).getByRole('button', { name }).click();

async function openPart(name: string): Promise<void> {
  await page.getByRole('option', { name: /^coder/ }).click();
  await page.getByRole('group', { name: 'Part of the agent' }).getByRole('button', { name }).click();
}

const field = (label: string) => page.getByRole('textbox', { name: label, exact: true });

async function fill(label: string, text: string): Promise<void> {
  await field(label).fill(text);
  await field(label).press('Enter');
}

async function choose(label: string, option: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page.getByRole('option', { name: new RegExp(`^${option}`) }).click();
}

/** Writes YAML into a field and takes it over with the keyboard. */
async function write(label: string, text: string): Promise<void> {
  await field(label).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
  await page.keyboard.press('Control+Enter');
}

async function saved(text: string): Promise<void> {
  await page.getByRole('button', { name: /^Save/ }).click();
  await vi.waitFor(async () => expect(await readFile(file, 'utf8')).toBe(text), SOON);
  await page.getByText('not saved', { exact: false }).waitFor({ state: 'detached' });
}

const draft = () =>
  page
    .getByRole('region', { name: 'Text', exact: true })
    .locator('.cm-content')
    .evaluate((content) =>
      [...content.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n'),
    );

it('can be filled with the keyboard alone and has no barrier that a tool can find', async () => {
  await page.getByRole('group', { name: 'Part of the agent' }).getByRole('button', { name: 'Run' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await field('Capabilities').focus();
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(false);
  }
  expect(app.errors).toEqual([]);
  const notices = page.getByRole('button', { name: 'Close', exact: true, includeHidden: true });
  await vi.waitFor(async () => expect(await notices.count()).toBe(0), { timeout: 30_000, interval: 50 });
  const shown = [
    () => openPart('Run'),
    () => openPart('Settings'),
    () => openSection('Project'),
    () => openSection('Plugins').then(() => page.getByRole('button', { name: 'notes', exact: true }).click()),
  ];
  for (const open of shown) {
    await open();
    await expectAccessible(page, 'Agent forms');
  }
});

it('writes how an agent runs, its settings, prices, limits and plugins as a careful person would', async () => {
  await choose('Other tools', 'Deny it');
  await page.getByRole('button', { name: 'Allowed, add a rule' }).click();
  await fill('Allowed, new rule', 'execute:npm test*, always');
  await field('Allowed, rule 1').waitFor();
  await choose('Folder', 'A worktree of its own');
  await fill('Memory', '4000');
  await openPart('Settings');
  await fill('Capabilities', 'review, code');
  await page.getByRole('switch', { name: 'Approval' }).click();
  await write('Fields', '# whom it is for\nwho: string');
  await page.getByRole('region', { name: 'Text', exact: true }).getByText('# whom it is for').waitFor();
  await openSection('Providers');
  await page.getByRole('button', { name: 'openai', exact: true }).click();
  await field('Model with new prices').fill('gpt-4o');
  await field('Sent of the new model').fill('2.5');
  await fill('Answered of the new model', '10');
  await field('Answered of gpt-4o').waitFor();
  await openSection('Budgets');
  await page.getByRole('button', { name: 'Limit single models of openai' }).click();
  await page.keyboard.type('o3');
  await fill('Calls a day of the new model', '40');
  await field('Calls a day of o3').waitFor();
  await openSection('Plugins');
  await page.getByRole('button', { name: 'notes', exact: true }).click();
  await write('Settings', '# where they go\nfolder: ./n  # short\ntags: [a]');
  await openSection('Project');
  await fill('Name', 'platform');
  await saved(
    FILE.replace('name: team\n', 'name: platform\n')
      .replace(
        "# the team's\n",
        "# the team's\n    model_caps:\n      o3:\n        daily_calls: 40\n    prices:\n      gpt-4o:\n        input: 2.5\n        output: 10\n",
      )
      .replace(
        '# flat rate\n',
        '# flat rate\n    capabilities: [review, code]\n    input:\n      schema:\n        # whom it is for\n        who: string\n    approval: required\n',
      )
      .replace(
        '      max_steps: 8\n',
        '      permissions:\n        default: deny\n        allow:\n          - execute:npm test*, always\n      max_steps: 8\n      sandbox:\n        folder: worktree\n        memory_mb: 4000\n',
      )
      .replace('    folder: ./notes\n', '    folder: ./n  # short\n    tags: [a]\n'),
  );
  expect(app.errors).toEqual([]);
});

it('shows what is wrong where it stands and leaves the text as it was', async () => {
  const before = await draft();
  await fill('MCP servers', 'clok');
  await page.getByText('There is no server clok under mcp. Add it under mcp:.').first().waitFor();
  await fill('Turns', 'many');
  await page.getByText('agents.coder.run.max_steps has to be', { exact: false }).first().waitFor();
  expect(await field('Turns').getAttribute('aria-invalid')).toBe('true');
  await openPart('Settings');
  await write('Defaults', '- a');
  await page
    .getByText('agents.coder.input.default has to be a map of keys, not a list.', { exact: true })
    .waitFor();
  await write('Defaults', 'who: [');
  await page.getByText(/^Line 1: /).waitFor();
  expect(await field('Defaults').textContent()).toBe('who: [');
  expect(await field('Defaults').getAttribute('aria-invalid')).toBe('true');
  await page.keyboard.press('Escape');
  await page.getByText(/^Line 1: /).waitFor({ state: 'detached' });
  await openSection('Providers');
  await page.getByRole('button', { name: 'openai', exact: true }).click();
  await field('Model with new prices').fill('o3');
  await fill('Sent of the new model', 'free');
  await page.getByText('providers.openai.prices.o3.input has to be', { exact: false }).waitFor();
  expect(await page.getByText('not saved').count()).toBe(0);
  await openPart('Run');
  expect(await draft()).toBe(before);
});

it('changes what answers, says what goes with it, and undo brings the file back byte for byte', async () => {
  const before = await draft();
  await page.getByRole('group', { name: 'What answers' }).getByRole('button', { name: 'A program' }).click();
  await page.getByText('It has no use for max_steps', { exact: false }).waitFor();
  await fill('Command', 'python3 "my agent.py"');
  await fill('Command', '');
  await page.getByText('Write the program and its arguments.').waitFor();
  const run = `      command: [python3, my agent.py]\n      timeout_ms: 60000  # a minute\n`;
  await vi.waitFor(async () => expect(await draft()).toContain(run.trimEnd()), SOON);
  await page.getByRole('button', { name: /^Undo/ }).first().click();
  await page.getByRole('button', { name: /^Undo/ }).first().click();
  await field('Turns').waitFor();
  expect(await draft()).toBe(before);
  expect(await readFile(file, 'utf8')).toBe(FILE);
});

it('follows the text below, and the text follows it', async () => {
  const text = page.getByRole('region', { name: 'Text', exact: true });
  await text.locator('.cm-line', { hasText: 'folder: ./notes' }).click();
  await field('Settings').waitFor();
  await page.keyboard.press('End');
  await page.keyboard.type('/new');
  await vi.waitFor(
    async () => expect(await field('Settings').innerText()).toBe('# where they go\nfolder: ./notes/new'),
    SOON,
  );
  await field('Settings').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\ndeep: 1');
  await page.keyboard.press('Control+Enter');
  await vi.waitFor(async () => expect(await draft()).toContain('    deep: 1'), SOON);
  await page.keyboard.press('Control+z');
  await vi.waitFor(async () => expect(await draft()).not.toContain('deep'), SOON);
  expect(await field('Settings').innerText()).toBe('# where they go\nfolder: ./notes/new');
  await text.locator('.cm-line', { hasText: 'timeout_ms' }).click();
  await field('Turns').waitFor();
  await text.locator('.cm-line', { hasText: 'flat rate' }).click();
  await page.getByRole('button', { name: 'Add a model' }).waitFor();
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { launchApp, type RunningApp } from './app.ts';
import { openRoutingView, ROUTING_KEYS, writeRoutingProject } from './routing-project.ts';

const FILE = `# Ours.
providers:
  anthropic:
    env: ANTHROPIC_API_KEY  # the team's
    models: [claude-sonnet-4-5]

agents:
  # Writes code.
  coder:
    path: coder.md
    routing:
      - anthropic/claude-sonnet-4-5  # flat rate

hooks:
  # Before anything else.
  pre_agent:
    - action: vcs.checkpoint
`;
const SOON = { timeout: 10_000, interval: 50 };

let app: RunningApp;
let page: Page;
let dir: string;
let file: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lattice-forms-'));
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
    await openSection('Commands');
    await page.getByText('No command yet.', { exact: false }).waitFor({ timeout: 500 });
  }, SOON);
});

const openSection = (name: string) =>
  page.getByRole('navigation', { name: 'Sections' }).getByRole('button', { name }).click();

async function fill(label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(text);
  await field.press('Enter');
}

async function choose(label: string, option: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page.getByRole('option', { name: new RegExp(`^${option}`) }).click();
}

async function add(one: string, name: string): Promise<void> {
  await fill(`Name of the new ${one}`, name);
  await page.getByRole('button', { name: new RegExp(`^${name}$`), expanded: true }).waitFor();
}

async function saved(text: string): Promise<void> {
  await page.getByRole('button', { name: /^Save/ }).click();
  await vi.waitFor(async () => expect(await readFile(file, 'utf8')).toBe(text), SOON);
  await page.getByText('not saved', { exact: false }).waitFor({ state: 'detached' });
}

/** Undoes until nothing is unsaved. */
async function undoAll(): Promise<void> {
  const unsaved = page.getByText('not saved', { exact: false });
  for (let step = 0; step < 30 && (await unsaved.count()) > 0; step++)
    await page.getByRole('button', { name: /^Undo/ }).first().click();
  expect(await unsaved.count()).toBe(0);
}

const draft = () =>
  page
    .getByRole('region', { name: 'Text' })
    .locator('.cm-content')
    .evaluate((content) =>
      [...content.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n'),
    );

it('writes a hook, a command, a server, a provider and a trigger as a careful person would', async () => {
  await openSection('Hooks');
  await page.getByRole('button', { name: 'Add an action: After an agent has worked' }).click();
  await choose('Action', 'vcs.commit');
  await fill('Message', 'Work of {agent}');
  await fill('When', 'files_changed > 0');
  await openSection('Commands');
  await add('command', 'ship');
  await choose('Action', 'vcs.push');
  await fill('Description', 'Push current work');
  await openSection('MCP servers');
  await add('server', 'clock');
  await fill('Command', 'npx -y "clock server"');
  await page.getByRole('button', { name: 'Add a variable' }).click();
  await fill('Name of the new variable', 'ZONE');
  await openSection('Providers');
  await add('provider', 'openai');
  await fill('Models', 'gpt-4o, o3');
  await openSection('Budgets');
  await page.getByRole('region', { name: 'openai' }).getByLabel('Dollars a month').fill('50');
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: /^coder/ }).click();
  await page.getByRole('button', { name: 'Add a trigger, change' }).click();
  await fill('Add a trigger', '/code');
  await page.getByRole('button', { name: 'Trigger /code, change' }).waitFor();
  await saved(
    `${FILE.replace(
      '    models: [claude-sonnet-4-5]\n',
      `    models: [claude-sonnet-4-5]
  openai:
    env: OPENAI_API_KEY
    local_budget: 50
    models: [gpt-4o, o3]
`,
    ).replace('    path: coder.md\n', '    path: coder.md\n    triggers: [/code]\n')}  post_agent:
    - action: vcs.commit
      when: files_changed > 0
      message: Work of {agent}

commands:
  ship:
    description: Push current work
    action: vcs.push

mcp:
  clock:
    command: [npx, -y, clock server]
    env:
      ZONE: \${ZONE}
`,
  );
  expect(app.errors).toEqual([]);
});

it('shows what is wrong with a condition and leaves the text as it was', async () => {
  await openSection('Hooks');
  await page.getByRole('button', { name: /^vcs.checkpoint, 1 of pre_agent/ }).click();
  await fill('When', 'file_changed');
  await page.getByText('Did you mean files_changed?').first().waitFor();
  expect(await page.getByLabel('When', { exact: true }).inputValue()).toBe('file_changed');
  expect(await page.getByLabel('When', { exact: true }).getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByText('not saved').count()).toBe(0);
  await fill('When', 'files_changed');
  await page.getByText('Did you mean files_changed?').waitFor({ state: 'detached' });
  await saved(FILE.replace('vcs.checkpoint\n', 'vcs.checkpoint\n      when: files_changed\n'));
});

it('shows a wrong value that stands in the text at its field', async () => {
  await writeFile(file, FILE.replace('action: vcs.checkpoint', 'action: vcs.checkpont'));
  await openSection('Hooks');
  await page.getByRole('button', { name: /vcs.checkpont.*Did you mean vcs.checkpoint/ }).click();
  await page.getByRole('combobox', { name: 'Action' }).getByText('vcs.checkpont').waitFor();
  await choose('Action', 'vcs.checkpoint');
  await saved(FILE);
});

it('moves and removes with the keyboard, and undo brings the file back byte for byte', async () => {
  const before = await draft();
  await openSection('Hooks');
  await page.getByRole('button', { name: 'Add an action: Before an agent works' }).click();
  const second = page.getByRole('button', { name: /^log.info, 2 of pre_agent/ });
  await second.focus();
  await page.keyboard.press('Alt+ArrowUp');
  const moved = page.getByRole('button', { name: /^log.info, 1 of pre_agent/ });
  await moved.waitFor();
  await vi.waitFor(async () =>
    expect(await moved.evaluate((each) => each === document.activeElement)).toBe(true),
  );
  await page.keyboard.press('Delete');
  await moved.waitFor({ state: 'detached' });
  const left = page.getByRole('button', { name: /^vcs.checkpoint, 1 of pre_agent/ });
  await vi.waitFor(async () =>
    expect(await left.evaluate((each) => each === document.activeElement)).toBe(true),
  );
  await openSection('Version control');
  await page.getByRole('radio', { name: /jj-workspace/ }).check();
  await fill('Folder of workspaces', '../elsewhere');
  await openSection('Plugins');
  await fill('Name and version of the new plugin', 'opencode-notes@1.0.0');
  await page.getByText('Not installed. Run lattice plugins sync.').waitFor();
  await openSection('Providers');
  await page.getByRole('button', { name: 'Remove anthropic' }).click();
  await undoAll();
  expect(await draft()).toBe(before);
  expect(await readFile(file, 'utf8')).toBe(FILE);
  expect(app.errors).toEqual([]);
});

it('keeps the focus when the first model of an empty pattern is picked', async () => {
  await page.getByRole('option', { name: /^coder/ }).click();
  await page.getByRole('button', { name: 'Pattern', exact: true }).click();
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  const slot = page.getByRole('button', { name: 'Slot', exact: true });
  await slot.press('Enter');
  await page.getByRole('menuitem', { name: 'sonnet-4-5' }).press('Enter');
  await page.getByRole('button', { name: /^Slot 1 of 1/ }).waitFor();
  await vi.waitFor(async () =>
    expect(await slot.evaluate((each) => each === document.activeElement)).toBe(true),
  );
});

it('says when somebody else changed the file, in the window and in the log, and not after an own save', async () => {
  const notice = page.getByText('lattice.yaml was changed on disk');
  await notice.last().waitFor({ state: 'detached', timeout: 20_000 });
  await openSection('Version control');
  await page.getByRole('radio', { name: /git-stash/ }).check();
  await saved(`${FILE}
vcs:
  preset: git-stash
`);
  await page.getByText('The next calls go by it.').first().waitFor();
  expect(await notice.count()).toBe(0);
  await writeFile(file, FILE.replace('path: coder.md', 'path: other.md'));
  await notice.first().waitFor();
  await page.keyboard.press('Control+8');
  await page.getByRole('button', { name: 'Audit log' }).click();
  await page
    .getByText(/^lattice.yaml of .+ changed: coder$/)
    .first()
    .waitFor();
  await page.keyboard.press('Control+7');
  expect(app.errors).toEqual([]);
});

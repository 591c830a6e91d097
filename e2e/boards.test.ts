import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LocalBoard } from '../src-main/tracker/local-board.ts';
import { launchApp, type RunningApp } from './app.ts';
import { expectNoProcess } from './leftovers.ts';
import { nodeViewOf } from './node-view.ts';
import { type StationProcess, startStationProcess } from './station-process.ts';
import { projectWith } from './work-project.ts';

const SOON = { timeout: 20_000, interval: 50 };
const cli = join(import.meta.dirname, '../out/cli/lattice.js');
const HTML = '<img src=x onerror="window.hacked = true"> <b>bold</b>';

let app: RunningApp;
let page: Page;
let folder: string;
let project: string;
let forge: StationProcess | undefined;
let other: LocalBoard;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-boards-'));
  project = join(folder, 'project');
  app = await launchApp({
    env: {
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_STATION_NAME: 'atlas',
      LATTICE_PROJECT_DIR: project,
      LATTICE_ACTOR: 'human:ann',
    },
  });
  page = app.window;
  page.setDefaultTimeout(SOON.timeout);
  await page.getByRole('button', { name: 'Host a lattice' }).click();
  await see(page.getByRole('region', { name: 'Status' }), /1 of 1 stations online/);
  forge = await startStationProcess({
    home: join(folder, 'forge-home'),
    url: (await nodeView()).hub?.url ?? '',
    name: 'forge',
    slots: 4,
    files: projectWith('asker', 'sleeper', 'failer'),
  });
  await see(page.getByRole('region', { name: 'Status' }), /2 of 2 stations online/);
  // Another program on the same board.
  other = new LocalBoard({ root: project, hooks: false });
}, 60_000);

afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await forge?.kill();
  await app.close();
  await expectNoProcess(folder);
  await rm(folder, { recursive: true, force: true });
});

const nodeView = () => nodeViewOf(page);

async function see(locator: Locator, text: string | RegExp): Promise<void> {
  await vi.waitFor(async () => expect(await locator.textContent()).toMatch(text), SOON);
}

const column = (name: string): Locator => page.getByRole('region', { name, exact: true });
const card = (name: RegExp): Locator => page.getByRole('option', { name });
const panel = (): Locator => page.getByRole('complementary', { name: 'Task in detail' });
const statusOf = async (ref: string) => (await other.get(ref)).task.status;

async function create(title: string): Promise<void> {
  await page.getByRole('button', { name: 'New task', exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'New task' });
  await sheet.getByRole('textbox', { name: 'Title' }).fill(title);
  await sheet.getByRole('button', { name: 'Create task' }).click();
  await panel().getByRole('heading', { level: 2 }).waitFor();
}

async function runOn(agent: string): Promise<void> {
  await panel()
    .getByRole('button', { name: /Run (on an agent|again)/ })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByPlaceholder('Type to narrow').fill(agent);
  await page.keyboard.press('Enter');
}

async function serious(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => `${id} ${html}`));
}

describe('boards', { timeout: 120_000 }, () => {
  it('begin with none, and one is created from the window', async () => {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Boards' }).click();
    await page.getByText('No board yet').waitFor();
    await page.getByRole('button', { name: 'Create board' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Create a board' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Platform');
    await dialog.getByRole('textbox', { name: 'Code' }).fill('PLT');
    await dialog.getByRole('button', { name: 'Create board' }).click();
    await page.getByRole('heading', { level: 1, name: 'Platform' }).waitFor();
    expect(await readdir(join(project, '.lattice'))).toContain('config.json');
  });

  it('get tasks from the sheet and in a column, and show HTML in a title as text', async () => {
    await create(HTML);
    await see(panel().getByRole('heading', { level: 2 }), /<img src=x/);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'New task in Backlog' }).click();
    await page.getByRole('textbox', { name: 'Title of the new task' }).fill('Write the runbook');
    await page.keyboard.press('Enter');
    await card(/PLT-2, Write the runbook/).waitFor();
    await page.keyboard.press('Escape');
    await see(card(/PLT-1/), /<img src=x/);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  });

  it('explain a gate before the drop, and move with a reason all the same', async () => {
    const from = await card(/PLT-2/).boundingBox();
    const to = await column('In progress').boundingBox();
    if (from === null || to === null) throw new Error('The board is not shown.');
    await page.mouse.move(from.x + 40, from.y + 30);
    await page.mouse.down();
    await page.mouse.move(from.x + 80, from.y + 60, { steps: 4 });
    await page.mouse.move(to.x + 60, to.y + 200, { steps: 6 });
    await see(column('In progress'), /From backlog a task goes to/);
    await page.mouse.up();
    const dialog = page.getByRole('dialog');
    await see(dialog, /Move PLT-2 to In progress all the same/);
    const reason = dialog.getByRole('textbox', { name: 'Reason' });
    await reason.fill('It cannot wait.');
    await expect.poll(() => reason.inputValue(), { timeout: 5_000 }).toBe('It cannot wait.');
    await dialog.getByRole('button', { name: 'Move with this reason' }).click();
    await column('In progress').getByRole('option', { name: /PLT-2/ }).waitFor();
    const { task, events } = await other.get('PLT-2');
    expect([task.status, events.at(-1)?.data.reason]).toEqual(['in_progress', 'It cannot wait.']);
  });

  it('move by keyboard, and back with Undo', async () => {
    await page.getByRole('listbox', { name: /^Backlog/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowRight');
    await column('In planning').getByRole('option', { name: /PLT-1/ }).waitFor();
    const told = page.getByText('PLT-1 moved to In planning').locator('xpath=ancestor::*[.//button][1]');
    await told.getByRole('button', { name: 'Undo' }).click();
    await column('Backlog').getByRole('option', { name: /PLT-1/ }).waitFor();
    await page.getByRole('listbox', { name: /^Backlog/ }).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowRight');
    await page
      .getByRole('listbox', { name: /^In planning/ })
      .and(page.locator(':focus'))
      .waitFor();
    await page.keyboard.press('Control+z');
    await column('Backlog').getByRole('option', { name: /PLT-1/ }).waitFor();
    expect(await statusOf('PLT-1')).toBe('backlog');
  });

  it('take comments and a plan, with nothing executed', async () => {
    await card(/PLT-1/).click();
    await panel().getByRole('textbox', { name: 'Comment' }).fill(`Look: ${HTML} [x](javascript:alert(1))`);
    await page.keyboard.press('Control+Enter');
    await see(panel().getByRole('article', { name: 'Comment of ann' }), /Look: <img src=x/);
    await panel().getByRole('tab', { name: 'Plan' }).click();
    await panel().getByRole('button', { name: 'Edit: Plan' }).click();
    await panel().getByRole('textbox', { name: 'Plan' }).fill('- [x] Look\n- [ ] Mend');
    await page.keyboard.press('Control+s');
    await panel().getByRole('img', { name: 'Done' }).waitFor();
    expect((await other.readText('PLT-1', 'plan')).text).toContain('- [ ] Mend');
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(await page.locator('main img').count()).toBe(0);
  });

  it('show at once what another program writes', async () => {
    await other.create({ title: 'From elsewhere', status: 'planned' }, { actor: 'agent:script' });
    await column('Planned')
      .getByRole('option', { name: /From elsewhere/ })
      .waitFor({ timeout: 2_000 });
  });

  it('run a card on another station: progress, question, answer, result', async () => {
    await card(/PLT-1/).click();
    await runOn('asker');
    await see(panel().getByRole('region', { name: 'Live run' }), /Which colour\?/);
    await column('Needs human')
      .or(page.getByRole('button', { name: /Show Needs human, 1 tasks/ }))
      .waitFor(SOON);
    await panel().getByRole('button', { name: 'Blue' }).click();
    await column('Review').getByRole('option', { name: /PLT-1/ }).waitFor(SOON);
    await see(panel().getByRole('article', { name: 'Comment of asker' }).last(), /Painted Blue/);
    const { task, events } = await other.get('PLT-1');
    expect(task.assigned_to).toBe('agent:asker');
    const said = events.filter(({ type }) => type === 'x_lattice_work').map(({ data }) => data.state);
    // A step that was over before anybody looked leaves no mark.
    expect(said.filter((state) => state !== 'running')).toEqual(['given', 'asks', 'completed']);
  });

  it('cancel a run from its card', async () => {
    await card(/PLT-2/).click();
    await runOn('sleeper');
    await see(panel().getByRole('region', { name: 'Live run' }), /Running on forge/);
    await panel().getByRole('button', { name: 'Cancel' }).click();
    await panel()
      .getByRole('button', { name: /Run again/ })
      .waitFor(SOON);
    await vi.waitFor(async () => {
      const marks = (await other.get('PLT-2')).events.filter(({ type }) => type === 'x_lattice_work');
      expect(marks.at(-1)?.data.state).toBe('cancelled');
    }, SOON);
  });

  it('bring a card whose run failed to a person, with the reason', async () => {
    await runOn('failer');
    await vi.waitFor(async () => expect(await statusOf('PLT-2')).toBe('needs_human'), SOON);
    await see(panel().getByRole('article', { name: 'Comment of failer' }).last(), /(Failed|Stopped): /);
  });

  it('run a card from the command line', async () => {
    await other.create({ title: 'Ask from a shell' }, { actor: 'human:ann' });
    const run = promisify(execFile)(
      process.execPath,
      [cli, 'task', 'run', 'PLT-4', '--agent', 'asker', '--json'],
      { cwd: project, env: { ...process.env, LATTICE_HOME: app.home } },
    );
    await card(/PLT-4/)
      .or(page.getByRole('button', { name: /Show Needs human, 2 tasks/ }))
      .first()
      .waitFor(SOON);
    await page.getByRole('button', { name: /Show Needs human, 2 tasks/ }).click({ timeout: SOON.timeout });
    await card(/PLT-4/).click();
    await panel().getByRole('button', { name: 'Red' }).click();
    const { stdout } = await run;
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      data: { outcome: 'completed', result: 'Painted Red' },
    });
    expect(await statusOf('PLT-4')).toBe('review');
    const results = (await other.get('PLT-4')).events.filter(({ data }) => data.body === 'Painted Red');
    expect(results).toHaveLength(1);
  });

  it('keep the search, the list, and every other look within reach', async () => {
    await page.keyboard.press('Escape');
    for (const [look, text] of [
      ['List', /From elsewhere/],
      ['Timeline', /From elsewhere/],
      ['Graph', /No relations to show/],
      ['Activity', /said: Painted Red/],
      ['Figures', /Time in status/],
    ] as const) {
      await page.getByRole('button', { name: look, exact: true }).click();
      await see(page.getByRole('main'), text);
      expect(await serious(), look).toEqual([]);
    }
    await page.getByRole('button', { name: 'List', exact: true }).click();
    await page.getByRole('textbox', { name: 'Filter tasks' }).fill('painted blue');
    await see(page.getByRole('toolbar', { name: 'Filter and view' }), /1 of 4 tasks/);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('button', { name: 'Board', exact: true }).click();
    await card(/PLT-1/).click();
    await panel().getByRole('tab', { name: 'Description' }).waitFor();
    expect(await serious()).toEqual([]);
  });

  it('save a changed workflow without touching what else the config holds', async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Boards and settings of this board' }).click();
    await page.getByRole('menuitem', { name: /Settings of this board/ }).click();
    const sheet = page.getByRole('dialog', { name: 'Settings of this board' });
    await sheet.getByRole('textbox', { name: 'Name of a new status' }).fill('In testing');
    await sheet.getByRole('button', { name: 'Add', exact: true }).click();
    await sheet.getByRole('button', { name: 'Save' }).click();
    await column('In testing').waitFor();
    const config = JSON.parse(await readFile(join(project, '.lattice/config.json'), 'utf8'));
    expect(config.workflow.statuses).toContain('in_testing');
    expect(config.workflow.roles).toEqual(['review']);
  });

  it('said nothing wrong to the console', () => {
    expect(app.errors).toEqual([]);
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { initBoard } from '../src-main/tracker/init-board.ts';
import { LocalBoard } from '../src-main/tracker/local-board.ts';
import { launchApp, type RunningApp } from './app.ts';
import { expectNoProcess } from './leftovers.ts';
import { projectWith } from './work-project.ts';

const SOON = { timeout: 20_000, interval: 50 };
const ann = { actor: 'human:ann' };

let app: RunningApp;
let page: Page;
let folder: string;
let board: LocalBoard;
let hosted: LocalBoard;

async function makeBoard(name: string, code: string): Promise<LocalBoard> {
  const root = join(folder, name);
  await mkdir(root, { recursive: true });
  await initBoard(root, { projectCode: code, projectName: name, defaultActor: 'human:ann' });
  return new LocalBoard({ root, hooks: false });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-boards-more-'));
  board = await makeBoard('Platform', 'PLT');
  hosted = await makeBoard('Hosted', 'HST');
  for (const [file, text] of Object.entries(projectWith('asker'))) {
    await mkdir(join(board.root, file, '..'), { recursive: true });
    await writeFile(join(board.root, file), text);
  }
  for (const title of ['Give away', 'Talk about', 'Wait for', 'Put away', 'Damage'])
    await board.create({ title, status: 'planned' }, ann);
  await board.writeText('PLT-1', 'plan', '- [ ] Paint');
  await board.apply('PLT-1', { op: 'assign', to: 'human:ann' }, ann);
  await board.apply('PLT-2', { op: 'comment', body: 'What about cookies?' }, { actor: 'human:ben' });
  await hosted.create({ title: 'Kept elsewhere' }, ann);
  await mkdir(join(hosted.root, '.lattice/hosted'), { recursive: true });
  await writeFile(join(hosted.root, '.lattice/hosted/owner.json'), '{}');
  const drifted = await board.get('PLT-5');
  await writeFile(board.paths.snapshot(drifted.task.id, false), '{"old": true}\n');
  app = await launchApp({
    env: {
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_STATION_NAME: 'atlas',
      LATTICE_PROJECT_DIR: board.root,
      LATTICE_ACTOR: 'human:ann',
    },
  });
  page = app.window;
  page.setDefaultTimeout(SOON.timeout);
  await page.getByRole('button', { name: 'Host a lattice' }).click();
  await see(page.getByRole('region', { name: 'Status' }), /1 of 1 stations online/);
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Boards' }).click();
}, 60_000);

afterAll(async () => {
  await board[Symbol.asyncDispose]();
  await hosted[Symbol.asyncDispose]();
  await app.close();
  await expectNoProcess(folder);
  await rm(folder, { recursive: true, force: true });
});

async function see(locator: Locator, text: string | RegExp): Promise<void> {
  await vi.waitFor(async () => expect(await locator.textContent()).toMatch(text), SOON);
}

const card = (name: RegExp): Locator => page.getByRole('option', { name });
const panel = (): Locator => page.getByRole('complementary', { name: 'Task in detail' });
const comments = (author: string): Locator => panel().getByRole('article', { name: `Comment of ${author}` });
const lastEvent = async (ref: string) => (await board.get(ref)).events.at(-1);

async function menu(trigger: Locator, item: RegExp): Promise<void> {
  await trigger.click();
  await page.getByRole('menuitem', { name: item }).click();
}

describe('boards', { timeout: 60_000 }, () => {
  it('say that a snapshot drifted as soon as they are opened, and repair it', async () => {
    await page.getByRole('heading', { level: 1, name: 'Platform' }).waitFor();
    await see(page.getByRole('main'), /PLT-5: The snapshot does not say what the log says\./);
    await page.getByRole('button', { name: 'Show and repair' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Repair what is safe' }).click();
    await page.getByText('The board is whole').waitFor();
    await page.getByRole('button', { name: 'Show and repair' }).waitFor({ state: 'detached' });
    expect((await board.doctor()).findings).toEqual([]);
  });

  it('give a card to the agent that it is dropped on', async () => {
    const from = await card(/PLT-1/).boundingBox();
    if (from === null) throw new Error('The card is not shown.');
    await page.mouse.move(from.x + 40, from.y + 30);
    await page.mouse.down();
    await page.mouse.move(from.x + 80, from.y + 60, { steps: 4 });
    const target = page.getByText('Give to').locator('xpath=following-sibling::*').getByText('asker');
    await target.waitFor();
    const to = await target.boundingBox();
    if (to === null) throw new Error('The agent is not shown.');
    await page.mouse.move(to.x + 10, to.y + 8, { steps: 6 });
    await page.mouse.up();
    await page.getByText('PLT-1 given to asker').waitFor();
    await vi.waitFor(async () => expect((await board.get('PLT-1')).task.status).toBe('needs_human'), SOON);
  });

  it('keep a filter under a name, and forget it', async () => {
    const filter = page.getByRole('textbox', { name: 'Filter tasks' });
    await filter.fill('talk');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('textbox', { name: 'Name of this filter' }).fill('Talks');
    await page.keyboard.press('Enter');
    const forget = page.getByRole('button', { name: 'Forget the filter Talks' });
    await forget.waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Clear' }).click();
    await card(/PLT-3/).waitFor();
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('button', { name: 'Talks', exact: true }).click();
    await card(/PLT-3/).waitFor({ state: 'detached' });
    await forget.click();
    await forget.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Clear' }).click();
  });

  it('take replies and reactions, and changes and the end of an own comment', async () => {
    await card(/PLT-2/).click();
    await comments('ben').hover();
    await comments('ben').getByRole('button', { name: 'Reply' }).click();
    await panel().getByRole('textbox', { name: 'Reply to ben' }).fill('None of them.');
    await page.keyboard.press('Control+Enter');
    await see(comments('ann'), /None of them\./);
    await comments('ben').hover();
    await menu(comments('ben').getByRole('button', { name: 'React' }), /Heart/);
    const mine = comments('ben').getByRole('button', { pressed: true });
    await mine.click();
    await mine.waitFor({ state: 'detached' });
    expect((await lastEvent('PLT-2'))?.type).toBe('reaction_removed');
    await comments('ann').hover();
    await comments('ann').getByRole('button', { name: 'Edit the comment' }).click();
    await panel().getByRole('textbox', { name: 'Edit the comment' }).fill('Only one.');
    await page.keyboard.press('Control+Enter');
    await see(comments('ann'), /Only one\./);
    await comments('ann').hover();
    await comments('ann').getByRole('button', { name: 'Delete the comment' }).click();
    await see(comments('ann'), /This comment was deleted\./);
  });

  it('link and unlink tasks, and attach an address and a chosen file', async () => {
    await panel()
      .getByRole('tab', { name: /Relations/ })
      .click();
    await panel().getByRole('button', { name: 'Link', exact: true }).click();
    await panel().getByRole('textbox', { name: 'Id of the other task' }).fill('plt-3');
    await page.keyboard.press('Enter');
    const remove = panel().getByRole('button', { name: 'Remove the relation to PLT-3' });
    await remove.click();
    await remove.waitFor({ state: 'detached' });
    expect((await lastEvent('PLT-2'))?.type).toBe('relationship_removed');
    await panel().getByRole('button', { name: 'Attach an address' }).click();
    const dialog = page.getByRole('dialog', { name: 'Attach an address' });
    await dialog.getByRole('textbox', { name: 'Address' }).fill('javascript:alert(1)');
    await page.keyboard.press('Enter');
    await dialog.getByRole('textbox', { name: 'Address' }).fill('https://example.org/spec');
    await page.keyboard.press('Enter');
    await see(panel(), /https:\/\/example\.org\/spec/);
    const chosen = join(folder, 'found.log');
    await writeFile(chosen, 'what was found\n');
    await app.electron.evaluate(({ dialog: real }, path) => {
      real.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
    }, chosen);
    await panel().getByRole('button', { name: 'Attach a file' }).click();
    await see(panel(), /found\.log/);
    expect((await board.get('PLT-2')).task.evidence_refs).toHaveLength(2);
  });

  it('put a task away and bring it back', async () => {
    await page.keyboard.press('Escape');
    await card(/PLT-4/).click();
    await menu(panel().getByRole('button', { name: 'More', exact: true }), /Archive/);
    await vi.waitFor(async () => expect((await board.get('PLT-4')).archived).toBe(true), SOON);
    await menu(panel().getByRole('button', { name: 'More', exact: true }), /Bring back/);
    await vi.waitFor(async () => expect((await board.get('PLT-4')).archived).toBe(false), SOON);
    await page.keyboard.press('Escape');
  });

  it('are searched from the palette, by id and by title', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('plt-3');
    await page
      .getByRole('dialog')
      .getByRole('option', { name: /PLT-3 Wait for/ })
      .click();
    await see(panel().getByRole('heading', { level: 2 }), /Wait for/);
    await page.keyboard.press('Escape');
  });

  it('give the next task to who takes it', async () => {
    await board.writeText('PLT-3', 'plan', '- [ ] Wait');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('take the next task');
    await page
      .getByRole('dialog')
      .getByRole('option', { name: /Take the next task/, selected: true })
      .waitFor();
    await page.keyboard.press('Enter');
    await vi.waitFor(async () => {
      const taken = (await board.list()).filter(({ task }) => task.status === 'in_progress');
      expect(taken.map(({ task }) => [task.short_id, task.assigned_to])).toEqual([['PLT-3', 'human:ann']]);
    }, SOON);
    await page.keyboard.press('Escape');
  });

  it('show who holds what, and let a person acquire and release', async () => {
    const context = board.contextOf({ actor: 'agent:codex-1' });
    await board.resources.create({ name: 'staging' }, context);
    await board.resources.create({ name: 'printer' }, context);
    await board.resources.apply('printer', { op: 'acquire' }, context);
    await board.sessions.start({ baseName: 'Argus', model: 'opus' });
    await menu(page.getByRole('button', { name: 'Boards and settings of this board' }), /Resources and/);
    const dialog = page.getByRole('dialog', { name: 'Resources and sessions' });
    await see(dialog, /codex-1.*until.*1 of 1 held/);
    await see(dialog, /Argus-1.*opus/);
    await dialog.getByRole('button', { name: 'Acquire staging' }).click();
    await dialog.getByRole('button', { name: 'Release staging' }).waitFor();
    expect(board.resources.get('staging').holders.map(({ actor }) => actor)).toEqual(['human:ann']);
    await dialog.getByRole('button', { name: 'Release staging' }).click();
    await dialog.getByRole('button', { name: 'Acquire staging' }).waitFor();
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  });

  it('are switched, and one that a server owns is read only and says why', async () => {
    await app.electron.evaluate(({ dialog: real }, path) => {
      real.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
    }, hosted.root);
    const switcher = page.getByRole('button', { name: 'Boards and settings of this board' });
    await menu(switcher, /Open a board/);
    await page.getByRole('heading', { level: 1, name: 'Hosted' }).waitFor();
    await see(page.getByRole('main'), /Read only\. This board belongs to a server/);
    await card(/HST-1/).click();
    await panel().getByRole('heading', { level: 2 }).waitFor();
    expect(await panel().getByRole('button', { name: 'Run on an agent' }).count()).toBe(0);
    await menu(switcher, /Platform/);
    await page.getByRole('heading', { level: 1, name: 'Platform' }).waitFor();
    await card(/PLT-2/).waitFor();
  });

  it('said nothing wrong to the console', () => {
    expect(app.errors).toEqual([]);
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchApp, type RunningApp } from './app.ts';
import { expectNoProcess } from './leftovers.ts';
import { nodeViewOf } from './node-view.ts';
import { type StationProcess, startStationProcess } from './station-process.ts';

const SOON = { timeout: 15_000, interval: 20 };
const cli = join(import.meta.dirname, '../out/cli/lattice.js');

let folder: string;
let app: RunningApp;
let page: Page;
let forge: StationProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-approvals-e2e-'));
  app = await launchApp({
    args: ['--host'],
    env: {
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_STATION_NAME: 'atlas',
      LATTICE_PROJECT_DIR: join(folder, 'project'),
    },
  });
  page = app.window;
  await vi.waitFor(async () => expect((await nodeViewOf(page)).connection.state).toBe('connected'), SOON);
  await run(app.home, 'init', join(folder, 'project'));
  const { connection } = await nodeViewOf(page);
  forge = await startStationProcess({
    home: join(folder, 'forge'),
    url: connection.url ?? '',
    name: 'forge',
  });
});

afterAll(async () => {
  await forge?.stop();
  await app.close();
  await expectNoProcess(folder);
  await rm(folder, { recursive: true, force: true });
});

async function run(home: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, LATTICE_HOME: home };
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], { env });
  return stdout;
}

/** A call of the other machine to this one. */
function callOfForge(task: string): Promise<string> {
  return run(
    join(folder, 'forge'),
    'agent',
    'exec',
    'counter',
    task,
    '--context',
    'to=2',
    '--station',
    'atlas',
  );
}

async function shot(name: string): Promise<void> {
  const to = process.env.LATTICE_SHOTS;
  if (to !== undefined) await page.screenshot({ path: join(to, `${name}.png`) });
}

async function seriousProblems(within: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(within).setLegacyMode(true).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map((each) => `${each.id} ${each.nodes[0]?.html}`);
}

describe('the owner of a machine', { timeout: 120_000 }, () => {
  it('says in Settings that others have to ask', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    const rules = page.getByRole('region', { name: 'Who may run agents here' });
    await rules.getByText('Ask me', { exact: true }).first().click();
    await rules.getByText('You are asked before each run of somebody else.').waitFor();
    await rules.getByRole('combobox', { name: 'greeter' }).click();
    await page.getByRole('option', { name: 'Only me' }).click();
    await vi.waitFor(async () => {
      const { data } = JSON.parse(await run(app.home, 'config', '--json')) as {
        data: { settings: { name: string; value: unknown }[] };
      };
      const set = (name: string) => data.settings.find((each) => each.name === name)?.value;
      expect([set('runs_allow'), set('runs_agents')]).toEqual(['ask', { greeter: 'owner' }]);
    }, SOON);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await shot(`settings-${colorScheme}`);
      expect(await seriousProblems('body')).toEqual([]);
    }
  });

  it('sees exactly who wants what, and lets it run once', async () => {
    const said = callOfForge('Delete the old logs');
    await page.getByRole('link', { name: /^Overview/ }).click();
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByText('Delete the old logs').waitFor();
    await shot('needs-you');
    await needs.getByRole('button', { name: 'Look and decide' }).click();
    const dialog = page.getByRole('dialog', { name: 'Let counter run once?' });
    expect(await dialog.textContent()).toContain('forge');
    expect(await dialog.textContent()).toContain('Nothing proves who this is.');
    expect(await dialog.textContent()).toContain(join(folder, 'project'));
    expect(await dialog.getByLabel('Task').inputValue()).toBe('Delete the old logs');
    expect(JSON.parse(await dialog.getByLabel('Context').inputValue())).toEqual({ to: 2 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await shot(`approval-${colorScheme}`);
      expect(await seriousProblems('[role=dialog]')).toEqual([]);
    }
    await page.setViewportSize({ width: 1024, height: 700 });
    await shot('approval-1024');
    expect(await dialog.getByRole('button', { name: 'Allow once' }).isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: '1 needs you' }).click();
    const allow = dialog.getByRole('button', { name: 'Allow once' });
    // By keyboard alone: past the texts and the other answers.
    for (
      let step = 0;
      step < 10 && !(await allow.evaluate((each) => each === document.activeElement));
      step++
    )
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await said).toContain('Counted to 2');
    await needs.waitFor({ state: 'hidden' });
  });

  it('denies in a terminal of the same machine, and tells the caller', async () => {
    const said = callOfForge('Delete everything').then(
      () => 'ran',
      (error: { stderr: string }) => error.stderr,
    );
    const list = async () => {
      const { data } = JSON.parse(await run(app.home, 'approvals', '--json')) as {
        data: { approvals: { id: string; task: string }[] };
      };
      return data.approvals;
    };
    const [waiting] = await vi.waitFor(async () => {
      const found = await list();
      expect(found).toMatchObject([{ task: 'Delete everything' }]);
      return found;
    }, SOON);
    const id = waiting?.id ?? '';
    expect(await run(app.home, 'approvals')).toContain('Delete everything');
    expect(await run(app.home, 'approvals', 'show', id)).toContain('(not proven)');
    const agent = { ...process.env, LATTICE_HOME: app.home, LATTICE_WORK_ID: 'x' };
    await expect(
      promisify(execFile)(process.execPath, [cli, 'approvals', 'allow', id], { env: agent }),
    ).rejects.toThrow('An agent cannot answer');
    expect(await run(app.home, 'approvals', 'deny', id.slice(-8))).toContain('Refused.');
    expect(await said).toContain('The owner of atlas did not allow this run of counter.');
    expect(await list()).toEqual([]);
    expect(await run(app.home, 'approvals')).toContain('Nothing waits for you');
    await expect(run(app.home, 'approvals', 'allow', id)).rejects.toThrow('Nothing waits under');
    expect(await run(app.home, 'events', '--type', 'agent.run_denied')).toContain('run_denied');
    expect(app.errors).toEqual([]);
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expectNoLeak, findSecretsIn, makeSecret } from '../src-main/testing/find-secrets.ts';
import { type ModelProvider, startModelProvider } from '../src-main/testing/model-provider.ts';
import type { NodeView } from '../src-shared/views/node.ts';
import { launchApp, type RunningApp } from './app.ts';
import { expectNoProcess } from './leftovers.ts';
import { nodeViewOf } from './node-view.ts';
import { type StationProcess, startStationProcess } from './station-process.ts';
import { usageProject } from './usage-project.ts';

const SOON = { timeout: 20_000, interval: 50 };

let app: RunningApp;
let page: Page;
let folder: string;
let provider: ModelProvider;
let forge: StationProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-usage-e2e-'));
  provider = await startModelProvider(() => ({ text: 'Done.', usage: { input: 100, output: 20 } }));
  vi.stubEnv('HERE_KEY', makeSecret('sk-here-'));
  for (const [path, text] of Object.entries(usageProject(provider.openaiUrl))) {
    const file = join(folder, 'atlas', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  app = await launchApp({
    env: {
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_STATION_NAME: 'atlas',
      LATTICE_PROJECT_DIR: join(folder, 'atlas'),
    },
  });
  page = app.window;
  await page.getByRole('button', { name: 'Host a lattice' }).click();
  await see(page.getByRole('region', { name: 'Status' }), /1 of 1 stations online/);
});

afterAll(async () => {
  await forge?.kill();
  await app?.close();
  await provider?.[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
  await expectNoProcess(folder);
  expectNoLeak(findSecretsIn(folder));
  await rm(folder, { recursive: true, force: true });
});

async function see(locator: Locator, text: string | RegExp): Promise<void> {
  await vi.waitFor(async () => expect(await locator.textContent({ timeout: 1_000 })).toMatch(text), SOON);
}

const hubUrl = (): Promise<string> =>
  page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const end = globalThis.lattice.subscribe('node.watch', undefined, (message) => {
          const url = message.kind === 'snapshot' ? (message.items[0] as NodeView).hub?.url : undefined;
          if (url === undefined) return;
          end();
          resolve(url);
        });
      }),
  );

/** Gives one work and waits until it has its result. */
async function work(agent: string, task: string, station?: string): Promise<void> {
  const given = await page.evaluate((draft) => globalThis.lattice.call('work.assign', draft), {
    agent,
    task,
    context: {},
    ...(station === undefined ? {} : { station }),
  });
  if (!('ok' in given)) throw new Error(given.error.message);
  const { id } = given.ok as { id: string };
  await vi.waitFor(async () => {
    const answer = await page.evaluate(
      (wanted) => globalThis.lattice.call('work.result', { id: wanted }),
      id,
    );
    expect(answer).toEqual({ ok: { result: 'Done.' } });
  }, SOON);
}

const grid = (name: string): Locator => page.getByRole('grid', { name, exact: true });
const row = (table: string, text: string): Locator => grid(table).getByRole('row').filter({ hasText: text });
const go = (name: string) =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();
const choose = (group: string, name: string) =>
  page.getByRole('group', { name: group }).getByRole('button', { name, exact: true }).click();
const figure = (label: string): Locator => page.locator('dl > div').filter({ hasText: label });

async function noViolations(): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
}

describe('before any call', () => {
  it('says what will be here and leads to an agent', async () => {
    await go('Usage');
    await see(page.getByRole('main'), /No model was called yet/);
    await noViolations();
    await page.getByRole('main').getByRole('button', { name: 'Run an agent' }).click();
    await page.getByRole('option', { name: /Run planner/ }).waitFor();
    await page.keyboard.press('Escape');
    await go('Overview');
    await see(figure('Agents'), /2/);
  });
});

describe('after calls of two stations', () => {
  it('adds them up, live', async () => {
    await work('planner', 'Plan one');
    await go('Usage');
    await see(row('Agents', 'planner'), /1.*about \$0\.03/);
    forge = await startStationProcess({
      home: join(folder, 'forge-home'),
      url: await hubUrl(),
      name: 'forge',
      files: usageProject(provider.openaiUrl),
    });
    await see(page.getByRole('region', { name: 'Status' }), /2 of 2 stations online/);
    for (const task of ['Plan two', 'Plan three']) await work('planner', task, await ownId());
    await work('reviewer', 'Review one', forge.id);
    await see(row('Agents', 'planner'), /planner3.*about \$0\.063/);
    await see(row('Agents', 'reviewer'), /reviewer1.*about \$0\.003/);
    await see(figure('Money'), /about \$0\.066/);
  });

  it('groups by agent, model, provider and station', async () => {
    for (const [by, name, table] of [
      ['By model', 'alpha/big', 'Models'],
      ['By provider', 'beta', 'Providers'],
      ['By station', 'forge', 'Stations'],
    ] as const) {
      await page.getByRole('combobox', { name: 'Group by' }).click();
      await page.getByRole('option', { name: by }).click();
      await see(row(table, name), /about \$/);
    }
    await see(row('Stations', 'forge'), /forge1/);
    await see(row('Stations', 'atlas'), /atlas3/);
  });

  it('says each budget, when it begins again, and what it stopped', async () => {
    const calls = row('Budgets', 'per day');
    await see(calls, /alpha.*2 of 2 calls.*1 call/);
    await see(row('Budgets', 'beta'), /about \$0\.003 of \$40\.00/);
  });

  it('is reached with the keyboard, as a chart and as a table', async () => {
    const days = page.getByRole('toolbar', { name: 'Days' });
    const today = days.getByRole('button').last();
    await today.focus();
    expect(await today.getAttribute('aria-label')).toMatch(/about \$0\.066.*atlas about \$0\.063.*forge/);
    await page.keyboard.press('ArrowLeft');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/no calls/);
    await choose('Show as', 'Table');
    await see(grid('Usage per day').getByRole('row').nth(1), /about \$0\.066about \$0\.063about \$0\.003/);
    await noViolations();
    await choose('Show as', 'Chart');
    await noViolations();
  });

  it('shows tokens and calls, one group alone, and a way back from a filter that fits nothing', async () => {
    await choose('Measure', 'Calls');
    await page.getByRole('combobox', { name: 'Group by' }).click();
    await page.getByRole('option', { name: 'By provider' }).click();
    await row('Providers', 'alpha').click();
    await see(page.getByRole('list', { name: 'Legend' }), /alpha2 callsLimit per day 2 calls/);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('zzz');
    await see(page.getByRole('main'), /No provider has “zzz” in its name/);
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await row('Providers', 'alpha').waitFor();
    await choose('Measure', 'Money');
  });

  it('is the fifth figure of the overview', async () => {
    await go('Overview');
    await see(figure('Spent today'), /about \$0\.066.*4 calls/);
    expect(await figure('Agents').count()).toBe(0);
  });

  it('is in the record of an agent, beside how it is made', async () => {
    await page.evaluate(() => {
      location.hash = '#/agents/planner';
    });
    const sheet = page.getByRole('complementary').or(page.getByRole('dialog')).filter({ hasText: 'Record' });
    await see(sheet, /Success100% of 3 finished work.*about \$0\.063 for 3 calls, about \$0\.021 each/s);
    await see(sheet, /alpha\/big.*beta\/small.*Defined inlattice\.yaml.*The first that can be used/s);
    await see(sheet.getByRole('region', { name: 'Prompt' }), /You plan changes in small steps\./);
    expect(await sheet.getByRole('button', { name: 'Run', exact: true }).first().isEnabled()).toBe(true);
    await noViolations();
  });

  it('stays when the other station is gone', async () => {
    await forge.kill();
    await go('Usage');
    await page.getByRole('combobox', { name: 'Group by' }).click();
    await page.getByRole('option', { name: 'By station' }).click();
    await see(row('Stations', 'forge'), /about \$0\.003/);
    expect(app.errors).toEqual([]);
  });
});

const ownId = async () => (await nodeViewOf(page)).station_id;

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchApp, type RunningApp } from './app.ts';
import { expectNoProcess } from './leftovers.ts';
import { nodeViewOf } from './node-view.ts';
import { type StationProcess, startStationProcess } from './station-process.ts';

const SOON = { timeout: 15_000, interval: 50 };

let app: RunningApp;
let page: Page;
let folder: string;
let second: StationProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-mesh-'));
  app = await launchApp({
    env: {
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_STATION_NAME: 'atlas',
      LATTICE_PROJECT_DIR: join(folder, 'empty'),
    },
  });
  page = app.window;
});

afterAll(async () => {
  await second?.kill();
  await app.close();
  await expectNoProcess(folder);
  await rm(folder, { recursive: true, force: true });
});

const nodeView = () => nodeViewOf(page);

const status = (): Locator => page.getByRole('region', { name: 'Status' });
const place = (name: string): Locator =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name });

async function see(locator: Locator, text: string | RegExp, timeout = SOON.timeout): Promise<void> {
  await vi.waitFor(async () => expect(await locator.textContent()).toMatch(text), { ...SOON, timeout });
}

/** Runs the counter on the second station up to a number and waits for what the sheet says of it. */
async function runCounter(to: number, expected: RegExp): Promise<void> {
  await page.getByRole('textbox', { name: 'Task' }).fill('Count for the test');
  await page
    .getByRole('textbox', { name: /^To/ })
    .or(page.getByRole('spinbutton', { name: /^To/ }))
    .first()
    .fill(String(to));
  await page
    .getByRole('button', { name: /^Run( again)?( |$)/ })
    .last()
    .click();
  await see(page.getByRole('dialog').getByRole('status'), expected);
}

describe('from the window', { timeout: 120_000 }, () => {
  it('hosts a lattice', async () => {
    await page.getByRole('button', { name: 'Host a lattice' }).click();
    await see(status(), /1 of 1 stations online/);
    await vi.waitFor(async () => expect((await nodeView()).hub?.state).toBe('running'), SOON);
  });

  it('sees a second station within a second or so of its start', async () => {
    const { hub } = await nodeView();
    second = await startStationProcess({
      home: join(folder, 'second-home'),
      url: hub?.url ?? '',
      name: 'forge',
    });
    await see(status(), /2 of 2 stations online/);
    await place('Stations').click();
    await see(page.getByRole('main'), /forge/);
  });

  it('runs an agent of the second station and shows its output and result', async () => {
    await place('Agents').click();
    await page.getByRole('main').getByText('counter', { exact: true }).first().dblclick();
    await runCounter(3, /Completed on forge/);
    await see(page.getByRole('dialog'), /Counted to 3/);
  });

  it('cancels a run', async () => {
    await runCounter(1_000, /Running on forge/);
    await page.getByRole('button', { name: /^Cancel/ }).click();
    await see(page.getByRole('dialog').getByRole('status'), /Cancelled/);
    await page.getByRole('button', { name: 'Close' }).first().click();
  });

  it('has views without serious problems of access', async () => {
    for (const name of ['Overview', 'Stations', 'Agents', 'Work', 'Routing', 'Events', 'Hub', 'Settings']) {
      await place(name).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      const serious = violations.filter((each) => each.impact === 'serious' || each.impact === 'critical');
      expect(serious.map((each) => `${name}: ${each.id} ${each.nodes[0]?.html}`)).toEqual([]);
    }
  });

  it('opens the palette again while it still fades away', async () => {
    await place('Hub').click();
    const field = page.getByRole('dialog', { name: 'Find or run' }).getByRole('combobox');
    await page.keyboard.press('Control+k');
    await field.waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.locator('[data-palette][data-open]').waitFor();
    await field.fill('> go to stations');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Stations' }).waitFor();
  });

  it('shows a killed station as late, then offline', async () => {
    await place('Stations').click();
    await second.kill();
    await see(page.getByRole('main'), /Late/, 25_000);
    await see(status(), /1 of 2 stations online/);
    await see(page.getByRole('main'), /Offline/, 25_000);
  });

  it('sees the same station come back under its id', async () => {
    const before = second.id;
    const { hub } = await nodeView();
    second = await startStationProcess({
      home: join(folder, 'second-home'),
      url: hub?.url ?? '',
      name: 'forge',
    });
    expect(second.id).toBe(before);
    await see(status(), /2 of 2 stations online/);
  });

  it('brings a killed hub back within seconds, with its stations', async () => {
    const { hub } = await nodeView();
    const killed = performance.now();
    process.kill(hub?.pid ?? 0, 'SIGKILL');
    await vi.waitFor(async () => {
      const now = await nodeView();
      expect(now.hub?.pid).not.toBe(hub?.pid);
      expect(now).toMatchObject({
        hub: { state: 'running', url: hub?.url },
        connection: { state: 'connected' },
      });
    }, SOON);
    expect(performance.now() - killed).toBeLessThan(5_000);
    await see(status(), /2 of 2 stations online/);
  });

  it('said nothing wrong to its console', () => {
    expect(app.errors).toEqual([]);
  });
});

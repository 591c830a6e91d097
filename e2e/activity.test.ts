import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { activityProject } from './activity-project.ts';
import { launchApp, type RunningApp } from './app.ts';

let app: RunningApp;
let page: Page;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-activity-'));
  for (const [path, text] of Object.entries(activityProject)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  app = await launchApp({
    env: {
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_STATION_NAME: 'atlas',
      LATTICE_PROJECT_DIR: folder,
    },
  });
  page = app.window;
  await page.getByRole('button', { name: 'Host a lattice' }).click();
  await page.getByText('1 of 1 stations online').waitFor();
});

afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

async function give(task: string): Promise<void> {
  const id = await page.evaluate(async (task) => {
    const answer = await globalThis.lattice.call('work.assign', { agent: 'coder', task, context: {} });
    return (answer as { ok: { id: string } }).ok.id;
  }, task);
  await page.evaluate((id) => {
    location.hash = `#/work/${id}`;
  }, id);
}

it('shows plan, text, tools, changes and model calls as they come, and asks before an edit', async () => {
  await give('Fix the flaky login test');
  const detail = page.getByRole('region', { name: 'Work in detail' });
  await detail.getByRole('tab', { name: 'Activity' }).click();
  const stream = detail.getByRole('log', { name: 'Activity' });
  await stream.getByRole('region', { name: 'Plan' }).getByText('2 of 4 done').waitFor();
  await stream.getByText('fails only', { exact: true }).waitFor();

  await stream.getByRole('button', { name: 'Thought' }).click();
  await stream.getByText('so I look for a clock').waitFor();

  await detail.getByRole('button', { name: 'Allow once' }).click();
  await stream.getByText('4 of 4 done').waitFor();
  await stream.getByText('+1', { exact: true }).first().waitFor();
  await stream.getByText('export const now = (at = Date.now()) => new Date(at);').first().waitFor();

  await stream.getByRole('button', { name: /^npm test/ }).click();
  await stream.getByText('ok 4 logs in').waitFor();
  await stream.getByText('4 passed').waitFor();

  await stream.getByRole('button', { name: /gpt-5\.2/ }).click();
  await stream.getByText('Rate limited for 20 s more.').waitFor();
  await detail.getByText('about $0.0093', { exact: true }).waitFor();
  await stream.getByText('Memory is not limited on this machine.').waitFor();
  await stream.getByText('All four tests pass now. <script>alert(1)</script>').waitFor();
  expect(await stream.locator('script').count()).toBe(0);
  await detail.getByText('Completed').first().waitFor();
  expect(app.errors).toEqual([]);
});

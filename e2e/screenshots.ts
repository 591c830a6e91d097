import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { NodeView } from '../src-shared/views/node.ts';
import { launchApp, type RunningApp } from './app.ts';
import { writeBoard } from './board-fixture.ts';
import { shootDevices } from './devices-shots.ts';
import { shootRouting } from './routing-shots.ts';
import { shootAll } from './shots.ts';
import { type StationProcess, startStationProcess } from './station-process.ts';
import { putUsageHistory } from './usage-history.ts';

const target = join(import.meta.dirname, '../docs/screenshots');
const cli = join(import.meta.dirname, '../out/cli/lattice.js');
const SOON = { timeout: 20_000, interval: 100 };

let app: RunningApp;
let page: Page;
let folder: string;
const stations: StationProcess[] = [];

beforeAll(async () => {
  await mkdir(target, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'lattice-shots-'));
  execFileSync(process.execPath, [cli, 'init', join(folder, 'atlas')]);
  await writeBoard(join(folder, 'atlas'));
  app = await launchApp({
    env: {
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_STATION_NAME: 'atlas',
      LATTICE_NAME: 'Platform team',
      LATTICE_MAX_PARALLEL: '4',
      LATTICE_PROJECT_DIR: join(folder, 'atlas'),
    },
  });
  page = app.window;
});

afterAll(async () => {
  await Promise.all(stations.map((station) => station.stop()));
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

const shoot = (name: string) => shootAll(app, join(target, name));

async function open(hash: string, heading: string): Promise<void> {
  await page.evaluate((next) => {
    location.hash = next;
  }, `#${hash}`);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
}

function hubUrl(): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        globalThis.lattice.subscribe('node.watch', undefined, (message) => {
          const url = message.kind === 'snapshot' && (message.items[0] as NodeView).hub?.url;
          if (url) resolve(url);
        });
      }),
  );
}

function seeStatus(text: RegExp): Promise<void> {
  const status = page.getByRole('region', { name: 'Status' });
  return vi.waitFor(async () => expect(await status.textContent()).toMatch(text), SOON);
}

const call = (name: string, input: unknown) =>
  page.evaluate(([callName, value]) => globalThis.lattice.call(callName as never, value), [
    name,
    input,
  ] as const);

it('takes the welcome', async () => {
  await page.getByRole('button', { name: 'Host a lattice' }).waitFor();
  await shoot('welcome');
});

it('takes every view of a lattice at work', async () => {
  await call('node.host', {});
  const url = await hubUrl();
  for (const [name, slots] of [
    ['forge', 8],
    ['gpu-01', 6],
    ['miras-macbook', 2],
    ['edge-fra', 2],
  ] as const) {
    stations.push(await startStationProcess({ home: join(folder, `home-${name}`), url, name, slots }));
  }
  await seeStatus(/5 of 5/);
  await stations.pop()?.stop();
  const tasks = [
    'Fix flaky login test',
    'Move sessions to Redis',
    'Run contract tests for billing',
    'Scan registry image api:2.18.0',
    'Why did checkout p95 rise at 13:50?',
    'Review pull request 1184',
  ];
  for (const [index, task] of tasks.entries()) {
    await call('work.assign', {
      agent: 'counter',
      task,
      context: { to: 100 + index * 60, delay_ms: 300 },
      priority: 1 + (index % 5),
    });
  }
  await call('work.assign', {
    agent: 'text-analyser',
    task: 'Measure the release notes',
    context: { text: 'Lattice joins machines.' },
  });
  await call('work.assign', { agent: 'cloud-admin', task: 'Drain node ip-10-2-7-41', context: {} });
  await seeStatus(/6 running/);
  await open('/overview', 'Overview');
  await page
    .getByText(/[2-9]\d%/)
    .first()
    .waitFor();
  await shoot('overview');
  await open('/stations', 'Stations');
  await page
    .getByRole('grid', { name: 'Stations' })
    .getByRole('button', { name: 'forge', exact: true })
    .click();
  await shoot('stations');
  await open('/agents/counter?run=true', 'Agents');
  await shoot('agents');
  await open('/work', 'Work');
  await page.getByText('Move sessions to Redis').first().click();
  await shoot('work');
  await putUsageHistory(url, ['forge', 'gpu-01', 'miras-macbook']);
  await open('/usage', 'Usage');
  await page.getByRole('button', { name: '30 days' }).click();
  await page.getByRole('grid', { name: 'Agents' }).getByRole('row').nth(5).waitFor();
  await shoot('usage');
  await open('/boards', 'Platform board');
  const card = page.getByRole('option', { name: /Fix flaky login test on Safari/ });
  await card.click();
  await page.getByRole('tab', { name: 'Plan' }).click();
  const task = /task_[0-9A-Z]+/.exec(page.url())?.[0];
  await call('work.assign', {
    agent: 'counter',
    task: 'Rerun the login test',
    context: { to: 400, delay_ms: 300 },
    labels: [`card:${task}`],
    priority: 1,
  });
  await card.getByText('counter on').waitFor();
  await shoot('board');
  await page.getByRole('button', { name: 'List', exact: true }).click();
  await shoot('board-list');
  await page.getByRole('button', { name: 'Figures', exact: true }).click();
  await shoot('board-figures');
  await open('/events', 'Events');
  await shoot('events');
  await open('/hub', 'Hub');
  await shoot('hub');
  await open('/settings', 'Settings');
  await shoot('settings');
  await page.keyboard.press('Control+k');
  await shoot('palette');
}, 180_000);

it('takes every strategy of the routing editor and each of its states', () => shootRouting(target), 180_000);

it('takes the devices of a lattice, and how one comes in', () => shootDevices(target), 180_000);

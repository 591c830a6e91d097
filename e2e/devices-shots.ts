import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { createHome, launchApp, type RunningApp, removeHome } from './app.ts';
import { shootAll } from './shots.ts';
import { type StationProcess, startStationProcess } from './station-process.ts';

/** Takes the devices of a lattice, the dialogs around them and how one comes in, as host and guest see it. */
export async function shootDevices(target: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'platform-'));
  const home = await createHome();
  const host = await launchApp({
    home,
    env: {
      LATTICE_NAME: 'Platform team',
      LATTICE_STATION_NAME: 'atlas',
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_PROJECT_DIR: join(folder, 'atlas'),
    },
  });
  const stations: StationProcess[] = [];
  let guest: RunningApp | undefined;
  try {
    host.window.setDefaultTimeout(20_000);
    await host.window.getByRole('button', { name: 'Host a lattice' }).click();
    await ask(host.window, 'hub.share', { shared: true });
    for (const name of ['forge', 'gpu-01', 'edge-fra'])
      stations.push(await startStationProcess({ home: join(folder, name), link: await linkOf(host), name }));
    await takeHost(host, target, stations);
    guest = await launchApp({
      args: [await linkOf(host, { role: 'operator', approve: true })],
      env: { LATTICE_STATION_NAME: 'miras-macbook', LATTICE_PROJECT_DIR: join(folder, 'laptop') },
    });
    await takeJoining(host, guest, target);
  } finally {
    await guest?.close();
    await Promise.all(stations.map((station) => station.stop()));
    await host.close();
    await rm(folder, { recursive: true, force: true });
    await removeHome(home);
  }
}

async function takeHost(
  host: RunningApp,
  target: string,
  stations: readonly StationProcess[],
): Promise<void> {
  const page = host.window;
  const [forge, gpu, edge] = stations;
  const tasks = ['Fix flaky login test', 'Run contract tests for billing', 'Scan registry image api:2.18.0'];
  for (const [index, task] of tasks.entries())
    await ask(page, 'work.assign', {
      agent: 'counter',
      task,
      context: { to: index === 0 ? 4_000 : 2, delay_ms: 100 },
      station: index === 2 ? gpu?.id : forge?.id,
    });
  await ask(page, 'devices.manage', { op: 'revoke', device: edge?.id });
  await page.evaluate(() => {
    location.hash = '#/devices';
  });
  await page.getByRole('grid', { name: 'Devices' }).getByText('1 running, 1 done').waitFor();
  await shootAll(host, join(target, 'devices'));
  await page.getByRole('button', { name: 'forge', exact: true }).click();
  await page.getByRole('complementary', { name: 'Device forge' }).getByText('Fix flaky login test').waitFor();
  await shootAll(host, join(target, 'devices-detail'));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Invite a machine' }).click();
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByRole('img', { name: /^QR code/ }).waitFor();
  await shootAll(host, join(target, 'devices-invite'));
  await page.keyboard.press('Escape');
  await takeGuests(host, target);
}

async function takeGuests(host: RunningApp, target: string): Promise<void> {
  const page = host.window;
  await ask(page, 'guests.add', { org: 'design', name: 'Design team' });
  await ask(page, 'guests.add', { org: 'billing', name: 'Billing', limits: { connections: 8 } });
  await ask(page, 'guests.invite', { org: 'design', options: { role: 'admin' } });
  await goTo(page, '/hub/guests');
  await page.getByRole('button', { name: 'Design team', exact: true }).click();
  await page.getByRole('complementary').getByText('A link of atlas for one admin').waitFor();
  await shootAll(host, join(target, 'guests'));
  await goTo(page, '/devices');
}

async function takeJoining(host: RunningApp, guest: RunningApp, target: string): Promise<void> {
  await guest.window.getByRole('button', { name: 'Join as operator' }).waitFor();
  await shootAll(guest, join(target, 'join-link'));
  await guest.window.getByRole('button', { name: 'Join as operator' }).click();
  await guest.window.getByText('The host has to say yes').waitFor();
  await shootAll(guest, join(target, 'join-waiting'));
  await host.window.getByRole('dialog', { name: 'Let miras-macbook in?' }).waitFor();
  await shootAll(host, join(target, 'devices-waiting'));
  await host.window.getByRole('button', { name: 'Let it in' }).click();
  await guest.window.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await goTo(guest.window, '/settings');
  await guest.window.getByRole('button', { name: 'Make a new key' }).waitFor();
  await shootAll(guest, join(target, 'this-device'));
  await goTo(guest.window, '/devices');
  await guest.window.getByText('This machine does not see who has access').waitFor();
  await shootAll(guest, join(target, 'devices-not-shown'));
}

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((next) => {
    location.hash = next;
  }, `#${hash}`);
}

async function linkOf(host: RunningApp, options: object = {}): Promise<string> {
  const { link } = (await ask(host.window, 'devices.invite', options)) as { link: string };
  return link;
}

/** Calls main as the window does, and throws what it answers. */
async function ask(page: Page, name: string, input: unknown): Promise<unknown> {
  const answer = await page.evaluate(([call, value]) => globalThis.lattice.call(call as never, value), [
    name,
    input,
  ] as const);
  if ('error' in answer) throw new Error(`${name}: ${answer.error.message}`);
  return answer.ok;
}

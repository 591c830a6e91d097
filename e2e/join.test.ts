import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  expectNoLeak,
  findSecretsIn,
  findSecretsInText,
  rememberLink,
} from '../src-main/testing/find-secrets.ts';
import type { CallOutput } from '../src-shared/ipc.ts';
import { launchApp, type RunningApp } from './app.ts';
import { expectNoProcess } from './leftovers.ts';
import { type StationProcess, startStationProcess } from './station-process.ts';

const SOON = { timeout: 15_000, interval: 20 };
const cli = join(import.meta.dirname, '../out/cli/lattice.js');

let folder: string;
let app: RunningApp;
let guest: RunningApp | undefined;
let page: Page;
let forge: StationProcess | undefined;
let link = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-join-e2e-'));
  app = await launchApp({
    env: {
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_STATION_NAME: 'atlas',
      LATTICE_NAME: 'Forge team',
      LATTICE_PROJECT_DIR: join(folder, 'empty'),
    },
  });
  page = app.window;
});

afterAll(async () => {
  await forge?.kill();
  await guest?.close();
  await app.close();
  await expectNoProcess(folder);
  expectNoLeak(findSecretsIn(folder));
  await rm(folder, { recursive: true, force: true });
});

const devices = () =>
  page.evaluate(
    async () => (await globalThis.lattice.call('devices.list')) as { ok: CallOutput<'devices.list'> },
  );

async function run(home: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, LATTICE_HOME: home };
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], { env });
  return stdout;
}

async function makeLink(): Promise<string> {
  await page.getByRole('button', { name: 'Make a link' }).click();
  const text = page.getByRole('dialog').getByText(/^lattice:\/\/join#/);
  return rememberLink((await text.textContent()) ?? '');
}

describe('a team', { timeout: 120_000 }, () => {
  it('is loopback only until the host shares, and says so', async () => {
    await page.getByRole('button', { name: 'Host a lattice' }).click();
    await vi.waitFor(async () => expect(await run(app.home, 'doctor')).toContain('this machine only'), SOON);
    const { data } = JSON.parse(await run(app.home, 'doctor', '--json')) as {
      data: { checks: { ok: boolean; port?: number; addresses?: string[] }[] };
    };
    const ports = data.checks.filter((check) => check.port !== undefined);
    expect(ports.map(({ ok, addresses }) => ({ ok, addresses }))).toEqual([
      { ok: true, addresses: [] },
      { ok: true, addresses: [] },
    ]);
  });

  it('shares with one press and makes a link', async () => {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Hub' }).click();
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('button', { name: 'Open to my network' }).click();
    link = await makeLink();
    expect(link).toContain('n=Forge+team');
    expect(await run(app.home, 'doctor')).toContain('with TLS and a key or secret for everybody');
  });

  it('lets a machine without a screen in within seconds, and its agents run', async () => {
    const from = performance.now();
    forge = await startStationProcess({ home: join(folder, 'forge-home'), link, name: 'forge' });
    expect(performance.now() - from).toBeLessThan(10_000);
    const said = await run(
      app.home,
      'agent',
      'exec',
      'counter',
      'x',
      '--context',
      'to=2',
      '--station',
      'forge',
    );
    expect(said).toContain('Counted to 2');
    expect(await run(join(folder, 'forge-home'), 'stations')).toContain('atlas');
    const listed = await readFile(`/proc/${forge.pid}/cmdline`, 'utf8');
    expect(listed).toContain('lattice join');
    expectNoLeak(findSecretsInText('the arguments of lattice join', listed));
  });

  it('shows what diagnostics hold, and they hold no secret', async () => {
    await page.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('Control+K');
    await page.keyboard.type('Export diagnostics');
    await page.keyboard.press('Enter');
    const files = page.getByRole('dialog').getByRole('list', { name: 'Files' });
    await files.getByText('hub/hub.conf').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    const zip = join(folder, 'diagnostics.zip');
    await run(app.home, 'diagnostics', '--output', zip);
    const found = Object.entries(unzipSync(await readFile(zip)));
    expect(found.map(([name]) => name)).toContain('streams.json');
    expectNoLeak([
      ...findSecretsIn(app.home),
      ...found.flatMap(([name, bytes]) => findSecretsInText(name, strFromU8(bytes))),
    ]);
  });

  it('shows the device, without serious problems of access, in both themes', async () => {
    await page.getByRole('button', { name: 'Devices' }).click();
    await page.getByRole('grid', { name: 'Devices' }).getByText('forge').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      const serious = violations.filter((each) => each.impact === 'serious' || each.impact === 'critical');
      expect(serious.map((each) => `${each.id} ${each.nodes[0]?.html}`)).toEqual([]);
    }
  });

  it('takes access back with one click, and the machine is out within a second', async () => {
    await page.getByRole('button', { name: 'Change forge' }).click();
    await page.getByRole('menuitem', { name: 'Take access back' }).click();
    expect((await devices()).ok.devices[0]?.connected).toBe(true);
    const from = performance.now();
    await page.getByRole('dialog').getByRole('button', { name: 'Take access back' }).click();
    await vi.waitFor(async () => expect((await devices()).ok.devices[0]?.connected).toBe(false), SOON);
    expect(performance.now() - from).toBeLessThan(1_000);
    expect(await forge?.refusal()).toBe('The host does not let this station in any more.');
  });

  it('shows what a link does before anything happens, and joins when a person says so', async () => {
    await page.getByRole('button', { name: 'Invite a machine' }).first().click();
    const next = await makeLink();
    guest = await launchApp({
      args: [next],
      env: { LATTICE_STATION_NAME: 'laptop', LATTICE_PROJECT_DIR: join(folder, 'laptop') },
    });
    const window = guest.window;
    const offer = window.getByLabel('What this link does');
    await vi.waitFor(async () => expect(await offer.textContent()).toContain('Forge team'), SOON);
    expect(await offer.textContent()).toMatch(/Fingerprint: (\w{5}-){5}\w{5}/);
    expect((await devices()).ok.devices).toHaveLength(1);
    await window.getByRole('button', { name: 'Join as station' }).click();
    await vi.waitFor(
      async () =>
        expect((await devices()).ok.devices.find((one) => one.name === 'laptop')?.connected).toBe(true),
      SOON,
    );
    await window
      .getByRole('region', { name: 'Status' })
      .getByText(/2 of \d stations online/)
      .waitFor();
    expect(guest.errors).toEqual([]);
    expect(app.errors).toEqual([]);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import jsqr from 'jsqr';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CallOutput } from '../src-shared/ipc.ts';
import { launchApp, type RunningApp } from './app.ts';

const SOON = { timeout: 15_000, interval: 20 };
const WORDS = /(?:[a-z]{5}-){5}[a-z]{5}/;

let folder: string;
let host: RunningApp;
let guest: RunningApp;
let link = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-access-e2e-'));
  host = await launchApp({
    env: {
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_STATION_NAME: 'atlas',
      LATTICE_NAME: 'Forge team',
      LATTICE_PROJECT_DIR: join(folder, 'atlas'),
    },
  });
  host.window.setDefaultTimeout(20_000);
  await host.window.getByRole('button', { name: 'Host a lattice' }).click();
  await host.window.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Hub' }).click();
  await host.window.getByRole('button', { name: 'Share' }).click();
  await host.window.getByRole('button', { name: 'Open to my network' }).click();
}, 60_000);

afterAll(async () => {
  await guest?.close();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

async function devices(): Promise<CallOutput<'devices.list'>['devices']> {
  const answer = await host.window.evaluate(
    async () =>
      (await globalThis.lattice.call('devices.list', undefined)) as { ok: CallOutput<'devices.list'> },
  );
  return answer.ok.devices;
}

async function expectNoSerious(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    const serious = violations.filter((each) => each.impact === 'serious' || each.impact === 'critical');
    expect(serious.map((each) => `${each.id} ${each.nodes[0]?.html}`)).toEqual([]);
  }
}

/** What a camera reads from the QR code on the screen. */
async function scan({ electron, window: page }: RunningApp): Promise<string | undefined> {
  const png = await page.getByRole('img', { name: /^QR code/ }).screenshot();
  const { bitmap, width, height } = await electron.evaluate(({ nativeImage }, data) => {
    const image = nativeImage.createFromBuffer(Buffer.from(data, 'base64'));
    return { bitmap: image.toBitmap().toString('base64'), ...image.getSize() };
  }, png.toString('base64'));
  return jsqr(new Uint8ClampedArray(Buffer.from(bitmap, 'base64')), width, height)?.data;
}

/** Lets the machine of a window into a lattice by a link, as the window does. */
async function enter(page: Page, link: string): Promise<void> {
  const answer = await page.evaluate((text) => globalThis.lattice.call('join.enter', { link: text }), link);
  expect(answer).not.toHaveProperty('error');
}

const goTo = (page: Page, hash: string) =>
  page.evaluate((next) => {
    location.hash = next;
  }, `#${hash}`);

describe('access', { timeout: 90_000 }, () => {
  it('is offered as a link, as text and as a QR code that a camera reads in both themes', async () => {
    const page = host.window;
    await page.getByRole('switch', { name: 'Ask me before the device is in' }).click();
    await page.getByRole('button', { name: 'Make a link' }).click();
    link =
      (await page
        .getByRole('dialog')
        .getByText(/^lattice:\/\/join#/)
        .textContent()) ?? '';
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await scan(host)).toBe(link);
    }
    await expectNoSerious(page);
    await page.getByRole('button', { name: 'Close' }).click();
  });

  it('is not taken by a link that opens the window, nor by a stray Enter', async () => {
    guest = await launchApp({
      args: [link],
      env: { LATTICE_STATION_NAME: 'laptop', LATTICE_PROJECT_DIR: join(folder, 'laptop') },
    });
    const page = guest.window;
    page.setDefaultTimeout(20_000);
    const join_ = page.getByRole('button', { name: 'Join as station' });
    await join_.waitFor();
    expect(await join_.evaluate((button) => button === document.activeElement)).toBe(false);
    for (let times = 0; times < 3; times++) await page.keyboard.press('Enter');
    expect(await join_.isEnabled()).toBe(true);
    expect(await devices()).toEqual([]);
    const waiting = await host.window.getByRole('dialog').count();
    expect(waiting).toBe(0);
  });

  it('waits for the host, and both windows show the same words of the key', async () => {
    await guest.window.getByRole('button', { name: 'Join as station' }).click();
    const progress = guest.window.getByRole('status').filter({ hasText: 'The host has to say yes' });
    const shown = WORDS.exec((await progress.textContent()) ?? '')?.[0];
    expect(shown).toBeDefined();
    const dialog = host.window.getByRole('dialog', { name: 'Let laptop in?' });
    await vi.waitFor(async () => expect(await dialog.textContent()).toContain(shown), SOON);
    expect(await dialog.textContent()).toMatch(/Station\./);
    const later = dialog.getByRole('button', { name: 'Decide later' });
    await vi.waitFor(
      async () => expect(await later.evaluate((button) => button === document.activeElement)).toBe(true),
      SOON,
    );
    await host.window.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    expect(await devices()).toEqual([]);
    await goTo(host.window, '/devices');
    await host.window.getByRole('button', { name: 'Decide on laptop' }).click();
    await expectNoSerious(host.window);
    await dialog.getByRole('button', { name: 'Let it in' }).click();
    await vi.waitFor(async () => expect((await devices())[0]?.connected).toBe(true), SOON);
    expect((await devices())[0]).toMatchObject({ fingerprint: shown, invited: { by: 'atlas' } });
  });

  it('is looked at by keyboard alone', async () => {
    const page = host.window;
    const grid = page.getByRole('grid', { name: 'Devices' });
    await grid.getByText('laptop').waitFor();
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Device laptop' });
    await panel.waitFor();
    expect(await panel.textContent()).toMatch(/By atlas, with a link of/);
    await expectNoSerious(page);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
    expect(await grid.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('goes on with a new key from Settings', async () => {
    const page = guest.window;
    await goTo(page, '/settings');
    const section = page.getByRole('region', { name: 'This device' });
    const before = (await devices())[0]?.fingerprint ?? '';
    await section.getByText(before).waitFor();
    await expectNoSerious(page);
    await section.getByRole('button', { name: 'Make a new key' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make a new key' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    const after = (await devices())[0];
    expect(after).toMatchObject({ connected: true });
    expect(after?.fingerprint).not.toBe(before);
    await section.getByText(after?.fingerprint ?? '').waitFor();
  });

  it('lets an admin on another machine see and manage the devices, and tells others why not', async () => {
    const page = guest.window;
    await goTo(page, '/devices');
    await page.getByText('This machine does not see who has access').waitFor();
    await host.window.getByRole('button', { name: 'Change laptop' }).click();
    await host.window.getByRole('menuitem', { name: 'Change the role' }).click();
    await host.window.getByRole('dialog').getByRole('combobox', { name: 'Role' }).click();
    await host.window.getByRole('option', { name: 'Admin' }).click();
    await host.window.getByRole('dialog').getByRole('button', { name: 'Change the role' }).click();
    await host.window.getByRole('dialog').waitFor({ state: 'hidden' });
    await goTo(page, '/settings');
    await page.getByText('The host made it admin').waitFor();
    await page.getByRole('button', { name: 'Rejoin' }).click();
    await vi.waitFor(
      async () => expect(await page.getByText('The host made it admin').count()).toBe(0),
      SOON,
    );
    await goTo(page, '/devices');
    await page.getByRole('grid', { name: 'Devices' }).getByText('laptop').waitFor();
    await page.getByRole('button', { name: 'Invite a machine' }).click();
    await page.getByRole('button', { name: 'Make a link' }).click();
    await page.getByRole('img', { name: /^QR code/ }).waitFor();
    await page.keyboard.press('Escape');
    await host.window.getByText('A link of laptop for one station').waitFor();
    await page.getByRole('button', { name: 'Withdraw the link' }).click();
    await vi.waitFor(
      async () => expect(await host.window.getByText('A link of laptop for one station').count()).toBe(0),
      SOON,
    );
  });

  it('is given back, and the host hears it', async () => {
    const page = guest.window;
    await goTo(page, '/settings');
    await page.getByRole('button', { name: 'Give access back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Give access back' }).click();
    await page.getByText('No link let this device into a lattice.').waitFor();
    await vi.waitFor(async () => expect((await devices())[0]).toMatchObject({ left: true }), SOON);
    await host.window.getByRole('grid', { name: 'Devices' }).getByText('Left', { exact: true }).waitFor();
    expect(host.errors).toEqual([]);
    expect(guest.errors).toEqual([]);
  });

  it('is given on a guest lattice that the host adds, limits and removes, by keyboard too', async () => {
    const page = host.window;
    const dialog = page.getByRole('dialog');
    await goTo(page, '/hub');
    await page.getByRole('button', { name: 'Guests' }).click();
    await page.getByText('A guest lattice lets another team use this hub').waitFor();
    await expectNoSerious(page);
    await page.getByRole('button', { name: 'Add a lattice' }).click();
    await dialog.getByRole('textbox', { name: 'Storage' }).fill('1k');
    await dialog.getByText('Storage can be from 64 MiB to 1024 TiB.').waitFor();
    await dialog.getByRole('textbox', { name: 'Storage' }).fill('200m');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Design team');
    expect(await dialog.getByRole('textbox', { name: 'Org' }).inputValue()).toBe('design-team');
    await dialog.getByRole('textbox', { name: 'Org' }).fill('default');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').getByText('There is a lattice with the org default').waitFor();
    await expectNoSerious(page);
    await dialog.getByRole('textbox', { name: 'Org' }).fill('design');
    await page.keyboard.press('Enter');
    const first = page.getByRole('dialog', { name: 'Invite the first machine into Design team' });
    await first.getByRole('button', { name: 'Make a link' }).click();
    const link_ = (await first.getByText(/^lattice:\/\/join#/).textContent()) ?? '';
    await first.getByText('It lets one device in as admin').waitFor();
    await page.keyboard.press('Escape');
    await enter(guest.window, link_);

    const grid = page.getByRole('grid', { name: 'Guest lattices' });
    await grid.getByText('Design team').waitFor();
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Guest lattice Design team' });
    await panel.getByRole('listitem').filter({ hasText: 'laptop' }).getByText('Connected').waitFor();
    await expectNoSerious(page);
    await panel.getByRole('button', { name: 'Change', exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Connections' }).fill('9');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await panel.getByText(/^\d of 9$/).waitFor();
    await panel.getByRole('button', { name: 'Change laptop' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('laptop of mira');
    await dialog.getByRole('button', { name: 'Rename' }).click();
    await panel.getByText('laptop of mira').waitFor();

    await panel.getByRole('button', { name: 'Change Design team' }).click();
    await page.getByRole('menuitem', { name: 'Remove from this hub' }).click();
    await dialog.getByText('1 device loses its access at once.').waitFor();
    await expectNoSerious(page);
    const remove = dialog.getByRole('button', { name: 'Remove', exact: true });
    expect(await remove.getAttribute('aria-disabled')).toBe('true');
    await dialog.getByRole('textbox', { name: 'Write design to remove it' }).fill('design');
    await page.keyboard.press('Enter');
    const kept = page.getByRole('dialog', { name: 'Design team is off this hub' });
    await kept.getByRole('listitem').nth(1).waitFor();
    await kept.getByRole('button', { name: 'Close' }).click();
    await page.getByText('No guest lattices yet').waitFor();
    expect(host.errors).toEqual([]);
  });
});

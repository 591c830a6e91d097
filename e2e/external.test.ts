import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expectNoLeak, findSecretsIn, makeSecret } from '../src-main/testing/find-secrets.ts';
import { startNatsServer, type TestServer } from '../src-main/testing/nats-server.ts';
import type { HubCheck } from '../src-shared/views/hub-check.ts';
import { launchApp, type RunningApp } from './app.ts';
import { expectNoProcess } from './leftovers.ts';

const SOON = { timeout: 15_000, interval: 20 };
const SECRET = makeSecret();
const cli = join(import.meta.dirname, '../out/cli/lattice.js');

let folder: string;
let server: TestServer;
let env: Record<string, string>;
let app: RunningApp;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-external-e2e-'));
  const deny = 'permissions: { publish: { deny: "$JS.API.*.*.LATTICE_default_QUEUE" } }';
  server = await startNatsServer({
    config: `authorization { users: [{ user: ann, password: "${SECRET}", ${deny} }] }`,
  });
  const contexts = join(folder, 'config', 'nats', 'context');
  await mkdir(contexts, { recursive: true });
  const team = { url: `nats://127.0.0.1:1,${server.url}`, user: 'ann', password: SECRET };
  await writeFile(join(contexts, 'team.json'), JSON.stringify(team));
  await writeFile(join(contexts, 'proxied.json'), JSON.stringify({ socks_proxy: 'socks5://x' }));
  env = { XDG_CONFIG_HOME: join(folder, 'config'), LATTICE_PROJECT_DIR: join(folder, 'project') };
  app = await launchApp({ env });
  page = app.window;
});

afterAll(async () => {
  await app.close();
  await server[Symbol.asyncDispose]();
  await expectNoProcess(folder);
  expectNoLeak(findSecretsIn(folder));
  await rm(folder, { recursive: true, force: true });
});

/** Runs the built command line; gives its exit code and all that it said. */
async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const home = join(folder, 'cli');
  try {
    const running = promisify(execFile)(process.execPath, [cli, ...args], {
      env: { ...process.env, ...env, LATTICE_HOME: home },
    });
    running.child.stdin?.end();
    const { stdout, stderr } = await running;
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const failed = error as { code: number; stdout: string; stderr: string };
    return { code: failed.code, text: failed.stdout + failed.stderr };
  }
}

/** In a low window title and buttons of the check stay, and the keyboard scrolls what was found between them. */
async function expectOnlyTheListScrolls(): Promise<void> {
  await page.setViewportSize({ width: 1024, height: 480 });
  const dialog = page.getByRole('dialog', { name: 'What this hub allows' });
  const found = dialog.getByRole('region', { name: 'What was found' });
  const heights = () => found.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
  await vi.waitFor(async () => expect(await heights()).toBeGreaterThan(0), SOON);
  for (const part of [
    dialog.getByRole('heading', { name: 'What this hub allows' }),
    dialog.getByRole('button', { name: 'Close' }),
  ]) {
    const box = await part.boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(480);
  }
  await vi.waitFor(async () => expect(await found.getAttribute('tabindex')).toBe('0'), SOON);
  await found.focus();
  await page.keyboard.press('End');
  await vi.waitFor(
    async () => expect(await found.evaluate((element) => element.scrollTop)).toBeGreaterThan(0),
    SOON,
  );
  await page.setViewportSize({ width: 1280, height: 800 });
}

describe('a hub that somebody else runs', { timeout: 120_000 }, () => {
  it('is found by the command line through a context, and checked', async () => {
    const contexts = await run('contexts');
    expect(contexts.text).toContain('socks_proxy is not supported');
    const checked = await run('hub', 'check', '--context', 'team', '--json');
    expect(checked.code).toBe(1);
    const { data } = JSON.parse(checked.text) as { data: HubCheck & { usable: boolean } };
    expect(data.usable).toBe(true);
    expect(data.features.filter(({ state }) => state === 'off').map(({ id }) => id)).toEqual(['work']);
    const words = await run('hub', 'check', '--context', 'team');
    expect(words.text).toContain('off     Durable work. No work can be given');
    expect(words.text).toContain('missing  publish $JS.API.STREAM.INFO.LATTICE_default_QUEUE');
    const proxied = await run('hub', 'check', '--context', 'proxied');
    expect(proxied).toMatchObject({ code: 1, text: expect.stringContaining('cannot be used here') });
    expect((await run('hub', 'check', '--context', '../x')).text).toContain('This is no name of a context');
    const block = await run('hub', 'permissions', '--id', 'forge', '--create');
    expect(block.text).toContain('"$JS.API.STREAM.CREATE.LATTICE_default_QUEUE"');
    expect((await run('hub', 'permissions', '--id', 'forge', '--format', 'nsc')).text).toContain('nsc edit');
    expect((await run('join')).text).toContain('lattice://join');
    expect((await run('join', '-', '--context', 'team')).text).toContain(
      'by a link or by a context, not by both',
    );
    expect(contexts.text + checked.text + words.text).not.toContain(SECRET);
  });

  it('is checked in the window before anything happens', async () => {
    const section = page.getByRole('region', { name: 'Contexts of nats' });
    await section.getByRole('combobox', { name: 'Context' }).click();
    await page.getByRole('option', { name: 'proxied' }).click();
    await section
      .getByRole('alert')
      .getByText(/socks_proxy is not supported/)
      .waitFor();
    await section.getByRole('combobox', { name: 'Context' }).click();
    await page.getByRole('option', { name: 'team' }).click();
    await section.getByRole('button', { name: 'Check' }).click();
    const dialog = page.getByRole('dialog', { name: 'What this hub allows' });
    const work = dialog.getByRole('listitem').filter({ hasText: 'Durable work' });
    await work.getByText('Off').waitFor();
    expect(await work.textContent()).toContain('publish $JS.API.STREAM.INFO.LATTICE_default_QUEUE');
    expect(await dialog.textContent()).not.toContain(SECRET);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page })
        .include('[role=dialog]')
        .setLegacyMode(true)
        .analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      const shots = process.env.LATTICE_SHOTS;
      if (shots) await page.screenshot({ path: join(shots, `hub-check-${colorScheme}.png`) });
    }
    await expectOnlyTheListScrolls();
    await dialog.getByRole('button', { name: 'Close' }).click();
  });

  it('is joined by its context without what it refuses, and checked again from the hub view', async () => {
    await page.getByRole('button', { name: 'Join team' }).click();
    await vi.waitFor(async () => {
      const view = await page.evaluate(() => document.body.textContent);
      expect(view).toContain('Stations');
    }, SOON);
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Hub' }).click();
    await page.getByText('The hub runs elsewhere').waitFor();
    await page.getByRole('button', { name: 'Check' }).click();
    const dialog = page.getByRole('dialog', { name: 'What this hub allows' });
    await dialog
      .getByRole('listitem')
      .filter({ hasText: 'Registry of stations' })
      .getByText('Works')
      .waitFor();
    await dialog.getByRole('listitem').filter({ hasText: 'Durable work' }).getByText('Off').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Leave this lattice' }).click();
    expect(app.errors).toEqual([]);
    expect(app.stderr()).not.toContain(SECRET);
  });
});

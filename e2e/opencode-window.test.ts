import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { UsageLog } from '../src-main/routing/usage-log.ts';
import type { ScriptedReply } from '../src-main/testing/model-provider.ts';
import { dayOf, type UsageEntry } from '../src-shared/routing/usage.ts';
import { dollars } from '../src-shared/views/activity-words.ts';
import { createHome, launchApp, type RunningApp, removeHome } from './app.ts';
import { type CodingProject, costOf, openCodingProject, PATTERN, SECRETS } from './coding-project.ts';
import { findProcesses } from './leftovers.ts';

const opencode = process.env.LATTICE_OPENCODE ?? '';
/** OpenCode takes seconds to start on a busy machine. */
const SOON = { timeout: 60_000, interval: 50 };

describe.runIf(opencode !== '')('OpenCode from the window', () => {
  let coding: CodingProject;
  let home: string;
  let app: RunningApp;
  let page: Page;

  beforeAll(async () => {
    coding = await openCodingProject({ runtime: 'opencode', format: 'chat' });
    home = await createHome();
    app = await launchApp({
      home,
      env: {
        ...SECRETS,
        HOME: coding.folder,
        PATH: `${dirname(opencode)}:${process.env.PATH}`,
        LATTICE_PORT: '0',
        LATTICE_HTTP_PORT: '0',
        LATTICE_STATION_NAME: 'atlas',
        LATTICE_PROJECT_DIR: coding.dir,
      },
    });
    page = app.window;
    page.setDefaultTimeout(SOON.timeout);
    await page.getByRole('button', { name: 'Host a lattice' }).click();
    await page.getByText('1 of 1 stations online').waitFor();
  });
  afterAll(async () => {
    await app?.close();
    await removeHome(home);
    await coding[Symbol.asyncDispose]();
  });

  const detail = (): Locator => page.getByRole('region', { name: 'Work in detail' });
  const stream = (): Locator => detail().getByRole('log', { name: 'Activity' });
  const question = (): Locator => detail().getByRole('region', { name: 'Question' });
  const write = (name: string, content: string): ScriptedReply => ({
    toolCalls: [{ name: 'write', arguments: { filePath: join(coding.dir, name), content } }],
    stop: 'tool',
  });

  /** Gives work as a person does, and opens what the agent does. */
  async function give(task: string, replies: readonly ScriptedReply[]): Promise<void> {
    coding.answer(replies);
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Work' }).click();
    await page.getByRole('main').getByRole('button', { name: 'Give work' }).first().click();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('textbox', { name: 'Task' }).fill(task);
    await sheet.getByRole('combobox', { name: 'Agent' }).click();
    await page.getByRole('option', { name: 'coder' }).click();
    await sheet.getByRole('button', { name: 'Give work' }).click();
    await detail().getByRole('heading', { level: 2, name: task }).waitFor();
    await detail().getByRole('tab', { name: 'Activity' }).click();
  }

  async function ends(word: string): Promise<void> {
    await vi.waitFor(async () => expect(await detail().textContent()).toContain(word), SOON);
  }

  const runtimes = () =>
    findProcesses(coding.folder).filter(({ command }) => command.includes('opencode acp'));

  function bill(): UsageEntry[] {
    const log = new UsageLog({
      dir: join(home, 'data/usage'),
      onProblem: (problem) => {
        throw problem;
      },
    });
    return log.entries(dayOf(Date.now()));
  }

  it('edits a file once a person clicked "Allow once", and shows the change and what it cost', async () => {
    await give('Write two', [write('made.txt', 'two'), { text: 'Written.' }]);
    await question().getByText('made.txt').first().waitFor();
    expect(existsSync(join(coding.dir, 'made.txt'))).toBe(false);
    await question().getByRole('button', { name: 'Allow once' }).click();
    await ends('Completed');
    expect((await readFile(join(coding.dir, 'made.txt'), 'utf8')).trim()).toBe('two');
    await stream()
      .getByRole('button', { name: /made\.txt/ })
      .waitFor();
    await stream().getByText('+1', { exact: true }).first().waitFor();
    await stream().getByText('Written.', { exact: true }).waitFor();
    const calls = stream().getByRole('button', { name: /(alpha\/big|beta\/small).*\$0\.\d+/ });
    await vi.waitFor(async () => expect(await calls.count()).toBeGreaterThanOrEqual(2), SOON);
    const sum = bill().reduce((usd, entry) => usd + (entry.usd ?? 0), 0);
    await detail()
      .getByText(`about ${dollars(sum)}`, { exact: true })
      .waitFor();
  });

  it('leaves a file alone when a person denied the edit', async () => {
    await give('Write three', [write('never.txt', 'three'), { text: 'It was denied.' }]);
    await question().getByRole('button', { name: 'Deny' }).click();
    await ends('Completed');
    await stream()
      .getByRole('button', { name: /^write.*Refused$/ })
      .waitFor();
    await stream().getByText('"three"').waitFor();
    expect(existsSync(join(coding.dir, 'never.txt'))).toBe(false);
  });

  it('stops when a person cancels it, with every process of it', async () => {
    await give('Wait', [{ text: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], pieceMs: 2_000 }]);
    await stream().getByText(/^ab/).waitFor();
    expect(runtimes()).not.toEqual([]);
    await detail().getByRole('button', { name: 'Cancel' }).click();
    // Work that ran for 10 s is not cancelled without a question.
    const sure = page.getByRole('button', { name: 'Cancel work' });
    await sure.or(detail().getByText('Cancelled')).first().waitFor();
    if (await sure.isVisible()) await sure.click();
    await ends('Cancelled');
    await vi.waitFor(() => expect(runtimes()).toEqual([]), SOON);
  });

  it('was routed by the exact pattern, and the bill adds up to the cent', () => {
    const entries = bill();
    expect(entries.length).toBeGreaterThanOrEqual(coding.requests().length);
    expect(entries.map(({ model }) => model)).toEqual(
      entries.map((_, index) => PATTERN[index % PATTERN.length]),
    );
    for (const entry of entries) expect(entry.usd).toBeCloseTo(costOf(entry), 6);
    expect(app.errors).toEqual([]);
  });
});

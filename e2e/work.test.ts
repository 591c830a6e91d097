import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WorkDetail } from '../src-shared/views/work-detail.ts';
import { launchApp, type RunningApp } from './app.ts';
import { expectNoProcess } from './leftovers.ts';
import { nodeViewOf } from './node-view.ts';
import { type StationProcess, startStationProcess } from './station-process.ts';
import { projectWith } from './work-project.ts';

const SOON = { timeout: 15_000, interval: 50 };
/** How long a cancelled process tree may live on. */
const CANCEL_DEADLINE_MS = 6_000;

let app: RunningApp;
let page: Page;
let folder: string;
let forge: StationProcess;
const others: StationProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-work-'));
  app = await launchApp({
    env: {
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_STATION_NAME: 'atlas',
      LATTICE_PROJECT_DIR: join(folder, 'empty'),
    },
  });
  page = app.window;
  await page.getByRole('button', { name: 'Host a lattice' }).click();
  await see(page.getByRole('region', { name: 'Status' }), /1 of 1 stations online/);
  forge = await startForge();
  await see(page.getByRole('region', { name: 'Status' }), /2 of 2 stations online/);
});

afterAll(async () => {
  for (const station of [forge, ...others]) await station?.kill();
  await app.close();
  await expectNoProcess(folder);
  await rm(folder, { recursive: true, force: true });
});

const nodeView = () => nodeViewOf(page);

function recordOf(id: string): Promise<WorkDetail['record']> {
  return page.evaluate(
    (id) =>
      new Promise<WorkDetail['record']>((resolve, reject) => {
        const end = globalThis.lattice.subscribe('work.watch', { id }, (message) => {
          if (message.kind === 'error') reject(new Error(message.error.message));
          const items = message.kind === 'snapshot' ? message.items : [];
          const [detail] = (message.kind === 'delta' ? message.upserts : items) as WorkDetail[];
          if (detail === undefined) return;
          end();
          resolve(detail.record);
        });
      }),
    id,
  );
}

async function startForge(): Promise<StationProcess> {
  return startStationProcess({
    home: join(folder, 'forge-home'),
    url: (await nodeView()).hub?.url ?? '',
    name: 'forge',
    slots: 4,
    files: projectWith('asker', 'sleeper', 'waiter'),
  });
}

const detail = (): Locator => page.getByRole('region', { name: 'Work in detail' });
const tab = (name: string): Locator => detail().getByRole('tab', { name });
const output = (): Locator => detail().getByRole('log', { name: 'Output' });
const shownWork = (): string => page.url().split('/').at(-1) ?? '';

async function see(locator: Locator, text: string | RegExp, timeout = SOON.timeout): Promise<void> {
  await vi.waitFor(async () => expect(await locator.textContent({ timeout })).toMatch(text), {
    ...SOON,
    timeout,
  });
}

/** Gives work with the sheet and waits for its detail; returns its id. */
async function give(agent: string, task: string): Promise<string> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Work' }).click();
  await page.getByRole('main').getByRole('button', { name: 'Give work' }).first().click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('textbox', { name: 'Task' }).fill(task);
  await sheet.getByRole('combobox', { name: 'Agent' }).click();
  await page.getByRole('option', { name: agent }).click();
  await sheet.getByRole('button', { name: 'Give work' }).click();
  return showsTask(task);
}

async function showsTask(task: string): Promise<string> {
  await detail().getByRole('heading', { level: 2, name: task }).waitFor({ timeout: SOON.timeout });
  return shownWork();
}

/** Whether the sleeper began with a work. */
function began(workId: string): boolean {
  return existsSync(join(folder, 'forge-home/forge', `began-${workId}`));
}

async function openHistory(): Promise<Locator> {
  await tab('History').click();
  return detail().getByRole('tabpanel');
}

function openWork(task: string): Promise<void> {
  return page.getByRole('grid', { name: 'Works' }).getByText(task, { exact: true }).click();
}

/** Whether a process runs; one that ended and was not collected yet has no program any more. */
function runs(pid: number): boolean {
  return existsSync(`/proc/${pid}/exe`);
}

describe('work from the window', { timeout: 120_000 }, () => {
  let painted: string;
  let queued: string;
  let sleptSince: number;

  it('is given, shows its output from the first byte, and asks', async () => {
    painted = await give('asker', 'Paint the door');
    await see(output(), /First of all: Paint the door/);
    await see(detail(), /Asks you/);
    await see(detail().getByRole('region', { name: 'Question' }), /Which colour\?/);
  });

  it('goes on with the answer of a person and is completed with its result', async () => {
    await detail().getByRole('region', { name: 'Question' }).getByRole('button', { name: 'Blue' }).click();
    await see(detail(), /Completed/);
    await see(output(), /First of all: Paint the door.*Painting it Blue/s);
    await tab('Result').click();
    await see(detail().getByRole('tabpanel'), /Painted Blue/);
    await see(await openHistory(), /Assigned by atlas.*forge started attempt 1.*atlas answered: Blue/s);
  });

  it('becomes new work when it is run again with edits', async () => {
    await detail().getByRole('button', { name: 'Rerun with edits' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('textbox', { name: 'Task' }).fill('Paint the gate');
    await sheet.getByRole('button', { name: 'Rerun' }).click();
    expect(await showsTask('Paint the gate')).not.toBe(painted);
    await detail().getByRole('region', { name: 'Question' }).getByRole('button', { name: 'Red' }).click();
    await see(detail(), /Completed/);
    await openWork('Paint the door');
    expect(await showsTask('Paint the door')).toBe(painted);
    await tab('Result').click();
    await see(detail().getByRole('tabpanel'), /Painted Blue/);
  });

  it('is without a limit when an edit empties the field of it', async () => {
    const made = await page.evaluate(async () => {
      const { call } = globalThis.lattice;
      const order = { task: 'Wait for nobody', agent: 'nobody', station: 'nowhere', timeout_ms: 60_000 };
      const given = await call('work.assign', order);
      if (!('ok' in given)) return [given];
      const { id } = given.ok as { id: string };
      const again = await call('work.rerun', { id, edits: { ...order, timeout_ms: undefined } });
      return [given, again];
    });
    const limits: unknown[] = [];
    for (const answer of made) {
      const { id } = (answer as { ok: { id: string } }).ok;
      // The board of works follows the log by a few milliseconds.
      limits.push((await vi.waitFor(() => recordOf(id), SOON)).timeout_ms);
      await page.evaluate((id) => globalThis.lattice.call('work.cancel', { id, reason: 'Seen' }), id);
    }
    expect(limits).toEqual([60_000, undefined]);
  });

  it('never starts when it is cancelled in the queue', async () => {
    const running = await give('sleeper', 'Sleep first');
    await see(output(), /Processes \d+ \d+/);
    sleptSince = Date.now();
    queued = await give('sleeper', 'Sleep second');
    await see(detail(), /Queued/);
    await detail().getByRole('button', { name: 'Cancel' }).click();
    await see(detail(), /Cancelled/);
    await see(output(), /It never started/);
    expect([began(running), began(queued)]).toEqual([true, false]);
  });

  it('ends with its whole process tree within 6 s when it is cancelled, and says who and why', async () => {
    await openWork('Sleep first');
    await showsTask('Sleep first');
    await see(output(), /Processes \d+ \d+/);
    const pids =
      (await output().textContent())
        ?.match(/Processes (\d+) (\d+)/)
        ?.slice(1)
        .map(Number) ?? [];
    expect(pids.filter(runs)).toHaveLength(2);
    // Work that ran for 10 s is not cancelled without a question, and that is where the reason is typed.
    await vi.waitFor(() => expect(Date.now() - sleptSince).toBeGreaterThan(10_500), SOON);
    await detail().getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('It sleeps too long');
    const asked = performance.now();
    await page.getByRole('button', { name: 'Cancel work' }).click();
    await vi.waitFor(() => expect(pids.filter(runs)).toEqual([]), SOON);
    expect(performance.now() - asked).toBeLessThan(CANCEL_DEADLINE_MS);
    await see(detail(), /Cancelled/);
    await see(await openHistory(), /\d:\d\d.*atlas asked to cancel it: It sleeps too long/s);
    expect(began(queued)).toBe(false);
  });

  it('waits as unplaceable with the reason until a station that offers its agent joins', async () => {
    const made = await page.evaluate(() =>
      globalThis.lattice.call('work.assign', { task: 'Come late', agent: 'latecomer' }),
    );
    expect(made).toHaveProperty('ok.id');
    await openWork('Come late');
    await showsTask('Come late');
    await see(detail(), /Unplaceable/);
    await see(detail().getByRole('region', { name: 'Unplaceable' }), /latecomer/);
    others.push(
      await startStationProcess({
        home: join(folder, 'anvil-home'),
        url: (await nodeView()).hub?.url ?? '',
        name: 'anvil',
        files: projectWith('latecomer'),
      }),
    );
    await detail().getByRole('region', { name: 'Question' }).getByRole('button', { name: 'Red' }).click();
    await see(detail(), /Completed/);
    await see(await openHistory(), /Assigned by atlas.*anvil started attempt 1/s);
  });

  it('goes on in a second attempt when its station was killed and came back', async () => {
    await give('waiter', 'Wait for it');
    await see(output(), /Waiting in attempt 1/);
    await forge.kill();
    forge = await startForge();
    await see(output(), /Waiting in attempt 2/, 45_000);
    await writeFile(join(folder, 'forge-home/forge/go'), '');
    await see(detail(), /Completed/);
    await tab('Result').click();
    await see(detail().getByRole('tabpanel'), /Went in attempt 2/);
  });

  it('tells a person outside the window, once, and opens the work from there', async () => {
    await app.electron.evaluate(({ BrowserWindow, Notification }) => {
      const shown: Electron.Notification[] = [];
      Object.assign(globalThis, { shownNotifications: shown });
      Notification.isSupported = () => true;
      Notification.prototype.show = function show(this: Electron.Notification) {
        shown.push(this);
      };
      BrowserWindow.getAllWindows()[0]?.hide();
    });
    const titles = () =>
      app.electron.evaluate(() =>
        (Reflect.get(globalThis, 'shownNotifications') as Electron.Notification[]).map(({ title }) => title),
      );
    await page.evaluate(() =>
      globalThis.lattice.call('work.assign', { task: 'Paint the fence', agent: 'asker' }),
    );
    await vi.waitFor(async () => expect(await titles()).toEqual(['Asks you: Paint the fence']), SOON);
    await app.electron.evaluate(() => {
      const [first] = Reflect.get(globalThis, 'shownNotifications') as Electron.Notification[];
      first?.emit('click');
    });
    await showsTask('Paint the fence');
    expect(
      await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()),
    ).toBe(true);
    await detail().getByRole('region', { name: 'Question' }).getByRole('button', { name: 'Red' }).click();
    await see(detail(), /Completed/);
    expect(await titles()).toHaveLength(1);
  });

  it('said nothing wrong to the console', () => {
    expect(app.errors).toEqual([]);
  });
});

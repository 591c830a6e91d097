import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CallAnswer } from '../src-shared/ipc.ts';
import { readJoinLink, writeJoinLink } from '../src-shared/join-link.ts';
import { malformed, text } from '../src-shared/testing/malformed-links.ts';
import { launchApp, type RunningApp } from './app.ts';
import { expectNoProcess } from './leftovers.ts';
import { nodeViewOf } from './node-view.ts';
import { type StationProcess, startStationProcess } from './station-process.ts';
import { lattice, latticeData, type Machine } from './two-machines.ts';

const SOON = { timeout: 15_000, interval: 20 };
const REFUSED = /This join link (cannot be used: it|is of a newer version)/;

/** One of each kind, for what costs a process or a look at the screen each. */
const SAMPLES = [
  text.replace('join#', 'join@evil.example#'),
  encodeURIComponent(text).replace('lattice%3A', 'lattice:'),
  text.slice(0, 120),
  `${text}&c=1`,
  `${text}${'x'.repeat(4_000)}`,
  text.replace('v=1', 'v=2'),
];

let folder: string;
let app: RunningApp;
let host: StationProcess;
let atlas: Machine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-links-'));
  atlas = { home: join(folder, 'atlas-home') };
  [host, app] = await Promise.all([
    startStationProcess({ ...atlas, name: 'atlas' }),
    launchApp({ env: { LATTICE_STATION_NAME: 'laptop', LATTICE_PROJECT_DIR: join(folder, 'laptop') } }),
  ]);
});

afterAll(async () => {
  await app.close();
  await host.stop();
  await expectNoProcess(folder);
  await rm(folder, { recursive: true, force: true });
});

const invite = async () => (await latticeData<{ link: string }>(atlas, 'invite')).link;
const devices = async () =>
  (await latticeData<{ devices: { name: string }[] }>(atlas, 'devices')).devices.map(({ name }) => name);
const field = (): Locator => app.window.getByRole('textbox', { name: 'Address of the hub' });
const card = (): Locator => app.window.getByRole('main');

async function expectNobodyIn(): Promise<void> {
  expect(await devices()).toEqual([]);
  expect((await nodeViewOf(app.window)).mode).toBe('idle');
}

/** Presses join for a link in the window and waits for what it says. */
async function expectRefusal(link: string, words: RegExp): Promise<void> {
  await field().fill(link);
  await app.window.getByRole('button', { name: 'Join as station' }).click();
  await vi.waitFor(async () => expect(await card().textContent()).toMatch(words), SOON);
}

describe('a link that is none', { timeout: 60_000 }, () => {
  it('is refused by the app in more than 200 shapes, by the one call that reads and the one that joins', async () => {
    const answers = await app.window.evaluate(async (links) => {
      const calls = links.flatMap((link) =>
        ['join.read', 'join.enter'].map((name) => globalThis.lattice.call(name, { link })),
      );
      return Promise.all(calls);
    }, malformed);
    const messages = answers.map((answer: CallAnswer<unknown>) =>
      'error' in answer ? answer.error.message : '',
    );
    expect(messages.length).toBeGreaterThan(400);
    expect(messages.filter((message) => !REFUSED.test(message))).toEqual([]);
    await expectNobodyIn();
  });

  it('is refused with words where it was pasted', async () => {
    for (const link of SAMPLES) {
      await field().fill(link);
      await vi.waitFor(async () => expect(await card().textContent()).toMatch(REFUSED), SOON);
      expect(await app.window.getByRole('button', { name: 'Join as station' }).count()).toBe(0);
    }
    await field().fill('');
    expect(app.errors).toEqual([]);
  });

  it('is refused by the command line, which does not repeat it', async () => {
    for (const link of SAMPLES) {
      const said = await startStationProcess({ home: join(folder, 'none'), name: 'none', link }).catch(
        String,
      );
      expect(said).toMatch(REFUSED);
      expect(said).not.toContain('c'.repeat(27));
    }
    await expectNobodyIn();
  });
});

describe('a link that should not work', { timeout: 60_000 }, () => {
  it('says in the window that it is of another hub, or cannot be proven', async () => {
    const link = readJoinLink(await invite());
    await expectRefusal(
      writeJoinLink({ ...link, pin: 'A'.repeat(43) }),
      /is not the one that this link is for/,
    );
    await expectRefusal(writeJoinLink({ ...link, code: 'A'.repeat(27) }), /does not know this link any more/);
    await expectNobodyIn();
  });

  it('lets exactly one of two in that race for it, and tells the other, and everybody later', async () => {
    const link = await invite();
    const race = await Promise.allSettled(
      ['left', 'right'].map((name) => startStationProcess({ home: join(folder, name), name, link })),
    );
    const stations = race.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refusals = race.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    try {
      expect(stations).toHaveLength(1);
      expect(refusals).toEqual([expect.stringContaining('This link was used already')]);
      expect(await devices()).toHaveLength(1);
      await expectRefusal(link, /This link was used already; each lets one device in/);
      expect((await nodeViewOf(app.window)).mode).toBe('idle');
      expect(await lattice(atlas, 'stations')).not.toContain('laptop');
    } finally {
      for (const station of stations) await station.stop();
    }
  });
});

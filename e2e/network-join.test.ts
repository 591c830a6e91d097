import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readJoinLink } from '../src-shared/join-link.ts';
import { expectNoProcess } from './leftovers.ts';
import { makeNetworkPair, type NetworkPair } from './network.ts';
import { launchAppIn, type NetworkApp } from './network-app.ts';
import { nodeViewOf } from './node-view.ts';
import {
  expectTakenOver,
  lattice,
  listeningPorts,
  type Machine,
  workOfForge,
  writeProject,
} from './two-machines.ts';
import { projectWith } from './work-project.ts';

const SOON = { timeout: 15_000, interval: 20 };
/** After the last heartbeat, of which there is one each ten seconds. */
const LATE_MS = 15_000;
const OFFLINE_MS = 30_000;
/** What a busy machine may add. */
const GRACE_MS = 8_000;

let folder: string;
let pair: NetworkPair;
let host: NetworkApp;
let guest: NetworkApp;
let atlas: Required<Machine>;
let forge: Required<Machine>;
let hubPort = 0;
let link = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-network-'));
  pair = await makeNetworkPair();
  atlas = { network: pair.left, home: join(folder, 'atlas-home') };
  forge = { network: pair.right, home: join(folder, 'forge-home') };
  const files = projectWith('herald', 'waiter');
  [host, guest] = await Promise.all([
    launch(atlas, 'atlas', await writeProject(join(folder, 'atlas'), projectWith('waiter'))),
    launch(forge, 'forge', await writeProject(join(folder, 'forge'), files)),
  ]);
});

afterAll(async () => {
  await guest?.close();
  await host?.close();
  await pair[Symbol.asyncDispose]();
  await expectNoProcess(folder);
  await rm(folder, { recursive: true, force: true });
});

function launch({ network, home }: Required<Machine>, name: string, project: string): Promise<NetworkApp> {
  const env = { LATTICE_STATION_NAME: name, LATTICE_NAME: 'Forge team', LATTICE_PROJECT_DIR: project };
  return launchAppIn(network, { home, env });
}

const place = (name: string): Locator =>
  host.window.getByRole('navigation', { name: 'Views' }).getByRole('link', { name });

/** Resolves with the time at which a window hears that its connection is not there any more. */
function heardLost(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const end = globalThis.lattice.subscribe('node.watch', undefined, (message) => {
          if (message.kind !== 'delta') return;
          const [node] = message.upserts as { connection: { state: string } }[];
          if (node === undefined || node.connection.state === 'connected') return;
          end();
          resolve(Date.now());
        });
      }),
  );
}

const status = (page: Page) => page.getByRole('region', { name: 'Status' });

describe('two apps on two machines', { timeout: 90_000 }, () => {
  it('cannot reach each other before one shares, and doctor says so', async () => {
    await host.window.getByRole('button', { name: 'Host a lattice' }).click();
    await status(host.window)
      .getByText(/1 of 1 stations online/)
      .waitFor();
    hubPort = (await nodeViewOf(host.window)).hub?.port ?? 0;
    expect(await listeningPorts(pair.left, 'itself')).toContain(hubPort);
    expect(await listeningPorts(pair.left, 'everybody')).toEqual([]);
    expect(await listeningPorts(pair.right, 'everybody')).toEqual([]);
    expect(await pair.right.scan(pair.left.addresses[0] ?? '')).toEqual([]);
    const said = await lattice(atlas, 'doctor');
    expect(said).toContain(`Hub on port ${hubPort}: this machine only`);
    expect(said).toContain('Nobody on your network can.');
  });

  it('share the port of the hub and nothing else', async () => {
    await place('Hub').click();
    await host.window.getByRole('button', { name: 'Share' }).click();
    await host.window.getByRole('button', { name: 'Open to my network' }).click();
    await host.window.getByRole('button', { name: 'Make a link' }).click();
    link =
      (await host.window
        .getByRole('dialog')
        .getByText(/^lattice:\/\/join#/)
        .textContent()) ?? '';
    const [first, ...others] = pair.left.addresses;
    expect(readJoinLink(link).hosts).toEqual([
      `${first}:${hubPort}`,
      ...others.map((address) => `[${address}]:${hubPort}`),
    ]);
    await host.window.getByRole('button', { name: 'Close' }).click();
    expect(await listeningPorts(pair.left, 'everybody')).toEqual([hubPort]);
    expect(await pair.right.scan(pair.left.addresses.at(-1) ?? '')).toEqual([hubPort]);
    expect(await lattice(atlas, 'doctor')).toContain(
      `open to your network at ${pair.left.addresses.join(', ')}, with TLS and a key`,
    );
  });

  it('are one lattice within ten seconds of a press', async () => {
    const field = guest.window.getByRole('textbox', { name: 'Address of the hub' });
    await field.fill(link);
    await field.press('Enter');
    const offer = guest.window.getByLabel('What this link does');
    await vi.waitFor(async () => expect(await offer.textContent()).toContain('Forge team'), SOON);
    await place('Agents').click();
    const from = performance.now();
    await guest.window.getByRole('button', { name: 'Join as station' }).click();
    await host.window.getByRole('main').getByText('herald', { exact: true }).first().waitFor();
    const joinedMs = performance.now() - from;
    console.info(`From the press to its agents on the other screen: ${Math.round(joinedMs)} ms`);
    expect(joinedMs).toBeLessThan(10_000);
    await status(guest.window)
      .getByText(/2 of 2 stations online/)
      .waitFor();
    expect(await listeningPorts(pair.right, 'everybody')).toEqual([]);
  });

  it('run the agents of each other', async () => {
    expect(await lattice(atlas, 'agent', 'exec', 'herald', 'x')).toContain(
      `Greetings from ${join(folder, 'forge')}`,
    );
    const said = await lattice(atlas, 'work', 'assign', 'herald', 'Say hello', '--wait');
    expect(said).toContain(`Greetings from ${join(folder, 'forge')}`);
  });

  it('see that the cable was pulled, and find each other again', async () => {
    const { station_id: id } = await nodeViewOf(guest.window);
    await place('Stations').click();
    const shown = host.window.getByRole('main');
    const pulled = performance.now();
    await pair.setCable(false);
    await shown
      .getByText('Late', { exact: true })
      .first()
      .waitFor({ timeout: LATE_MS + GRACE_MS });
    const lateMs = performance.now() - pulled;
    await shown
      .getByText('Offline', { exact: true })
      .first()
      .waitFor({ timeout: OFFLINE_MS + GRACE_MS });
    const offlineMs = performance.now() - pulled;
    await pair.setCable(true);
    const plugged = performance.now();
    await status(host.window)
      .getByText(/2 of 2 stations online/)
      .waitFor({ timeout: 30_000 });
    const backMs = performance.now() - plugged;
    console.info(
      `Cable pulled: late after ${Math.round(lateMs)} ms, offline after ${Math.round(offlineMs)} ms, back ${Math.round(backMs)} ms after it was plugged in`,
    );
    expect(offlineMs).toBeLessThan(OFFLINE_MS + GRACE_MS);
    expect((await nodeViewOf(guest.window)).station_id).toBe(id);
    expect(await lattice(atlas, 'agent', 'exec', 'herald', 'x', '--station', id)).toContain('Greetings');
  });

  it('put the guest out within a second of a press, and take its work over', async () => {
    const taken = await workOfForge(atlas);
    await place('Hub').click();
    await host.window.getByRole('button', { name: 'Devices' }).click();
    await host.window.getByRole('button', { name: 'Change forge' }).click();
    await host.window.getByRole('menuitem', { name: 'Take access back' }).click();
    const lost = heardLost(guest.window);
    const button = host.window.getByRole('dialog').getByRole('button', { name: 'Take access back' });
    await button.waitFor();
    const pressed = Date.now();
    await button.click();
    const outMs = (await lost) - pressed;
    console.info(`From the press to the lost connection of the guest: ${outMs} ms`);
    expect(outMs).toBeLessThan(1_000);
    await vi.waitFor(async () => expect((await taken()).status).toBe('assigned'), SOON);
    await writeFile(join(folder, 'atlas', 'go'), '');
    await expectTakenOver(taken);
    await guest.window.getByText('does not let this station in any more').first().waitFor();
    await expect(lattice(forge, 'stations')).rejects.toThrow('does not let this station in any more');
  });

  it('said nothing wrong to their consoles', () => {
    expect([...host.errors, ...guest.errors]).toEqual([]);
  });
});

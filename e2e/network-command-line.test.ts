import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expectNoProcess } from './leftovers.ts';
import { makeNetworkPair, type NetworkPair } from './network.ts';
import { type StationProcess, startStationProcess } from './station-process.ts';
import {
  expectTakenOver,
  isConnectedTo,
  lattice,
  latticeData,
  listeningPorts,
  type Machine,
  workOfForge,
} from './two-machines.ts';
import { projectWith } from './work-project.ts';

const SOON = { timeout: 15_000, interval: 20 };
const HUB_PORT = 4222;

let folder: string;
let pair: NetworkPair;
let atlas: Machine;
let forge: Machine;
let host: StationProcess;
let guest: StationProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-network-'));
  pair = await makeNetworkPair();
  atlas = { network: pair.left, home: join(folder, 'atlas-home') };
  forge = { network: pair.right, home: join(folder, 'forge-home') };
  host = await startStationProcess({ ...atlas, name: 'atlas', files: projectWith('waiter') });
});

afterAll(async () => {
  await guest?.stop();
  await host?.stop();
  await pair[Symbol.asyncDispose]();
  await expectNoProcess(folder);
  await rm(folder, { recursive: true, force: true });
});

describe('two machines without a screen', { timeout: 90_000 }, () => {
  it('are one lattice within ten seconds, by one line on each', async () => {
    expect(await listeningPorts(pair.left, 'everybody')).toEqual([HUB_PORT]);
    const { link } = await latticeData<{ link: string }>(atlas, 'invite');
    const from = performance.now();
    guest = await startStationProcess({
      ...forge,
      name: 'forge',
      link,
      files: projectWith('herald', 'waiter'),
    });
    await vi.waitFor(async () => expect(await lattice(atlas, 'agents')).toContain('herald'), SOON);
    const joinedMs = performance.now() - from;
    console.info(`From the command to its agents on the other machine: ${Math.round(joinedMs)} ms`);
    expect(joinedMs).toBeLessThan(10_000);
    expect(await listeningPorts(pair.right, 'everybody')).toEqual([]);
  });

  it('run the agents of each other', async () => {
    expect(await lattice(atlas, 'agent', 'exec', 'herald', 'x')).toContain('Greetings from');
    expect(await lattice(atlas, 'work', 'assign', 'herald', 'x', '--wait')).toContain('Greetings from');
  });

  it('put one out within a second, and the other takes its work over', async () => {
    const lost = await workOfForge(atlas);
    const refused = guest?.refusal().then((message) => ({ message, at: Date.now() }));
    await lattice(atlas, 'devices', 'revoke', 'forge');
    const { devices } = await latticeData<{ devices: { revoked_at: string }[] }>(atlas, 'devices');
    const { message, at } = (await refused) ?? { message: '', at: Number.NaN };
    expect(message).toBe('The host does not let this station in any more.');
    const outMs = at - Date.parse(devices[0]?.revoked_at ?? '');
    console.info(`From the revocation to the lost connection of the guest: ${outMs} ms`);
    expect(outMs).toBeLessThan(1_000);
    expect(await isConnectedTo(pair.right, HUB_PORT)).toBe(false);
    await writeFile(join(atlas.home, 'atlas', 'go'), '');
    await expectTakenOver(lost);
  });
});

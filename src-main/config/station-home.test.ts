import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify } from '../system/process-identity.ts';
import { claimStationHome, type NodeFile, runningStations } from './station-home.ts';

let folder = '';
let project = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-home-'));
  project = join(folder, 'project');
});
afterEach(() => rm(folder, { recursive: true }));

const node = (started_at: string): NodeFile => ({
  url: 'nats://127.0.0.1:4222',
  org: 'default',
  mode: 'orchestrator',
  station_id: 'S1',
  station_name: 'one',
  project_dir: '/p',
  started_at,
  auth: {},
  tls: {},
});

describe('claimStationHome', () => {
  it('gives a project the same folder again after a clean stop', async () => {
    const first = await claimStationHome(folder, project);
    await first[Symbol.asyncDispose]();
    const second = await claimStationHome(folder, project);
    expect(second.dir).toBe(first.dir);
    await second[Symbol.asyncDispose]();
  });

  it('takes over the folder of a process that was killed, and only then', async () => {
    const child = spawn('sleep', ['60']);
    const home = await claimStationHome(folder, project);
    await home[Symbol.asyncDispose]();
    const supervisor = await identify(child.pid ?? 0);
    await writeFile(
      join(home.dir, `lattice-station.${randomUUID()}.lock`),
      JSON.stringify({ held: true, supervisor }),
    );
    const beside = await claimStationHome(folder, project);
    expect(beside.dir).toBe(`${home.dir}-2`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const after = await claimStationHome(folder, project);
    expect(after.dir).toBe(home.dir);
    await Promise.all([beside, after].map((each) => each[Symbol.asyncDispose]()));
  });

  it('gives 20 claims at once 20 folders', async () => {
    await mkdir(project);
    const homes = await Promise.all(Array.from({ length: 20 }, () => claimStationHome(folder, project)));
    expect(new Set(homes.map((home) => home.dir)).size).toBe(20);
    await Promise.all(homes.map((home) => home[Symbol.asyncDispose]()));
  });

  it.each(['', '{', '[]', '{"held":true,"supervisor":{"pid":-4}}'])(
    'takes over a lock file with %j in it',
    async (rubbish) => {
      const home = await claimStationHome(folder, project);
      await home[Symbol.asyncDispose]();
      await writeFile(join(home.dir, `lattice-station.${randomUUID()}.lock`), rubbish);
      const again = await claimStationHome(folder, project);
      expect(again.dir).toBe(home.dir);
      await again[Symbol.asyncDispose]();
    },
  );
});

describe('runningStations', () => {
  it('lists what runs, the newest first, and nothing that stopped', async () => {
    const older = await claimStationHome(folder, project);
    await older.publish(node('2026-01-01T00:00:00.000Z'));
    const newer = await claimStationHome(folder, join(folder, 'other'));
    await newer.publish(node('2026-01-02T00:00:00.000Z'));
    expect((await runningStations(folder)).map((each) => each.started_at.slice(0, 10))).toEqual([
      '2026-01-02',
      '2026-01-01',
    ]);
    await newer[Symbol.asyncDispose]();
    expect(await runningStations(folder)).toHaveLength(1);
    await older[Symbol.asyncDispose]();
    expect(await runningStations(folder)).toEqual([]);
  });
});

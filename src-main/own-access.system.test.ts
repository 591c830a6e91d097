import { copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Role } from '../src-shared/protocol/roles.ts';
import { namesOf } from '../src-shared/protocol/subjects.ts';
import type { RunView } from '../src-shared/views/run.ts';
import { rotationRequest } from './access/next-key.ts';
import { OwnAccessClient } from './access/own-access-client.ts';
import { runningStations } from './config/station-home.ts';
import type { LatticeNode } from './lattice-node.ts';
import { MeshConnection } from './mesh/connection.ts';
import { demoNode } from './testing/demo-node.ts';

const WAIT = { timeout: 15_000, interval: 20 };

/** Nodes of one test that share a lattice by links, with everything they leave in one folder. */
class Team implements AsyncDisposable {
  readonly folder: string;
  readonly #nodes: LatticeNode[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Team> {
    return new Team(await mkdtemp(join(tmpdir(), 'lattice-team-')));
  }

  /** A node on no lattice yet, with the demo agents. */
  async node(name: string): Promise<LatticeNode> {
    const node = await demoNode(this.folder, name, { lattice_name: `Lattice of ${name}` });
    this.#nodes.push(node);
    return node;
  }

  async host(name: string): Promise<LatticeNode> {
    const host = await this.node(name);
    await host.host({ shared: true });
    return host;
  }

  async member(host: LatticeNode, name: string, role: Role = 'station'): Promise<LatticeNode> {
    const node = await this.node(name);
    await node.joinLink(await host.access.invite({ role }));
    return node;
  }

  /** One short direct call of an agent on a station, once it has ended. */
  async run(from: LatticeNode, on: LatticeNode): Promise<RunView | undefined> {
    const station = on.view.value.station_id;
    const context = { to: 2, delay_ms: 1 };
    const id = from.runs.start({ agent: 'counter', station, task: 'go', context, wait: true });
    return new Promise((resolve) => {
      const look = () => {
        const run = from.runs.runs.get(id);
        if (run?.ended_at === undefined) return;
        watching[Symbol.dispose]();
        resolve(run);
      };
      const watching = from.runs.runs.on(look);
      look();
    });
  }

  /** What the host keeps of its devices. */
  async roster(host: LatticeNode): Promise<{ devices: { former_keys: unknown }[] }> {
    return JSON.parse(await readFile(join(host.paths.dataDir, 'access.json'), 'utf8'));
  }

  /** What the hub wrote about things it did not allow. */
  violations(host: LatticeNode): string[] {
    const lines = host.hubLog.snapshot().map((line) => line.text);
    return lines.filter((text) => /violation/i.test(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node[Symbol.asyncDispose]()));
    await rm(this.folder, { recursive: true });
  }
}

let team: Team;
beforeEach(async () => {
  team = await Team.create();
});
afterEach(() => team[Symbol.asyncDispose]());

const deviceOf = async (host: LatticeNode) => (await host.access.list()).devices[0];
const keyFile = async (node: LatticeNode) => {
  const stations = await runningStations(node.paths.dataDir);
  return stations[0]?.auth.nkeyFile ?? '';
};
const nextFile = (file: string) => file.replace(/device\.nk$/, 'device.next.nk');
const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

/** What `lattice access rotate` of another process does, up to the answer of the host. */
async function askOnly(node: LatticeNode): Promise<void> {
  const { station_id: id, org } = node.view.value;
  const [local] = await runningStations(node.paths.dataDir);
  if (!local) throw new Error('No station runs.');
  const connection = new MeshConnection({ ...local, kind: 'command', id: 'other', owner: id });
  await connection.open();
  try {
    const client = new OwnAccessClient({ nc: connection.nc, names: namesOf(org), device: id });
    await client.ask(await rotationRequest({ dir: dirname(local.auth.nkeyFile ?? '') }, id));
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

describe('a new key', () => {
  it('takes the place of the old one on both sides, and the old one opens nothing', async () => {
    const host = await team.host('atlas');
    const forge = await team.member(host, 'forge');
    const file = await keyFile(forge);
    await copyFile(file, join(team.folder, 'old.nk'));
    const before = await deviceOf(host);
    const words = await forge.joining.keyWords();
    await forge.place.rotateKey();
    expect(forge.view.value.connection.state).toBe('connected');
    const after = await deviceOf(host);
    expect(after?.key).not.toBe(before?.key);
    expect(after).toMatchObject({
      fingerprint: await forge.joining.keyWords(),
      key_since: expect.any(String),
    });
    expect(await forge.joining.keyWords()).not.toBe(words);
    expect(await exists(nextFile(file))).toBe(false);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const [local] = await runningStations(forge.paths.dataDir);
    const intruder = new MeshConnection({
      url: local?.url ?? '',
      auth: { nkeyFile: join(team.folder, 'old.nk') },
      tls: local?.tls ?? {},
      kind: 'command',
      id: 'old',
    });
    await expect(intruder.open()).rejects.toMatchObject({ code: 'auth_failed' });
    await intruder[Symbol.asyncDispose]();
    expect(await team.run(host, forge)).toMatchObject({ state: 'completed' });
    const [kept] = (await team.roster(host)).devices;
    expect(kept?.former_keys).toEqual([{ key: before?.key, until: after?.key_since }]);
  });

  it('does not lock a device out that ends before it asked the host', async () => {
    const host = await team.host('atlas');
    const forge = await team.member(host, 'forge');
    const file = await keyFile(forge);
    await rotationRequest({ dir: dirname(file) }, forge.view.value.station_id);
    await forge.leave();
    await forge.rejoin();
    expect(forge.view.value.connection.state).toBe('connected');
    expect(await exists(nextFile(file))).toBe(true);
    await forge.place.rotateKey();
    expect(forge.view.value.connection.state).toBe('connected');
    expect(await exists(nextFile(file))).toBe(false);
  });

  it('does not lock a device out that ends before it heard the answer', async () => {
    const host = await team.host('atlas');
    const forge = await team.member(host, 'forge');
    const file = await keyFile(forge);
    const before = await deviceOf(host);
    const old = await readFile(file, 'utf8');
    const { station_id: id } = forge.view.value;
    const request = await rotationRequest({ dir: dirname(file) }, id);
    await forge.leave();
    await host.access.own(id, request).then(({ after }) => after?.());
    expect(await readFile(file, 'utf8')).toBe(old);
    await forge.rejoin();
    expect(forge.view.value.connection.state).toBe('connected');
    expect((await deviceOf(host))?.key).not.toBe(before?.key);
    expect(await readFile(file, 'utf8')).not.toBe(old);
    await forge.leave();
    await forge.rejoin();
    expect(forge.view.value.connection.state).toBe('connected');
  });

  it('of another process brings the station back by itself', async () => {
    const host = await team.host('atlas');
    const forge = await team.member(host, 'forge');
    const before = await deviceOf(host);
    await askOnly(forge);
    await vi.waitFor(async () => expect((await deviceOf(host))?.key).not.toBe(before?.key), WAIT);
    await vi.waitFor(async () => {
      const device = await deviceOf(host);
      expect(device?.connected && forge.view.value.connection.state).toBe('connected');
    }, WAIT);
    await vi.waitFor(
      async () => expect(await team.run(host, forge)).toMatchObject({ state: 'completed' }),
      WAIT,
    );
  });

  it('is not made by the host, whose key every member knows', async () => {
    const host = await team.host('atlas');
    const words = await host.joining.keyWords();
    await expect(host.place.rotateKey()).rejects.toMatchObject({ code: 'unsupported' });
    expect(await host.joining.keyWords()).toBe(words);
  });
});

describe('access that is given back', () => {
  it('is told to the host, and the lattice is forgotten here', async () => {
    const host = await team.host('atlas');
    const forge = await team.member(host, 'forge');
    await forge.place.giveBack();
    await forge.leave();
    expect(await forge.joining.membership()).toBeUndefined();
    await vi.waitFor(
      async () => expect(await deviceOf(host)).toMatchObject({ left: true, connected: false }),
      WAIT,
    );
    await expect(forge.rejoin()).rejects.toMatchObject({ code: 'not_found' });
    await forge.joinLink(await host.access.invite({}));
    expect(await deviceOf(host)).not.toHaveProperty('left');
  });
});

describe('the role that the host has now', () => {
  it('is taken when the station comes back, and lets an admin elsewhere manage devices', async () => {
    const host = await team.host('atlas');
    const forge = await team.member(host, 'forge', 'viewer');
    const device = forge.view.value.station_id;
    await expect(forge.place.devices.list()).rejects.toMatchObject({ code: 'auth_failed' });
    await expect(forge.place.devices.manage({ op: 'revoke', device })).rejects.toThrow('here as viewer');
    await host.access.manage({ op: 'role', device, role: 'admin' });
    expect(await forge.place.view()).toMatchObject({ role: 'viewer', role_now: 'admin' });
    const { link = '' } = await forge.place.devices.manage({ op: 'invite', options: { role: 'viewer' } });
    await forge.rejoin();
    expect(forge.view.value.role).toBe('admin');
    expect(await forge.place.view()).not.toHaveProperty('role_now');
    const guest = await team.node('guest');
    await guest.joinLink(link);
    const { devices } = await forge.place.devices.list();
    expect(devices.find(({ name }) => name === 'guest')).toMatchObject({ invited: { by: 'forge' } });
    await forge.place.devices.manage({ op: 'revoke', device: guest.view.value.station_id });
    await expect(
      forge.place.devices.manage({ op: 'revoke', device: guest.view.value.station_id }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(team.violations(host)).toEqual([]);
  });
});

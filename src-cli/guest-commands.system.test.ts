import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Answer {
  ok: boolean;
  data: {
    lattices: { org: string; name: string; devices: number; limits: Record<string, number> }[];
    link: string;
    role: string;
    org: string;
    kept: string[];
    devices: { name: string; id: string }[];
    stations: { name: string }[];
  };
  error: { code: string; message: string; hint?: string };
}

let folder = '';
let cli = '';
const served: ChildProcess[] = [];

beforeAll(async () => {
  // Below the project, so that the bundle is a module of this package.
  const outDir = await mkdtemp(join(root, 'node_modules', '.lattice-cli-'));
  await build({
    root,
    configFile: join(root, 'vite.cli.config.ts'),
    logLevel: 'error',
    build: { outDir, minify: false },
  });
  cli = join(outDir, 'lattice.js');
  folder = await mkdtemp(join(tmpdir(), 'lattice-guest-cli-'));
}, 60_000);

afterAll(async () => {
  for (const child of served.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true });
  await rm(join(cli, '..'), { recursive: true });
}, 30_000);

const environment = (home: string) => {
  const { LATTICE_NATS_SERVER, PATH, HOME } = process.env;
  return { LATTICE_NATS_SERVER, PATH, HOME, LATTICE_HOME: join(folder, `home-${home}`) };
};

/** Runs a command in a home and answers with its JSON. */
async function json(home: string, ...args: string[]): Promise<Answer> {
  await mkdir(join(folder, home), { recursive: true });
  const child = execFile(process.execPath, [cli, ...args, '--json'], {
    cwd: join(folder, home),
    env: environment(home),
  });
  // Nobody is at the terminal.
  child.stdin?.end();
  let stdout = '';
  child.stdout?.on('data', (chunk: string) => {
    stdout += chunk;
  });
  await once(child, 'close');
  return JSON.parse(stdout);
}

/** Runs a station until the end of the test; resolves when it is ready, with what it said. */
async function stay(home: string, ...args: string[]): Promise<Answer['data']> {
  await mkdir(join(folder, home), { recursive: true });
  const child = spawn(process.execPath, [cli, ...args, '--json'], {
    cwd: join(folder, home),
    env: environment(home),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  served.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const answer: Answer = JSON.parse(line);
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.data;
  }
  throw new Error('It ended at once.');
}

it('a host adds a lattice, invites into it, sees its devices, and removes it, with commands alone', {
  timeout: 60_000,
}, async () => {
  await stay('host', 'serve', '--orchestration', '--share', '--port', '0', '--http-port', '0');
  expect((await json('host', 'hub')).data.lattices).toEqual([]);
  const added = await json('host', 'hub', 'add', 'design', '--name', 'Design team', '--storage', '256m');
  expect(added.data.lattices).toMatchObject([
    { org: 'design', name: 'Design team', limits: { storage_bytes: 256 * 1024 ** 2, connections: 64 } },
  ]);
  const { link } = (await json('host', 'invite', '--lattice', 'design')).data;
  expect(await stay('laptop', 'join', link, '--name', 'laptop')).toMatchObject({
    org: 'design',
    role: 'station',
  });
  const [device] = (await json('host', 'devices', '--lattice', 'design')).data.devices;
  expect(device?.name).toBe('laptop');
  expect((await json('host', 'devices')).data.devices).toEqual([]);
  const stations = (await json('laptop', 'stations')).data.stations.map(({ name }) => name);
  expect(stations).toContain('laptop');
  expect((await json('host', 'stations')).data.stations).toHaveLength(1);
  expect((await json('laptop', 'hub')).error).toMatchObject({ code: 'auth_failed' });
  const limited = await json('host', 'hub', 'limit', 'design', '--connections', '9');
  expect(limited.data.lattices[0]?.limits).toMatchObject({ connections: 9 });
  const refused: [string[], string][] = [
    [['hub', 'add', 'design'], 'conflict'],
    [['hub', 'add', 'two words'], 'invalid_input'],
    [['hub', 'add', 'tiny', '--storage', '1k'], 'invalid_input'],
    [['hub', 'limit', 'design'], 'invalid_input'],
    [['hub', 'limit', 'nobody', '--connections', '2'], 'not_found'],
    [['hub', 'remove', 'design'], 'invalid_input'],
    [['hub', 'remove', 'design', '--confirm', 'desing'], 'invalid_input'],
    [['invite', '--lattice', 'nobody'], 'not_found'],
    [['devices', '--lattice', '../..'], 'invalid_input'],
  ];
  for (const [args, code] of refused)
    expect((await json('host', ...args)).error, args.join(' ')).toMatchObject({ code });
  expect((await json('host', 'devices', '--lattice', 'design', 'revoke', 'laptop')).ok).toBe(true);
  const removed = await json('host', 'hub', 'remove', 'design', '--confirm', 'design');
  expect(removed.data.kept).toHaveLength(2);
  expect((await json('host', 'hub')).data.lattices).toEqual([]);
});

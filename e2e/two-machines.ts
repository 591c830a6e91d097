import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, vi } from 'vitest';
import type { Network } from './network.ts';

const SOON = { timeout: 15_000, interval: 20 };

/** The command line as it was built. */
export const cli = join(import.meta.dirname, '../out/cli/lattice.js');

/** A machine of a test: the `LATTICE_HOME` of its user. */
export interface Machine {
  /** Absent for the network that the test itself is on. */
  network?: Network;
  home: string;
}

/** Runs a `lattice` command on a machine and gives what it printed. @throws Error with what it said when it failed. */
export async function lattice({ network, home }: Machine, ...args: string[]): Promise<string> {
  const [program = '', ...rest] = network?.argv(process.execPath, [cli, ...args]) ?? [
    process.execPath,
    cli,
    ...args,
  ];
  const child = spawn(program, rest, {
    env: { ...process.env, LATTICE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  if (code !== 0) throw new Error(`lattice ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return stdout;
}

/** What a `lattice` command says as data. */
export async function latticeData<T>(machine: Machine, ...args: string[]): Promise<T> {
  const answer: { data: T } = JSON.parse(await lattice(machine, ...args, '--json'));
  return answer.data;
}

/** Writes the files of a project and returns its folder. */
export async function writeProject(dir: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), content);
  }
  return dir;
}

/** What the command line prints of a work. */
export interface WorkFacts {
  status: string;
  attempt: number;
  station_name?: string;
  result?: string;
}

/** How a work stands now. */
async function workNow(machine: Machine, id: string): Promise<WorkFacts> {
  return (await latticeData<{ work: WorkFacts }>(machine, 'work', 'check', id)).work;
}

/** Gives two works that wait, one of which each of `atlas` and `forge` runs; tells how the one of `forge` stands. */
export async function workOfForge(atlas: Machine): Promise<() => Promise<WorkFacts>> {
  const ids: string[] = [];
  for (const task of ['One', 'Two'])
    ids.push((await latticeData<{ id: string }>(atlas, 'work', 'assign', 'waiter', task)).id);
  const works = () => Promise.all(ids.map((id) => workNow(atlas, id)));
  await vi.waitFor(
    async () => expect((await works()).map((work) => work.station_name).sort()).toEqual(['atlas', 'forge']),
    SOON,
  );
  const id = ids[(await works()).findIndex((work) => work.station_name === 'forge')] ?? '';
  return () => workNow(atlas, id);
}

/** The second attempt of a work that `forge` lost ended well on `atlas`. */
export async function expectTakenOver(work: () => Promise<WorkFacts>): Promise<void> {
  await vi.waitFor(
    async () =>
      expect(await work()).toMatchObject({
        status: 'completed',
        attempt: 2,
        station_name: 'atlas',
        result: 'Went in attempt 2',
      }),
    SOON,
  );
}

/** Whether a machine holds a connection to a port of another one now. */
export async function isConnectedTo(network: Network, port: number): Promise<boolean> {
  const sockets = await network.sockets();
  return sockets.some(
    (socket) => socket.state === 'connected' && socket.peerPort === port && !socket.loopback,
  );
}

/** The ports on which a machine listens, for itself alone or for everybody. */
export async function listeningPorts(network: Network, who: 'itself' | 'everybody'): Promise<number[]> {
  const listeners = (await network.sockets()).filter((socket) => socket.state === 'listens');
  return listeners.filter((socket) => socket.loopback === (who === 'itself')).map((socket) => socket.port);
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { processesIn } from './leftovers.ts';
import { door, enter, makeNetworkPair } from './network.ts';
import { asRootOfNamespace } from './network-support.ts';

const SOON = { timeout: 5_000, interval: 20 };
const LISTENER = 'require("node:net").createServer().listen(7001, "::", () => console.log("ready"))';
const DIAL = 'require("node:net").connect(7001, process.argv[1], () => process.exit(0))';
/** A run that makes a network, and says the pid of what holds it open. */
const RUN = `
const { spawn } = require('node:child_process');
const [program, ...args] = process.argv.slice(1);
const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
child.stdout.on('data', () => console.log(child.pid));
`;

const networkOf = (pid: number | undefined) => readlinkSync(`/proc/${pid}/ns/net`);

function start([program = '', ...args]: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function saidBy(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('It has no stdout.');
  const [chunk] = await once(child.stdout, 'data');
  return String(chunk).trim();
}

it('joins two networks that see each other alone, and leaves nothing behind', async () => {
  const pair = await makeNetworkPair();
  const listener = start(pair.left.argv(process.execPath, ['-e', LISTENER]));
  await saidBy(listener);
  const network = networkOf(listener.pid);
  try {
    expect(network).not.toBe(networkOf(process.pid));
    expect(pair.left.processes()).toMatchObject([{ pid: listener.pid }]);
    for (const address of pair.left.addresses) {
      const dial = start(pair.right.argv(process.execPath, ['-e', DIAL, address]));
      expect(await once(dial, 'exit')).toEqual([0, null]);
    }
  } finally {
    await expect(pair[Symbol.asyncDispose]()).rejects.toThrow(`left in a network: ${listener.pid}`);
  }
  expect(processesIn(network)).toEqual([]);
  expect(readFileSync('/proc/net/dev', 'utf8')).not.toContain('lattice0');
});

it('ends what runs in a network when the run that made it is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lattice-net-'));
  const held = ['unshare', ...asRootOfNamespace, '--net', process.execPath, door, join(folder, 'door')];
  const run = start([process.execPath, '-e', RUN, ...held]);
  try {
    const holder = Number(await saidBy(run));
    const network = networkOf(holder);
    await saidBy(start([...enter(holder), process.execPath, '-e', LISTENER]));
    expect(processesIn(network)).toHaveLength(2);
    run.kill('SIGKILL');
    await vi.waitFor(() => expect(processesIn(network)).toEqual([]), SOON);
  } finally {
    run.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
});

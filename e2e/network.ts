import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { type Leftover, processesIn } from './leftovers.ts';
import { asRootOfNamespace } from './network-support.ts';
import { readTcpTable, type TcpSocket } from './tcp-table.ts';

/** The program that keeps a network open until whoever started it lets go of its stdin. */
export const door = join(import.meta.dirname, '../scripts/testing/network-door.mjs');
const CABLE = 'lattice0';
const END_MS = 3_000;

/** A port of loopback here that leads to a port of loopback in a network. */
export interface Forward extends Disposable {
  port: number;
}

/** One side of the cable: a machine's network as its processes see it. */
export interface Network {
  /** What the other side can dial, IPv4 first; without IPv6 where the kernel has none. */
  readonly addresses: readonly string[];
  /** The argv that runs a program in this network, under the pid it would have anyway. */
  argv(program: string, args: readonly string[]): string[];
  forward(port: number): Promise<Forward>;
  /** Every port of an address, from 1 to 65,535, on which somebody answers who is dialled from here. */
  scan(address: string): Promise<number[]>;
  /** All TCP sockets, listeners and connections. */
  sockets(): Promise<TcpSocket[]>;
  /** The processes that live here, beside the one that holds it open. */
  processes(): Leftover[];
}

/** Two machines with one cable between them. */
export interface NetworkPair extends AsyncDisposable {
  readonly left: Network;
  readonly right: Network;
  /** Pulls the cable or plugs it in again. */
  setCable(plugged: boolean): Promise<void>;
}

/**
 * Makes two network namespaces joined by a pair of veth. They have no name: the kernel takes them away with their last
 * process, and their processes end with this one.
 */
export async function makeNetworkPair(): Promise<NetworkPair> {
  const folder = await mkdtemp(join(tmpdir(), 'lattice-net-'));
  const ends: Holder[] = [];
  const stop = async () => {
    const left = await stillThere(ends.map((end) => end.network));
    for (const end of ends.reverse()) await end.close();
    await rm(folder, { recursive: true, force: true });
    if (left.length > 0)
      throw new Error(
        `Processes were left in a network: ${left.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`,
      );
  };
  try {
    const first = await hold(join(folder, 'left'), 1, ['unshare', ...asRootOfNamespace, '--net']);
    ends.push(first);
    const second = await hold(join(folder, 'right'), 2, [...enter(first.pid), 'unshare', '--net']);
    ends.push(second);
    await ip(first.pid, `link add name ${CABLE} type veth peer name ${CABLE} netns ${second.pid}`);
    await first.plugIn();
    await second.plugIn();
    return {
      left: first.network,
      right: second.network,
      setCable: (plugged) => (plugged ? second.plugIn() : ip(second.pid, `link set ${CABLE} down`)),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What still runs in networks after a time in which processes that were told to end do so. */
async function stillThere(networks: readonly Network[]): Promise<Leftover[]> {
  const deadline = Date.now() + END_MS;
  const look = () => networks.flatMap((network) => network.processes());
  let left = look();
  while (left.length > 0 && Date.now() < deadline) {
    await delay(20);
    left = look();
  }
  return left;
}

interface Holder {
  pid: number;
  network: Network;
  /** Gives this side its addresses and brings it up. */
  plugIn(): Promise<void>;
  close(): Promise<void>;
}

async function hold(
  socket: string,
  number: number,
  [program = '', ...args]: readonly string[],
): Promise<Holder> {
  const child = spawn(program, [...args, process.execPath, door, socket], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { pid, stdin, stdout } = child;
  if (pid === undefined) throw new Error('The network could not be made.');
  await Promise.race([once(stdout, 'data'), endOf(child)]);
  const addresses = await addressesOf(pid, number);
  const id = readlinkSync(`/proc/${pid}/ns/net`);
  const network: Network = {
    addresses,
    argv: (wanted, rest) => [...enter(pid), wanted, ...rest],
    forward: (port) => forward(socket, port),
    scan: async (address) => JSON.parse(await text(ask(socket, `scan ${address}`))),
    sockets: async () => {
      const tables = await Promise.all(
        ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
      );
      return tables.flatMap(readTcpTable);
    },
    processes: () => processesIn(id).filter((each) => each.pid !== pid),
  };
  // A cable that was pulled took IPv6 addresses with it, so they are given again with each plug.
  const plugIn = async () => {
    for (const address of addresses)
      await ip(pid, `addr replace ${address}${address.includes(':') ? '/64 nodad' : '/24'} dev ${CABLE}`);
    await ip(pid, `link set ${CABLE} up`);
  };
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    stdin.end();
    await exited;
  };
  return { pid, network, plugIn, close };
}

async function addressesOf(pid: number, number: number): Promise<string[]> {
  await ip(pid, 'link set lo up');
  const loopback = await readFile(`/proc/${pid}/net/if_inet6`, 'utf8').catch(() => '');
  return [`10.213.77.${number}`, ...(loopback === '' ? [] : [`fd6c:6174:7469::${number}`])];
}

/** The words before a program that is to run in the network of a process. */
export function enter(pid: number): string[] {
  const user = asRootOfNamespace.length > 0 ? ['--user', '--preserve-credentials'] : [];
  return ['nsenter', '--target', String(pid), ...user, '--net', '--'];
}

async function ip(pid: number, words: string): Promise<void> {
  const [program = '', ...args] = [...enter(pid), 'ip', ...words.split(' ')];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  if (code !== 0) throw new Error(`ip ${words}: ${said.trim()}`);
}

async function endOf(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`The network ended with ${code}.`);
}

function ask(socket: string, request: string): Socket {
  const asked = connect(socket);
  asked.write(`${request}\n`);
  return asked;
}

async function forward(socket: string, port: number): Promise<Forward> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const far = ask(socket, `connect 127.0.0.1 ${port}`);
    const end = () => {
      client.destroy();
      far.destroy();
    };
    for (const each of [client, far]) {
      open.add(each);
      each.on('error', end).on('close', () => {
        open.delete(each);
        end();
      });
    }
    client.pipe(far).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('No port was given.');
  const close = () => {
    server.close();
    for (const each of open) each.destroy();
  };
  return { port: bound.port, [Symbol.dispose]: close };
}

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { LatticeError } from '../../src-shared/errors.ts';
import { childEnv } from './child-env.ts';

import { reachableHost } from './hub-options.ts';

const run = promisify(execFile);

/** The process that listens on a port. */
export interface PortHolder {
  pid: number;
  name: string;
}

/**
 * True when `port` on `host` can be listened on now; port 0 always can.
 * @throws LatticeError `invalid_input` when the host is no address of this machine, `io_failed` when it may not be used.
 */
export async function isPortFree(host: string, port: number): Promise<boolean> {
  // On some systems a wildcard can be bound beside a program on loopback, which would then get our connections.
  const hosts = new Set([host, reachableHost(host)]);
  for (const each of hosts) if ((await tryListen(each, port)) === undefined) return false;
  return true;
}

/**
 * The first free port from `first` upward, or any free one when `first` is 0.
 * @throws LatticeError `port_taken` when the next 200 ports are all used.
 */
export async function nextFreePort(host: string, first: number): Promise<number> {
  if (first === 0) {
    const any = await tryListen(host, 0);
    if (any !== undefined) return any;
  }
  for (let port = first; port > 0 && port <= Math.min(first + 200, 65_535); port += 1)
    if (await isPortFree(host, port)) return port;
  throw new LatticeError('port_taken', `No port from ${first} upward is free on ${host}.`, {
    hint: 'Choose another port.',
  });
}

/** The error for a client port that somebody else holds, with the next free one offered. */
export async function portTaken(host: string, port: number): Promise<LatticeError> {
  const holder = await findPortHolder(port);
  const nextFree = await nextFreePort(host, port < 65_535 ? port + 1 : 0);
  return new LatticeError('port_taken', `Port ${port} is used by ${nameHolder(holder)}. Use ${nextFree}?`, {
    details: { port, next_free: nextFree, ...(holder ? { holder: holder.name, pid: holder.pid } : {}) },
  });
}

/** A holder in words. */
export function nameHolder(holder: PortHolder | undefined): string {
  return holder ? `${holder.name} (pid ${holder.pid})` : 'another program';
}

/** Who listens on a TCP port of this machine; undefined when nobody does or the system does not tell. */
export async function findPortHolder(port: number): Promise<PortHolder | undefined> {
  try {
    return process.platform === 'linux' ? await linuxHolder(port) : await lsofHolder(port);
  } catch {
    return undefined;
  }
}

async function tryListen(host: string, port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    const bound = server.address();
    return bound !== null && typeof bound === 'object' ? bound.port : undefined;
  } catch (error) {
    return refusal(error, host, port);
  } finally {
    server.close();
  }
}

function refusal(error: unknown, host: string, port: number): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return undefined;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    throw new LatticeError('invalid_input', `${host} is not an address of this machine.`, {
      hint: 'Listen on 127.0.0.1, on 0.0.0.0 or on an address of this machine.',
      cause: error,
    });
  throw new LatticeError('io_failed', `Port ${port} on ${host} cannot be used: ${String(code ?? error)}.`, {
    ...(port < 1024 ? { hint: 'Ports below 1024 belong to the system. Choose a higher one.' } : {}),
    cause: error,
  });
}

const LISTEN = '0A';

async function linuxHolder(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = new Set<string>();
  for (const line of tables.join('\n').split('\n')) {
    const fields = line.trim().split(/\s+/);
    if (fields[1]?.endsWith(suffix) && fields[3] === LISTEN) sockets.add(`socket:[${fields[9]}]`);
  }
  if (sockets.size === 0) return undefined;
  for (const entry of await readdir('/proc')) {
    if (/^\d+$/.test(entry) && (await holdsSocket(entry, sockets)))
      return { pid: Number(entry), name: (await readFile(`/proc/${entry}/comm`, 'utf8')).trim() };
  }
  return undefined;
}

async function holdsSocket(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const descriptor of descriptors) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    if (sockets.has(target)) return true;
  }
  return false;
}

async function lsofHolder(port: number): Promise<PortHolder | undefined> {
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
    env: childEnv(process.env),
    timeout: 3_000,
  });
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  const name = /^c(.+)$/m.exec(stdout)?.[1];
  return pid && name ? { pid: Number(pid), name } : undefined;
}

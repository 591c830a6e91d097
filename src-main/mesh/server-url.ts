import { LatticeError } from '../../src-shared/errors.ts';
import type { NatsAuth } from '../../src-shared/protocol/auth.ts';

/** A NATS address taken apart: where to dial, what to show, and the secret that stood in it. */
export interface ServerAddress {
  /** `host:port` of each server, the first one given first. */
  servers: string[];
  /** The address without secrets. */
  shown: string;
  /** Host name or IP and port of each server; a certificate has to name one of these hosts. */
  hosts: { host: string; port: number }[];
  /** Host name or IP of the first server. */
  host: string;
  port: number;
  tls: boolean;
  auth: NatsAuth;
}

const DEFAULT_PORT = 4222;
const MAX_SERVERS = 100;

/**
 * Reads `nats://`, `tls://` or bare `host:port`, several with commas between; userinfo is a token or `user:password`.
 * @throws LatticeError `invalid_input` that names the address of a list by its place, and never repeats what may hold a secret.
 */
export function parseServerUrl(text: string): ServerAddress {
  const typed = text.split(',').map((part) => part.trim());
  if (typed.length > MAX_SERVERS) throw refuse('The list of hubs', `has more than ${MAX_SERVERS} addresses`);
  const parts = typed.map((part, index) => parsePart(part, placeOf(index, typed.length)));
  const [first] = parts;
  if (!first) throw refuse('The address of the hub', 'is empty');
  const secrets = parts.map((part) => part.auth).filter((auth) => Object.keys(auth).length > 0);
  const [auth = {}] = secrets;
  if (secrets.some((other) => JSON.stringify(other) !== JSON.stringify(auth)))
    throw refuse('The list of hubs', 'has more than one secret; one connection can only use one');
  return addressOf(parts, auth);
}

/** The address of each server of a list alone, to dial one after the other. */
export function eachServer(address: ServerAddress): ServerAddress[] {
  return address.hosts.map((host) =>
    addressOf([{ ...host, server: hostPort(host), tls: address.tls }], address.auth),
  );
}

interface Part {
  server: string;
  host: string;
  port: number;
  tls: boolean;
}

function addressOf(parts: readonly Part[], auth: NatsAuth): ServerAddress {
  const [first = { host: '', port: DEFAULT_PORT }] = parts;
  return {
    servers: parts.map((part) => part.server),
    hosts: parts.map(({ host, port }) => ({ host, port })),
    shown: parts.map((part) => `${part.tls ? 'tls' : 'nats'}://${part.server}`).join(','),
    host: first.host,
    port: first.port,
    tls: parts.some((part) => part.tls),
    auth,
  };
}

function hostPort({ host, port }: { host: string; port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** How an address is called in words: by its place when there are several. */
function placeOf(index: number, count: number): string {
  return count === 1 ? 'The address of the hub' : `Address ${index + 1} of ${count}`;
}

function parsePart(part: string, place: string): Part & { auth: NatsAuth } {
  if (part === '') throw refuse(place, 'is empty');
  const [, scheme = 'nats', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(part) ?? [];
  const kind = scheme.toLowerCase();
  if (kind === 'ws' || kind === 'wss')
    throw refuse(place, `starts with ${kind}://, and a hub is not reached over a WebSocket`);
  if (kind !== 'nats' && kind !== 'tls') throw refuse(place, `starts with ${kind}://`);
  let url: URL;
  try {
    url = new URL(`lattice://${rest}`);
  } catch {
    throw refuse(place, 'cannot be read');
  }
  if (url.hostname === '') throw refuse(place, 'names no host');
  if (url.pathname.length > 1 || url.search !== '' || url.hash !== '')
    throw refuse(place, 'goes on after the port');
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  if (port === 0) throw refuse(place, 'has port 0');
  return {
    server: `${url.hostname}:${port}`,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    tls: kind === 'tls',
    auth: userinfo(url, place),
  };
}

function userinfo(url: URL, place: string): NatsAuth {
  if (url.username === '' && url.password === '') return {};
  try {
    const user = decodeURIComponent(url.username);
    return url.password === '' ? { token: user } : { user, password: decodeURIComponent(url.password) };
  } catch {
    throw refuse(place, 'has a secret with a stray %');
  }
}

function refuse(place: string, why: string): LatticeError {
  return new LatticeError('invalid_input', `${place} ${why}.`, {
    hint: 'Use nats://host:4222, or tls://host:4222 for an encrypted connection. Several addresses have commas between them.',
  });
}

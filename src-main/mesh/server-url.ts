import { LatticeError } from '../../src-shared/errors.ts';
import type { NatsAuth } from '../../src-shared/protocol/auth.ts';

/** A NATS address taken apart: where to dial, what to show, and the secret that stood in it. */
export interface ServerAddress {
  /** `host:port` of each server, the first one given first. */
  servers: string[];
  /** The address without secrets. */
  shown: string;
  /** Host name or IP of the first server, as its certificate has to name it. */
  host: string;
  port: number;
  tls: boolean;
  auth: NatsAuth;
}

const DEFAULT_PORT = 4222;

/**
 * Reads `nats://`, `tls://` or bare `host:port`, several with commas between; userinfo is a token or `user:password`.
 * @throws LatticeError `invalid_input` without repeating what may hold a secret.
 */
export function parseServerUrl(text: string): ServerAddress {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parsePart);
  const [first] = parts;
  if (!first) throw refuse('is empty');
  return {
    servers: parts.map((part) => part.server),
    shown: parts.map((part) => `${part.tls ? 'tls' : 'nats'}://${part.server}`).join(','),
    host: first.host,
    port: first.port,
    tls: parts.some((part) => part.tls),
    auth: parts.find((part) => Object.keys(part.auth).length > 0)?.auth ?? {},
  };
}

function parsePart(part: string) {
  const [, scheme = 'nats', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(part) ?? [];
  const kind = scheme.toLowerCase();
  if (kind !== 'nats' && kind !== 'tls') throw refuse(`starts with ${kind}://`);
  let url: URL;
  try {
    url = new URL(`lattice://${rest}`);
  } catch {
    throw refuse('cannot be read');
  }
  if (url.hostname === '') throw refuse('names no host');
  if (url.pathname.length > 1 || url.search !== '' || url.hash !== '') throw refuse('goes on after the port');
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  if (port === 0) throw refuse('has port 0');
  return {
    server: `${url.hostname}:${port}`,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    tls: kind === 'tls',
    auth: userinfo(url),
  };
}

function userinfo(url: URL): NatsAuth {
  if (url.username === '' && url.password === '') return {};
  try {
    const user = decodeURIComponent(url.username);
    return url.password === '' ? { token: user } : { user, password: decodeURIComponent(url.password) };
  } catch {
    throw refuse('has a secret with a stray %');
  }
}

function refuse(why: string): LatticeError {
  return new LatticeError('invalid_input', `The address of the hub ${why}.`, {
    hint: 'Use nats://host:4222, or tls://host:4222 for an encrypted connection.',
  });
}

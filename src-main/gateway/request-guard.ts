import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isLoopbackName } from '../system/loopback.ts';

/** Why a request does not come from a program of this machine; undefined when it does. Pages of the web carry an origin. */
export function foreignReason(request: IncomingMessage): string | undefined {
  const { host, origin } = request.headers;
  if (host === undefined || !isLoopback(`http://${host}`)) return 'The gateway answers on loopback only.';
  if (origin !== undefined && !isLoopback(origin)) return 'The gateway does not answer pages of the web.';
  return undefined;
}

function isLoopback(address: string): boolean {
  try {
    const { protocol, hostname } = new URL(address);
    return /^https?:$/.test(protocol) && isLoopbackName(hostname);
  } catch {
    return false;
  }
}

/** The key of a request, where its format puts it. */
export function presentedKey(request: IncomingMessage): string | undefined {
  const { authorization, 'x-api-key': apiKey } = request.headers;
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  return bearer ?? (typeof apiKey === 'string' && apiKey !== '' ? apiKey : undefined);
}

/** What of a key is kept: enough to know it again and not to use it. */
export function keyDigest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Finds who holds a key; takes as long for a wrong one as for a right one. */
export function holderOf<T extends { digest: Buffer }>(holders: Iterable<T>, key: string): T | undefined {
  const digest = keyDigest(key);
  let found: T | undefined;
  for (const holder of holders) if (timingSafeEqual(holder.digest, digest)) found = holder;
  return found;
}

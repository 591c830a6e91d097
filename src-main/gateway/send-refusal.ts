import type { ServerResponse } from 'node:http';
import type { Refusal } from './refusal.ts';
import { errorBody, type WireFormat } from './wire-format.ts';

/**
 * Answers with an error in the client's format.
 * @param body the provider's own words, where it speaks the client's format
 */
export function sendRefusal(
  client: ServerResponse,
  format: WireFormat,
  refusal: Refusal,
  body?: Buffer,
): void {
  const { status, message, code, retryAfterMs } = refusal;
  const comesBack = status === 429 || status >= 500;
  client.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    // Runtimes try again by themselves; what would fail again in the same way says so.
    'x-should-retry': String(comesBack),
    ...(comesBack && retryAfterMs !== undefined
      ? { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) }
      : {}),
  });
  client.end(body ?? JSON.stringify(errorBody(format, status, message, code)));
}

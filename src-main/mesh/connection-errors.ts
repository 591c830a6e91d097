import {
  AuthorizationError,
  PermissionViolationError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import type { Credentials } from './credentials.ts';
import type { ServerAddress } from './server-url.ts';

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Whether the server refused who we are, so that trying again with the same secret is useless. */
export function isAuthRefusal(error: unknown): boolean {
  return error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError;
}

/** What the client library threw as an error that says what was tried and what to check; secrets stay out. */
export function connectionError(
  thrown: unknown,
  address: ServerAddress,
  credentials: Credentials,
  timeoutMs: number,
): LatticeError {
  if (thrown instanceof LatticeError) return thrown;
  const where = address.servers.join(', ');
  const fail = (code: 'auth_failed' | 'not_connected' | 'unsafe', message: string, hint: string) =>
    new LatticeError(code, message, { hint, cause: thrown });
  if (isAuthRefusal(thrown)) {
    return credentials.way === 'none'
      ? fail('auth_failed', `The hub at ${where} asks for a secret and none was given.`, credentials.check)
      : fail('auth_failed', `The hub at ${where} refused ${credentials.what}.`, credentials.check);
  }
  const code = codeOf(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (UNTRUSTED.has(code)) {
    return fail(
      'unsafe',
      `The certificate of the hub at ${where} is not trusted: ${message}.`,
      'Give the CA file that signed it, and use the host name that stands in it.',
    );
  }
  if (/^ERR_SSL_.*(CERT|ALERT|UNKNOWN_CA)/.test(code)) {
    return fail(
      'auth_failed',
      `The hub at ${where} refused the TLS client certificate (${code}).`,
      'Check that a certificate and key file are given and that a CA of the hub signed them.',
    );
  }
  if (message.includes("does not support 'tls'")) {
    return fail(
      'unsafe',
      `The hub at ${where} does not offer TLS.`,
      'Remove the TLS settings and use nats:// only on a network you trust, or turn TLS on at the hub.',
    );
  }
  if (code === 'ECONNREFUSED') {
    return fail(
      'not_connected',
      `Nothing listens at ${where}.`,
      'Start the hub there with lattice serve --orchestration, or check the address.',
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return fail(
      'not_connected',
      `The host ${address.host} cannot be found.`,
      'Check its name and your network.',
    );
  }
  if (thrown instanceof TimeoutError) {
    return fail(
      'not_connected',
      `${where} did not answer as a NATS server within ${timeoutMs / 1000} s.`,
      'Check the address, the port and the firewall between here and there.',
    );
  }
  return fail(
    'not_connected',
    `No connection to the hub at ${where}: ${message}.`,
    'Check the address and the hub.',
  );
}

/** What the servers of a list answered, as one error; one that refuses us counts more than one that is away. */
export function ofAll(refusals: readonly LatticeError[], address: ServerAddress): LatticeError {
  const worst = refusals.find((error) => error.code !== 'not_connected') ?? refusals[0];
  if (!worst) return new LatticeError('not_connected', `No connection to ${address.shown}.`);
  if (refusals.length === 1) return worst;
  const all = refusals.map((error) => error.message).join(' ');
  return new LatticeError(worst.code, `None of ${refusals.length} hubs lets us in. ${all}`, {
    ...(worst.hint === undefined ? {} : { hint: worst.hint }),
    cause: worst,
  });
}

/** The subject that a server did not allow, somewhere behind an error. */
export function permissionRefusal(thrown: unknown): PermissionViolationError | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause)
    if (error instanceof PermissionViolationError) return error;
  return undefined;
}

function codeOf(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause)
    if ('code' in error && typeof error.code === 'string') return error.code;
  return '';
}

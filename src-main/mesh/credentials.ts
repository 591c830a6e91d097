import { readFile } from 'node:fs/promises';
import {
  type Authenticator,
  credsAuthenticator,
  jwtAuthenticator,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from '@nats-io/nats-core';
import { fromSeed } from '@nats-io/nkeys';
import { LatticeError } from '../../src-shared/errors.ts';
import type { NatsAuth } from '../../src-shared/protocol/auth.ts';
import { processSecrets } from '../secrets/process-secrets.ts';
import { SigningKey } from '../signing/signing-key.ts';

/** How we prove who we are; `what` and `check` name the way without the secret. */
export interface Credentials {
  way: 'none' | 'credentials_file' | 'user_jwt' | 'nkey_file' | 'nkey_seed' | 'token' | 'user';
  what: string;
  check: string;
  authenticator?: Authenticator;
  /** What signs our messages; only an NKey can. */
  key?: SigningKey;
}

/**
 * Takes the strongest way given: credentials file, user JWT, NKey file, NKey seed, token, user and password.
 * @throws LatticeError `auth_failed` when a file or seed cannot be used; the secret is never repeated.
 */
export async function resolveCredentials(auth: NatsAuth): Promise<Credentials> {
  processSecrets.addAll([auth.nkeySeed, auth.token, auth.password]);
  if (auth.credsFile) return fromCredentialsFile(auth.credsFile);
  if (auth.userJwt) return fromJwt(auth.userJwt, auth.nkeySeed);
  if (auth.nkeyFile) {
    const seed = /S[A-Z2-7]{40,}/.exec(await read(auth.nkeyFile, 'NKey file'))?.[0];
    if (!seed) throw unusable(`The NKey file ${auth.nkeyFile} holds no seed.`, 'A seed starts with SU.');
    return fromNkey('nkey_file', seed, ` of ${auth.nkeyFile}`);
  }
  if (auth.nkeySeed) return fromNkey('nkey_seed', auth.nkeySeed.trim(), '');
  if (auth.token) {
    return {
      way: 'token',
      what: 'the token',
      check: 'It may have been changed on the hub. Ask the host for a new join link.',
      authenticator: tokenAuthenticator(auth.token),
    };
  }
  if (auth.user) {
    return {
      way: 'user',
      what: `the user "${auth.user}" with this password`,
      check: 'Check the user name and the password, or ask the host for a new join link.',
      authenticator: usernamePasswordAuthenticator(auth.user, auth.password ?? ''),
    };
  }
  return {
    way: 'none',
    what: 'a connection without a secret',
    check:
      'Give a token, a user and password, an NKey or a credentials file, or use the join link of the host.',
  };
}

async function fromCredentialsFile(file: string): Promise<Credentials> {
  const text = await read(file, 'credentials file');
  const bytes = new TextEncoder().encode(text);
  const authenticator = credsAuthenticator(bytes);
  try {
    authenticator('probe');
  } catch (error) {
    throw unusable(
      `The credentials file ${file} does not hold a user JWT and its seed.`,
      'Export it again, for example with nsc generate creds.',
      error,
    );
  }
  return {
    way: 'credentials_file',
    what: `the credentials file ${file}`,
    check: 'It may be expired, revoked or of another account. Export it again.',
    authenticator,
  };
}

function fromJwt(jwt: string, seed: string | undefined): Credentials {
  const bytes = seed === undefined ? undefined : new TextEncoder().encode(seed.trim());
  try {
    if (bytes) fromSeed(bytes).getPublicKey();
  } catch (error) {
    throw unusable('The seed of the user JWT cannot be used.', 'A seed starts with SU.', error);
  }
  return {
    way: 'user_jwt',
    what: 'the user JWT',
    check: 'It may be expired, revoked or of another account. Make a new one.',
    authenticator: jwtAuthenticator(jwt.trim(), bytes),
  };
}

function fromNkey(way: 'nkey_file' | 'nkey_seed', seed: string, where: string): Credentials {
  const bytes = new TextEncoder().encode(seed);
  let key: SigningKey;
  try {
    key = new SigningKey(seed);
  } catch (error) {
    throw unusable(
      `The NKey seed${where} cannot be used.`,
      'A seed starts with SU and has 58 characters; a path belongs into the NKey file setting.',
      error,
    );
  }
  return {
    way,
    what: `the NKey ${key.publicKey}${where}`,
    check: 'Add this public key to the users of the hub.',
    authenticator: nkeyAuthenticator(bytes),
    key,
  };
}

async function read(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw unusable(
      `The ${what} ${file} cannot be read (${code}).`,
      'Check the path and its permissions.',
      error,
    );
  }
}

function unusable(message: string, hint: string, cause?: unknown): LatticeError {
  return new LatticeError('auth_failed', message, { hint, cause });
}

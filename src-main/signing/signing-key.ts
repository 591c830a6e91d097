import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { fromPublic, fromSeed } from '@nats-io/nkeys';

/** What stands before the 32 bytes of an Ed25519 key in its standard encodings. */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const KEY_BYTES = 32;
const MAX_KEYS = 10_000;

const publicKeys = new Map<string, KeyObject | undefined>();

/** The key of a device as it signs messages; the client library's own signing is many times slower. */
export class SigningKey {
  /** The public half, as the hub knows it. */
  readonly publicKey: string;
  readonly #key: KeyObject;

  /** `seed` is an NKey seed of a user. @throws when it is none. */
  constructor(seed: string) {
    this.publicKey = fromSeed(Buffer.from(seed, 'ascii')).getPublicKey();
    // Two bytes say that it is the seed of a user.
    const raw = base32(seed).subarray(2, 2 + KEY_BYTES);
    this.#key = createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, raw]), format: 'der', type: 'pkcs8' });
  }

  sign(bytes: Uint8Array): string {
    return sign(null, bytes, this.#key).toString('base64url');
  }
}

/** Whether a signature over these bytes is by this key; false for a key that is none. */
export function isSignedBy(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  const key = publicKeyOf(publicKey);
  return key !== undefined && verify(null, bytes, key, Buffer.from(signature, 'base64url'));
}

function publicKeyOf(text: string): KeyObject | undefined {
  if (publicKeys.has(text)) return publicKeys.get(text);
  if (publicKeys.size >= MAX_KEYS) publicKeys.clear();
  const key = readPublicKey(text);
  publicKeys.set(text, key);
  return key;
}

function readPublicKey(text: string): KeyObject | undefined {
  try {
    fromPublic(text);
    const raw = base32(text).subarray(1, 1 + KEY_BYTES);
    return createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, raw]), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function base32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    value = ((value << 5) | ALPHABET.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return Buffer.from(bytes);
}

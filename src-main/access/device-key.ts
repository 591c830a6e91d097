import { createUser, fromSeed } from '@nats-io/nkeys';
import { LatticeError } from '../../src-shared/errors.ts';
import type { NatsAuth } from '../../src-shared/protocol/auth.ts';
import { type KeptSecret, SecretFiles } from '../secrets/secret-files.ts';

/** The key of this device: both halves, the public one of which others may know, and where the secret one is kept. */
export interface DeviceKey {
  file: string;
  publicKey: string;
  seed: string;
  /** Whether only the keychain of the app opens it. */
  sealed: boolean;
}

/**
 * Reads the NKey of this device, or makes it once; its secret half never leaves this machine.
 * @throws LatticeError `io_failed`, `auth_failed` for a file that holds no key, and as `SecretFiles.read`.
 */
export async function deviceKey(file: string, secrets = new SecretFiles()): Promise<DeviceKey> {
  const kept = await secrets.make(file, () => new TextDecoder().decode(createUser().getSeed()));
  return { file, publicKey: publicKeyOf(file, kept), seed: kept.value, sealed: kept.sealed };
}

/** How the key proves itself to a hub: by its file, or from memory when the file is sealed. */
export function keyAuth({ file, seed, sealed }: DeviceKey): NatsAuth {
  return sealed ? { nkeySeed: seed } : { nkeyFile: file };
}

function publicKeyOf(file: string, { value }: KeptSecret): string {
  try {
    return fromSeed(Buffer.from(value, 'ascii')).getPublicKey();
  } catch (error) {
    throw new LatticeError('auth_failed', `${file} does not hold the key of this device any more.`, {
      hint: 'Move it away; a new key is made, and this machine joins again with a new link.',
      cause: error,
    });
  }
}

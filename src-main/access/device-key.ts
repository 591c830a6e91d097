import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createUser, fromSeed } from '@nats-io/nkeys';
import { LatticeError } from '../../src-shared/errors.ts';

/** The key of this device: where its secret half lies, and the public half that others may know. */
export interface DeviceKey {
  file: string;
  publicKey: string;
}

/**
 * Reads the NKey of this device, or makes it once; its secret half never leaves the file (0600).
 * @throws LatticeError `io_failed`, or `auth_failed` for a file that holds no key.
 */
export async function deviceKey(file: string): Promise<DeviceKey> {
  const found = await readSeed(file);
  if (found !== undefined) return { file, publicKey: publicKeyOf(file, found) };
  const made = createUser();
  const draft = `${file}.${made.getPublicKey()}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, made.getSeed(), { mode: 0o600 });
    // Two processes that start at once agree on the key of the one that links first.
    await link(draft, file);
  } catch (error) {
    const other = await readSeed(file);
    if (other !== undefined) return { file, publicKey: publicKeyOf(file, other) };
    throw new LatticeError('io_failed', `The key of this device cannot be kept in ${file}.`, {
      hint: 'Check that the folder can be written.',
      cause: error,
    });
  } finally {
    await rm(draft, { force: true });
  }
  return { file, publicKey: made.getPublicKey() };
}

async function readSeed(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new LatticeError('io_failed', `The key of this device in ${file} cannot be read.`, {
      cause: error,
    });
  }
}

function publicKeyOf(file: string, seed: string): string {
  try {
    return fromSeed(Buffer.from(seed, 'ascii')).getPublicKey();
  } catch (error) {
    throw new LatticeError('auth_failed', `${file} does not hold the key of this device any more.`, {
      hint: 'Move it away; a new key is made, and this machine joins again with a new link.',
      cause: error,
    });
  }
}

import { randomBytes } from 'node:crypto';
import { access, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fromSeed } from '@nats-io/nkeys';
import { LatticeError } from '../../src-shared/errors.ts';
import { type OwnRequest, rotationBytes } from '../../src-shared/protocol/own-access.ts';
import { deviceKey } from './device-key.ts';
import { stationKey } from './membership.ts';

/** The hub takes the new key some tens of milliseconds after the host said yes. */
const TAKEN_WITHIN_MS = 10_000;
const TRY_AGAIN_MS = 100;

const fileIn = (dir: string) => join(dir, 'device.next.nk');

/** Tries to get in with the key in a file; false when the hub refuses it. */
export type KeyProbe = (nkeyFile: string) => Promise<boolean>;

/**
 * The question with which a device asks to go on with another key. The key is made once and kept beside the one that
 * counts until the hub takes it, so that a device that ends in between gets in with one or the other.
 */
export async function rotationRequest(dir: string, device: string): Promise<OwnRequest> {
  const { publicKey: old } = await stationKey(dir);
  const { file, publicKey: key } = await deviceKey(fileIn(dir));
  const nonce = randomBytes(16).toString('base64url');
  const pair = fromSeed(Buffer.from((await readFile(file, 'utf8')).trim(), 'ascii'));
  try {
    const proof = Buffer.from(pair.sign(rotationBytes(device, { old, key, nonce }))).toString('base64url');
    return { op: 'rotate', old, key, nonce, proof };
  } finally {
    pair.clear();
  }
}

/** Takes a new key that waits, when the hub lets it in; otherwise the old one still counts. @throws LatticeError as the probe does. */
export async function settleKey(dir: string, probe: KeyProbe): Promise<boolean> {
  const file = fileIn(dir);
  if (!(await exists(file)) || !(await probe(file))) return false;
  await takeKey(dir);
  return true;
}

/** Takes the new key once the hub lets it in, which the host promised. @throws LatticeError `timeout`. */
export async function awaitKey(dir: string, probe: KeyProbe, withinMs = TAKEN_WITHIN_MS): Promise<void> {
  const until = performance.now() + withinMs;
  // Another process of this station may take it first; then there is none that waits.
  while (!(await settleKey(dir, probe)) && (await exists(fileIn(dir)))) {
    if (performance.now() > until)
      throw new LatticeError('timeout', 'The hub does not take the new key yet.', {
        hint: 'Both keys are kept, and the next start takes the one that counts.',
      });
    await delay(TRY_AGAIN_MS);
  }
}

/** From now on the new key is the key of this station. */
async function takeKey(dir: string): Promise<void> {
  try {
    await rename(fileIn(dir), (await stationKey(dir)).file);
  } catch (error) {
    // Another process of this station took it at the same time.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw new LatticeError('io_failed', `The new key of this device cannot be kept in ${dir}.`, {
      hint: 'Make room on the disk or correct the permissions, then try again.',
      cause: error,
    });
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

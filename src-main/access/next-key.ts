import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fromSeed } from '@nats-io/nkeys';
import { LatticeError } from '../../src-shared/errors.ts';
import type { NatsAuth } from '../../src-shared/protocol/auth.ts';
import { type OwnRequest, rotationBytes } from '../../src-shared/protocol/own-access.ts';
import { SecretFiles } from '../secrets/secret-files.ts';
import { deviceKey, keyAuth } from './device-key.ts';
import { stationKey } from './membership.ts';

/** The hub takes the new key some tens of milliseconds after the host said yes. */
const TAKEN_WITHIN_MS = 10_000;
const TRY_AGAIN_MS = 100;

const fileIn = (dir: string) => join(dir, 'device.next.nk');

/** Where the keys of a station are. */
export interface KeyPlace {
  dir: string;
  /** How they are kept; in plain files without. */
  secrets?: SecretFiles | undefined;
}

/** Tries to get in with a key; false when the hub refuses it. */
export type KeyProbe = (auth: NatsAuth) => Promise<boolean>;

/**
 * The question with which a device asks to go on with another key. The key is made once and kept beside the one that
 * counts until the hub takes it, so that a device that ends in between gets in with one or the other.
 */
export async function rotationRequest({ dir, secrets }: KeyPlace, device: string): Promise<OwnRequest> {
  const { publicKey: old } = await stationKey(dir, secrets);
  const { publicKey: key, seed } = await deviceKey(fileIn(dir), secrets);
  const nonce = randomBytes(16).toString('base64url');
  const pair = fromSeed(Buffer.from(seed, 'ascii'));
  try {
    const proof = Buffer.from(pair.sign(rotationBytes(device, { old, key, nonce }))).toString('base64url');
    return { op: 'rotate', old, key, nonce, proof };
  } finally {
    pair.clear();
  }
}

/** Takes a new key that waits, when the hub lets it in; otherwise the old one still counts. @throws LatticeError as the probe does. */
export async function settleKey(place: KeyPlace, probe: KeyProbe): Promise<boolean> {
  if (!(await isWaiting(place))) return false;
  const next = await deviceKey(fileIn(place.dir), place.secrets);
  if (!(await probe(keyAuth(next)))) return false;
  await takeKey(place, next.seed);
  return true;
}

/** Takes the new key once the hub lets it in, which the host promised. @throws LatticeError `timeout`. */
export async function awaitKey(place: KeyPlace, probe: KeyProbe, withinMs = TAKEN_WITHIN_MS): Promise<void> {
  const until = performance.now() + withinMs;
  // Another process of this station may take it first; then there is none that waits.
  while (!(await settleKey(place, probe)) && (await isWaiting(place))) {
    if (performance.now() > until)
      throw new LatticeError('timeout', 'The hub does not take the new key yet.', {
        hint: 'Both keys are kept, and the next start takes the one that counts.',
      });
    await delay(TRY_AGAIN_MS);
  }
}

/** From now on the new key is the key of this station; a machine that stops in between has it twice and takes it again. */
async function takeKey({ dir, secrets = new SecretFiles() }: KeyPlace, seed: string): Promise<void> {
  const { file } = await stationKey(dir, secrets);
  await secrets.replace(file, seed);
  await secrets.remove(fileIn(dir));
}

async function isWaiting({ dir, secrets = new SecretFiles() }: KeyPlace): Promise<boolean> {
  return (await secrets.read(fileIn(dir))) !== undefined;
}

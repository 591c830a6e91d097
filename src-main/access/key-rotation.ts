import { fromPublic } from '@nats-io/nkeys';
import { LatticeError } from '../../src-shared/errors.ts';
import { type OwnRequest, rotationBytes } from '../../src-shared/protocol/own-access.ts';
import type { Device, Roster } from './roster.ts';

/** Former keys that are known; what an earlier one signed is older than the log. */
const MAX_FORMER = 20;

export interface RotationCheck {
  device: Device;
  request: Extract<OwnRequest, { op: 'rotate' }>;
  roster: Roster;
  hostKey: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * How a device is changed by its new key; nothing for a key it has already, since the first answer may have been lost.
 * @throws LatticeError `auth_failed` for a key that does not sign, `conflict` for one that somebody has.
 */
export function rotated(check: RotationCheck): Pick<Device, 'key' | 'former_keys'> | undefined {
  const { device, request, roster, hostKey, now } = check;
  const { old, key } = request;
  if (!isSigned(device.id, request))
    throw new LatticeError('auth_failed', 'This device could not prove that the new key is its own.');
  if (device.key === key) return undefined;
  if (device.key !== old)
    throw new LatticeError('conflict', 'The host knows another key of this device.', {
      hint: 'Another process of this machine may have changed it. Try again.',
    });
  const taken = [
    hostKey,
    ...roster.devices.flatMap((one) => [one.key, ...one.former_keys.map((former) => former.key)]),
    ...roster.invitations.map((one) => one.key),
  ];
  if (taken.includes(key)) throw new LatticeError('conflict', 'This key is, or was, in use already.');
  const former = { key: old, until: new Date(now).toISOString() };
  return { key, former_keys: [...device.former_keys, former].slice(-MAX_FORMER) };
}

function isSigned(device: string, { old, key, nonce, proof }: RotationCheck['request']): boolean {
  try {
    const bytes = rotationBytes(device, { old, key, nonce });
    return fromPublic(key).verify(bytes, Buffer.from(proof, 'base64url'));
  } catch {
    return false;
  }
}

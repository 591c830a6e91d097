import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUser, type KeyPair } from '@nats-io/nkeys';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownRequestSchema, rotationBytes } from '../../src-shared/protocol/own-access.ts';
import { rotated } from './key-rotation.ts';
import { stationKey } from './membership.ts';
import { awaitKey, rotationRequest, settleKey } from './next-key.ts';
import { Roster } from './roster.ts';

const hostKey = createUser().getPublicKey();
const old = createUser();
const other = createUser();
let folder: string;
let roster: Roster;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-rotation-'));
  const device = (id: string, pair: KeyPair) => ({
    id,
    key: pair.getPublicKey(),
    former_keys: [],
    name: id,
    role: 'station',
    version: '1',
    platform: 'Linux x64',
    joined_at: '2026-01-01T00:00:00.000Z',
  });
  const file = join(folder, 'access.json');
  const devices = [device('forge', old), device('atlas', other)];
  await writeFile(file, JSON.stringify({ version: 1, devices, invitations: [] }));
  roster = await Roster.open(file);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function request(pair: KeyPair, from = old, device = 'forge') {
  const change = { old: from.getPublicKey(), key: pair.getPublicKey(), nonce: 'n'.repeat(22) };
  const proof = Buffer.from(pair.sign(rotationBytes(device, change))).toString('base64url');
  return { op: 'rotate' as const, ...change, proof };
}

function check(asked: ReturnType<typeof request>, now = Date.parse('2026-02-01T00:00:00.000Z')) {
  const device = roster.device('forge');
  if (!device) throw new Error('No forge.');
  return rotated({ device, request: asked, roster, hostKey, now });
}

describe('a new key of a device', () => {
  it('comes in for the one that the host knows, which is kept as a former one', async () => {
    const next = createUser();
    const change = check(request(next));
    expect(change).toEqual({
      key: next.getPublicKey(),
      former_keys: [{ key: old.getPublicKey(), until: '2026-02-01T00:00:00.000Z' }],
    });
    await roster.changeDevice('forge', change ?? {});
    // The answer was lost, and the device asks again.
    expect(check(request(next))).toBeUndefined();
    expect(() => check(request(createUser()))).toThrow('knows another key');
    expect(() => check(request(old, next))).toThrow('in use already');
  });

  it('is refused when it was not signed by itself for this device and this change', () => {
    const next = createUser();
    const good = request(next);
    fc.assert(
      fc.property(fc.constantFrom('old', 'key', 'nonce', 'proof'), fc.nat(), (field, at) => {
        const value = good[field];
        const place = at % value.length;
        const changed = value.slice(0, place) + (value[place] === 'A' ? 'B' : 'A') + value.slice(place + 1);
        // The last character of a proof holds bits that do not count.
        fc.pre(!(field === 'proof' && place === value.length - 1));
        expect(() => check({ ...good, [field]: changed })).toThrow('could not prove');
      }),
    );
    expect(() => check(request(next, old, 'atlas'))).toThrow('could not prove');
    expect(() => check({ ...good, proof: request(createUser()).proof })).toThrow('could not prove');
  });

  it('is nobody else’s', () => {
    expect(() => check(request(other))).toThrow('in use already');
  });

  it('is asked for by nothing but a question', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(typeof value !== 'object' || value === null || !('op' in value));
        expect(ownRequestSchema.safeParse(value).success).toBe(false);
      }),
    );
    expect(ownRequestSchema.safeParse({ op: 'rotate', key: 'U' }).success).toBe(false);
    expect(ownRequestSchema.safeParse({ op: 'revoke' }).success).toBe(false);
  });
});

describe('the two keys of a device', () => {
  it('are the same for every question until the hub took the new one', async () => {
    const first = await rotationRequest({ dir: folder }, 'forge');
    const again = await rotationRequest({ dir: folder }, 'forge');
    expect(again).toMatchObject({ old: (await stationKey(folder)).publicKey });
    expect('key' in first && 'key' in again && first.key === again.key).toBe(true);
    expect(await settleKey({ dir: folder }, async () => false)).toBe(false);
    expect((await stationKey(folder)).publicKey).toBe('old' in first && first.old);
    expect(await settleKey({ dir: folder }, async () => true)).toBe(true);
    expect((await stationKey(folder)).publicKey).toBe('key' in first && first.key);
    expect(await readdir(folder)).toEqual(['access.json', 'device.nk']);
    expect((await stat(join(folder, 'device.nk'))).mode & 0o777).toBe(0o600);
  });

  it('stay both when the hub cannot be asked', async () => {
    await rotationRequest({ dir: folder }, 'forge');
    const before = await readFile(join(folder, 'device.nk'), 'utf8');
    const away = new Error('The hub is away.');
    await expect(settleKey({ dir: folder }, () => Promise.reject(away))).rejects.toBe(away);
    await expect(awaitKey({ dir: folder }, async () => false, 0)).rejects.toMatchObject({ code: 'timeout' });
    expect(await readFile(join(folder, 'device.nk'), 'utf8')).toBe(before);
    expect(await readdir(folder)).toContain('device.next.nk');
  });

  it('are taken once by two processes at the same time', async () => {
    await rotationRequest({ dir: folder }, 'forge');
    const probe = async () => true;
    await Promise.all([awaitKey({ dir: folder }, probe), awaitKey({ dir: folder }, probe)]);
    expect(await readdir(folder)).toEqual(['access.json', 'device.nk']);
  });
});

import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { guestRoom } from './guest-room.ts';

const MIB = 1024 ** 2;
const limits = { storage_bytes: MIB, memory_bytes: MIB, connections: 1, subscriptions: 1 };
const huge = { ...limits, storage_bytes: 1024 ** 5, memory_bytes: 1024 ** 4 };

it('is left to the server while nobody but its own lattice is on it', async () => {
  expect(await guestRoom('/does/not/exist')).toEqual({});
  expect(await guestRoom(tmpdir(), [])).toEqual({});
});

it('covers what all guests may use, where the machine has less, and stays the same then', async () => {
  const room = await guestRoom(tmpdir(), [{ limits: huge }, { limits }]);
  expect(room.storage_bytes).toBeGreaterThan(1024 ** 5 + MIB);
  expect(room.memory_bytes).toBeGreaterThan(1024 ** 4 + MIB);
  expect(await guestRoom(tmpdir(), [{ limits: huge }, { limits }])).toEqual(room);
});

it('covers them also where the disk does not say what is free', async () => {
  expect((await guestRoom('/does/not/exist', [{ limits }])).storage_bytes).toBeGreaterThan(MIB);
});

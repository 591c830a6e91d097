import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { DEFAULT_GUEST_LIMITS } from '../../src-shared/views/guest.ts';
import { hubRoom, requireRoom, roomOf } from './hub-room.ts';

const GIB = 1024 ** 3;
const stream = (max_bytes: number) => ({
  name: 'S',
  config: { max_bytes },
  state: { messages: 0, bytes: 0, consumer_count: 0 },
});
const account = (name: string, ...max: number[]) => ({ name, storage: 0, stream_detail: max.map(stream) });

it('is what the hub has, without what its own lattice may store', () => {
  const account_details = [account('LATTICE', 4 * GIB, -1, GIB), account('LATTICE_design', 100 * GIB)];
  const config = { max_storage: 20 * GIB, max_memory: 2 * GIB };
  expect(roomOf({ config, account_details })).toEqual({ storage_bytes: 15 * GIB, memory_bytes: 2 * GIB });
  expect(roomOf({ config: { ...config, max_storage: GIB }, account_details })?.storage_bytes).toBe(0);
  expect(roomOf({ config: { max_storage: 0, max_memory: 0 }, account_details })).toBeUndefined();
});

it('takes limits that fit beside those of the others, and says of the rest what is left', () => {
  const room = { storage_bytes: 3 * GIB, memory_bytes: GIB };
  const others = [DEFAULT_GUEST_LIMITS, DEFAULT_GUEST_LIMITS];
  expect(() => requireRoom(DEFAULT_GUEST_LIMITS, others, room)).not.toThrow();
  expect(() => requireRoom({ ...DEFAULT_GUEST_LIMITS, storage_bytes: 2 * GIB }, others, room)).toThrow(
    'Storage of 2 GiB does not fit into this hub: 1 GiB is left.',
  );
  expect(() => requireRoom({ ...DEFAULT_GUEST_LIMITS, memory_bytes: GIB }, others, room)).toThrow(
    'Memory of 1 GiB does not fit into this hub: 896 MiB is left.',
  );
  expect(() => requireRoom({ ...DEFAULT_GUEST_LIMITS, memory_bytes: GIB }, others, undefined)).not.toThrow();
});

it('never refuses what a lattice has, so that a full disk does not stop other changes', () => {
  const full = { storage_bytes: 0, memory_bytes: 0 };
  const before = DEFAULT_GUEST_LIMITS;
  expect(() => requireRoom({ ...before, connections: 9 }, [], full, before)).not.toThrow();
  expect(() => requireRoom({ ...before, storage_bytes: GIB / 2 }, [], full, before)).not.toThrow();
  expect(() => requireRoom({ ...before, storage_bytes: GIB + 1 }, [], full, before)).toThrow('0 B is left');
});

it('is not known while the monitor is away or says something else', async () => {
  expect(await hubRoom(undefined)).toBeUndefined();
  const server = createServer((_request, response) => response.end('{"config":"rubbish"}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await hubRoom(`http://127.0.0.1:${port}`)).toBeUndefined();
  await new Promise((resolve) => server.close(resolve));
  expect(await hubRoom(`http://127.0.0.1:${port}`)).toBeUndefined();
});

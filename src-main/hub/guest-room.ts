import { statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import type { GuestAccount } from './accounts.ts';

const GIB = 1024 ** 3;

/** nats-server takes three quarters of the free disk and of the memory for itself; a little less, so that it never differs. */
const TAKEN = 0.7;
/** What the own lattice and the server need beside the guests. */
const OWN = { storage: 8 * GIB, memory: GIB };

/** What the config allows the server to use, in bytes, where its own choice would be too little. */
export interface GuestRoom {
  storage_bytes?: number;
  memory_bytes?: number;
}

/**
 * What to allow a server that carries guests. It does not start when they may use up more than it has, so a disk that
 * filled up since they were added would take the hub away from everybody.
 */
export async function guestRoom(
  storeDir: string,
  guests: readonly Pick<GuestAccount, 'limits'>[] = [],
): Promise<GuestRoom> {
  if (guests.length === 0) return {};
  const storage = guests.reduce((sum, { limits }) => sum + limits.storage_bytes, OWN.storage);
  const memory = guests.reduce((sum, { limits }) => sum + limits.memory_bytes, OWN.memory);
  const free = await statfs(storeDir).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return {
    ...(storage > free * TAKEN ? { storage_bytes: storage } : {}),
    ...(memory > totalmem() * TAKEN ? { memory_bytes: memory } : {}),
  };
}

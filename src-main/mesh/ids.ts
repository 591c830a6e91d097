import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

const POOL_BYTES = 4_096;

/** Makes ULIDs that rise within this process; random bytes come in bulk, for one system call each costs more than a call. */
export function idFactory(): () => string {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  const random = () => {
    if (used === POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    return (pool[used++] ?? 0) / 256;
  };
  const next = monotonicFactory(random);
  return () => next();
}

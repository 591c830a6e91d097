import { randomFillSync } from 'node:crypto';
import { ulid } from 'ulid';

/** Random bytes are drawn in bulk: a system call for each id is what an id costs otherwise. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

function draw(count: number): number {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return used - count;
}

/** A new ULID: sortable by time, unique everywhere. */
export function newId(): string {
  return ulid(undefined, () => (pool[draw(1)] ?? 0) / 256);
}

/** `count` random bytes in hex. */
export function randomHex(count: number): string {
  const at = draw(count);
  return pool.toString('hex', at, at + count);
}

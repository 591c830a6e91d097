/** Gives numbers from 0 (included) to 1 (excluded), as `Math.random` does. */
export type Random = () => number;

/** Numbers that a seed repeats exactly (mulberry32): for tests, for previews and for `seed:` in the configuration. */
export function seededRandom(seed: number): Random {
  let state = Math.trunc(seed) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * The numbers of one call out of a seeded row: the same seed and call give the same draw in every process, so a
 * preview shows what will really happen.
 */
export function randomOfCall(seed: number, call: number): Random {
  return seededRandom(Math.imul(Math.trunc(seed) ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(call + 1, 0xc2b2ae35));
}

/** How many groups can be told apart by hue and pattern. */
export const LOOKS = 6;

/** Gives each name a look of six: the one its letters stand for, or the next that is free. The same names get the same looks. */
export function looksOf(names: readonly string[]): Map<string, number> {
  const looks = new Map<string, number>();
  const uses = Array.from({ length: LOOKS }, () => 0);
  for (const name of [...names].sort()) {
    const least = Math.min(...uses);
    const first = letters(name) % LOOKS;
    const order = Array.from({ length: LOOKS }, (_, step) => (first + step) % LOOKS);
    const look = order.find((each) => uses[each] === least) ?? first;
    uses[look] = (uses[look] ?? 0) + 1;
    looks.set(name, look);
  }
  return looks;
}

function letters(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum;
}

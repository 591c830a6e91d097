import type { PlainValue } from './edit.ts';
import type { Segment } from './rearrange.ts';

/**
 * Where each item of a new list comes from: its old place, another old place, or nowhere (undefined). `in place` when
 * single items say something else and nothing moved.
 */
export function alignLists(
  before: readonly PlainValue[],
  after: readonly PlainValue[],
): (Segment | undefined)[] | 'in place' {
  const old = before.map((item) => JSON.stringify(item));
  const wanted = after.map((item) => JSON.stringify(item));
  if (old.length === wanted.length && old.toSorted().join() !== wanted.toSorted().join()) return 'in place';
  const kept = longestCommon(old, wanted);
  const free = new Set(old.keys());
  for (const place of kept) if (place !== undefined) free.delete(place);
  return wanted.map((item, index) => {
    const place = kept[index];
    if (place !== undefined) return { keep: place };
    const other = [...free].find((each) => old[each] === item);
    if (other === undefined) return undefined;
    free.delete(other);
    return { take: other };
  });
}

/** For each new item the old place that it keeps in the longest common row. */
function longestCommon(old: readonly string[], wanted: readonly string[]): (number | undefined)[] {
  const width = wanted.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row--)
    for (let column = wanted.length - 1; column >= 0; column--)
      lengths[row * width + column] =
        old[row] === wanted[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
  const places: (number | undefined)[] = wanted.map(() => undefined);
  for (let row = 0, column = 0; row < old.length && column < wanted.length; ) {
    if (old[row] === wanted[column]) places[column++] = row++;
    else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return places;
}

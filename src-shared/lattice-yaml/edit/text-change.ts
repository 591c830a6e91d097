/** A piece of a text that is replaced; offsets are those of the text before. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** Applies changes that do not overlap; those at the same place hold in the order given. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  let result = '';
  let at = 0;
  for (const { from, to, insert } of inOrder(changes)) {
    result += text.slice(at, from) + insert;
    at = to;
  }
  return result + text.slice(at);
}

/** The changes that take `changes` of `text` back, with offsets in the text after them. */
export function invertChanges(text: string, changes: readonly TextChange[]): TextChange[] {
  let shift = 0;
  return inOrder(changes).map(({ from, to, insert }) => {
    const back = { from: from + shift, to: from + shift + insert.length, insert: text.slice(from, to) };
    shift += insert.length - (to - from);
    return back;
  });
}

/** The one change between two texts, as small as it can be. */
export function changeBetween(before: string, after: string): TextChange | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { from: head, to: before.length - tail, insert: after.slice(head, after.length - tail) };
}

/** Changes in the order of the text, without those that change nothing. */
function inOrder(changes: readonly TextChange[]): TextChange[] {
  return changes
    .filter(({ from, to, insert }) => from !== to || insert !== '')
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

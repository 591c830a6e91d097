/** A part of a text, from its first character to the one after its last. */
export type Span = readonly [start: number, end: number];

/** What stands where a secret was. */
export const BLOT = '[redacted]';

/** The same parts in order, those that touch or overlap as one. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: [number, number][] = [];
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** The first `end` characters of a text with each part blotted out; the parts are in order and none crosses `end`. */
export function blotSpans(text: string, spans: readonly Span[], end = text.length): string {
  const kept: string[] = [];
  let at = 0;
  for (const [start, stop] of spans) {
    if (start >= end) break;
    kept.push(text.slice(at, start), BLOT);
    at = stop;
  }
  kept.push(text.slice(at, end));
  return kept.join('');
}

import type { YAMLMap, YAMLSeq } from 'yaml';
import { type Chunk, chunksOf } from './chunks.ts';
import { entriesOfFlow } from './flow-entries.ts';
import { columnOf, lineStart, nextLine, type YamlSource } from './source.ts';
import { changeBetween, type TextChange } from './text-change.ts';

/** An entry as it will be: one that is there and stays in order, one that is there and comes here, or new text. */
export type Segment =
  | { readonly keep: number }
  | { readonly take: number }
  /** Text without the indentation of its first line and without a line break at its end. */
  | { readonly text: string };

/** The changes that give a collection the entries `segments`; at least one of them is there. */
export function rearrange(
  source: YamlSource,
  node: YAMLMap | YAMLSeq,
  segments: readonly Segment[],
): TextChange[] {
  return node.flow ? rearrangeFlow(source, node, segments) : rearrangeBlock(source, node, segments);
}

function rearrangeBlock(
  source: YamlSource,
  node: YAMLMap | YAMLSeq,
  segments: readonly Segment[],
): TextChange[] {
  const { text, style } = source;
  const chunks = chunksOf(source, node);
  const [first] = chunks;
  if (first === undefined) return [];
  const kept = new Set(segments.flatMap((each) => ('keep' in each ? [each.keep] : [])));
  const column = columnOf(text, first.head);
  const shared =
    first.start === first.head && text.slice(lineStart(text, first.head), first.head).trim() !== '';
  const firstLeaves = shared && !kept.has(0);
  const spaced = isSpaced(text, chunks);
  const changes = removals(text, chunks, kept, firstLeaves);
  let after: Chunk | undefined;
  let run: string[] = [];
  const flush = () => {
    if (run.length === 0) return;
    const join = spaced ? `${style.eol}${style.eol}` : style.eol;
    const indent = ' '.repeat(column);
    const lines = run
      .map((each, index) => (index === 0 && shared && !after ? each : indent + each))
      .join(join);
    if (after === undefined) {
      const gap = spaced && kept.size > 0 ? style.eol : '';
      const tail = shared && kept.size > 0 ? `${style.eol}${gap}${indent}` : style.eol + gap;
      changes.push({ from: first.start, to: first.start, insert: lines + tail });
    } else {
      const gap = spaced ? style.eol : '';
      const open = after.end > 0 && text[after.end - 1] !== '\n';
      const insert = open ? `${style.eol}${gap}${lines}` : `${gap}${lines}${style.eol}`;
      changes.push({ from: after.end, to: after.end, insert });
    }
    run = [];
  };
  for (const segment of segments) {
    if ('keep' in segment) {
      flush();
      after = chunks[segment.keep];
    } else if ('take' in segment) {
      const chunk = chunks[segment.take];
      if (chunk !== undefined) run.push(chunkText(text, chunk));
    } else run.push(segment.text);
  }
  flush();
  return merged(changes);
}

/** The text of a chunk without the indentation of its first line and its last line break. */
function chunkText(text: string, { start, end }: Chunk): string {
  return text.slice(start, end).trimEnd().trimStart();
}

function isSpaced(text: string, chunks: readonly Chunk[]): boolean {
  return chunks.some((chunk, index) => {
    const next = chunks[index + 1];
    return next !== undefined && /^[ \t]*\r?\n/.test(text.slice(chunk.end, next.start));
  });
}

/** Entries that go, each with the blank lines that parted it from its neighbour. */
function removals(
  text: string,
  chunks: readonly Chunk[],
  kept: ReadonlySet<number>,
  firstLeaves: boolean,
): TextChange[] {
  const firstKept = Math.min(...kept);
  return chunks.flatMap((chunk, index) => {
    if (kept.has(index)) return [];
    if (firstLeaves && index < firstKept) {
      const head = chunks[firstKept]?.head ?? chunk.end;
      const to =
        kept.size === 0 ? chunk.end : index === firstKept - 1 ? head : (chunks[index + 1]?.start ?? head);
      return [{ from: chunk.start, to, insert: '' }];
    }
    const isLast = chunks.every((_, other) => other <= index || !kept.has(other));
    const from = isLast ? overBlankLinesUp(text, chunk.start) : chunk.start;
    const to = isLast ? chunk.end : overBlankLines(text, chunk.end, chunks[index + 1]?.start ?? chunk.end);
    return [{ from, to, insert: '' }];
  });
}

function overBlankLines(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit) {
    const next = nextLine(text, at);
    if (text.slice(at, next).trim() !== '') break;
    at = next;
  }
  return at;
}

function overBlankLinesUp(text: string, from: number): number {
  let at = from;
  while (at > 0) {
    const above = lineStart(text, at - 1);
    if (text.slice(above, at).trim() !== '') break;
    at = above;
  }
  return at;
}

/** Removals that touch each other as one, so that no insertion falls inside of one. */
function merged(changes: readonly TextChange[]): TextChange[] {
  const sorted = [...changes].sort((a, b) => a.from - b.from || a.to - b.to);
  const result: TextChange[] = [];
  for (const change of sorted) {
    const last = result.at(-1);
    if (last !== undefined && change.from <= last.to && change.from >= last.from) {
      result[result.length - 1] = {
        from: last.from,
        to: Math.max(last.to, change.to),
        insert: last.insert + change.insert,
      };
    } else result.push(change);
  }
  return result;
}

/** Between brackets the inside is written again; what stands between two neighbours stays with the first of them. */
function rearrangeFlow(
  source: YamlSource,
  node: YAMLMap | YAMLSeq,
  segments: readonly Segment[],
): TextChange[] {
  const { text, style } = source;
  const range = node.range;
  if (!range) return [];
  const [open, close] = [range[0] + 1, range[1] - 1];
  const inner = text.slice(open, close);
  const entries = entriesOfFlow(text, node);
  const usual = entries.map(({ gap }) => gap).find((gap) => gap !== '' && !gap.includes('#')) ?? ', ';
  const [lead, tail] =
    entries.length === 0
      ? [style.padding, style.padding]
      : [text.slice(open, entries[0]?.start), text.slice(entries.at(-1)?.end, close)];
  const parts = segments.map((segment, index) => {
    const place = 'keep' in segment ? segment.keep : 'take' in segment ? segment.take : undefined;
    const entry = place === undefined ? undefined : entries[place];
    const words =
      entry === undefined ? ('text' in segment ? segment.text : '') : text.slice(entry.start, entry.end);
    const isLast = index === segments.length - 1;
    return isLast ? words : words + (entry?.gap === undefined || entry.gap === '' ? usual : entry.gap);
  });
  const wanted = segments.length === 0 ? '' : lead + parts.join('') + tail;
  const change = changeBetween(inner, wanted);
  return change === undefined ? [] : [{ ...change, from: change.from + open, to: change.to + open }];
}

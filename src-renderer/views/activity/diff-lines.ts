import { structuredPatch } from 'diff';

/** Lines around a change that are shown with it. */
const CONTEXT = 3;
/** Above this many changed lines the shortest difference is not looked for, because that takes too long. */
const MAX_EDITS = 1_000;

/** One line of a diff with its number in the old or in the new file, from 1. */
export interface DiffLine {
  key: string;
  kind: 'same' | 'added' | 'removed' | 'gap';
  number?: number;
  text: string;
}

export interface FileDiff {
  lines: DiffLine[];
  added: number;
  removed: number;
}

/** What changed between two texts of a file; a file that was not there has only added lines. */
export function fileDiff(before: string | undefined, after: string): FileDiff {
  const options = { context: CONTEXT, maxEditLength: MAX_EDITS };
  const patch = before === undefined ? undefined : structuredPatch('', '', before, after, '', '', options);
  const lines = patch === undefined ? replaced(before ?? '', after) : patch.hunks.flatMap(hunkLines);
  const countOf = (kind: DiffLine['kind']) => lines.filter((line) => line.kind === kind).length;
  return { lines, added: countOf('added'), removed: countOf('removed') };
}

type Hunk = { oldStart: number; newStart: number; lines: readonly string[] };

function hunkLines(hunk: Hunk, index: number): DiffLine[] {
  let old = hunk.oldStart;
  let now = hunk.newStart;
  const lines: DiffLine[] = index === 0 ? [] : [{ key: `gap ${hunk.newStart}`, kind: 'gap', text: '' }];
  for (const line of hunk.lines) {
    const text = line.slice(1);
    if (line.startsWith('+')) lines.push({ key: `added ${now}`, kind: 'added', number: now++, text });
    else if (line.startsWith('-'))
      lines.push({ key: `removed ${old}`, kind: 'removed', number: old++, text });
    else if (line.startsWith(' ')) {
      lines.push({ key: `same ${now}`, kind: 'same', number: now++, text });
      old++;
    }
  }
  return lines;
}

function replaced(before: string, after: string): DiffLine[] {
  const all = (text: string, kind: DiffLine['kind']) =>
    text === ''
      ? []
      : text
          .replace(/\n$/, '')
          .split('\n')
          .map((line, index) => ({ key: `${kind} ${index + 1}`, kind, number: index + 1, text: line }));
  return [...all(before, 'removed'), ...all(after, 'added')];
}

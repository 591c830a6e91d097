import { describe, expect, it } from 'vitest';
import { fileDiff } from './diff-lines.ts';

describe('fileDiff', () => {
  it('shows what changed with three lines around it and the numbers of the new file', () => {
    const before = Array.from({ length: 30 }, (_, n) => `line ${n + 1}`).join('\n');
    const after = before.replace('line 2\n', 'line two\n').replace('line 29', 'line 29\nand more');
    const { lines, added, removed } = fileDiff(before, after);
    expect({ added, removed }).toEqual({ added: 2, removed: 1 });
    expect(lines.filter((line) => line.kind === 'gap')).toHaveLength(1);
    expect(lines.find((line) => line.kind === 'added')).toMatchObject({ number: 2, text: 'line two' });
    expect(new Set(lines.map((line) => line.key)).size).toBe(lines.length);
  });

  it('takes a new file as added, and texts without anything in common as replaced', () => {
    expect(fileDiff(undefined, 'a\nb\n')).toMatchObject({ added: 2, removed: 0 });
    const other = (word: string) => Array.from({ length: 5_000 }, (_, n) => `${word} ${n}`).join('\n');
    expect(fileDiff(other('a'), other('b'))).toMatchObject({ added: 5_000, removed: 5_000 });
  });
});

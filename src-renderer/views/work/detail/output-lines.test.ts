import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Activity } from '../../../../src-shared/protocol/activity.ts';
import { activityText } from '../../../../src-shared/views/activity-words.ts';
import type { WorkLine } from '../../../../src-shared/views/work.ts';
import { OutputReader, textOf } from './output-lines.ts';

let seq = 0;
const said = (attempt: number, text: string, more: Partial<WorkLine> = {}): WorkLine => {
  seq += 1;
  return { seq, time: '2026-11-21T14:00:00.000Z', attempt, kind: 'output', text, ...more };
};
const mapOf = (lines: readonly WorkLine[]) => new Map(lines.map((line) => [String(line.seq), line]));
const outputOf = (lines: readonly WorkLine[]) => new OutputReader().read(mapOf(lines));
const texts = (lines: readonly WorkLine[]) => outputOf(lines).lines.map((line) => line.text);

describe('the output of a work', () => {
  it('joins pieces that were cut inside a line', () => {
    expect(texts([said(1, 'one\ntw'), said(1, 'o\n'), said(1, 'three')])).toEqual(['one', 'two', 'three']);
    expect(texts([said(1, 'a'), said(1, 'b'), said(1, '\n'), said(1, 'c\n')])).toEqual(['ab', 'c']);
    expect(texts([said(1, '\n\nx\n')])).toEqual(['', '', 'x']);
  });

  it('tells the same lines however the text was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', '\n')),
        fc.array(fc.nat(8), { minLength: 1 }),
        (chars, cuts) => {
          const text = chars.join('');
          const pieces: WorkLine[] = [];
          let turn = 0;
          for (let at = 0; at < text.length; ) {
            const size = 1 + (cuts[turn % cuts.length] ?? 0);
            pieces.push(said(1, text.slice(at, at + size)));
            at += size;
            turn += 1;
          }
          expect(textOf(outputOf(pieces).lines)).toBe(text.replace(/\n$/, ''));
          const keys = outputOf(pieces).lines.map((line) => line.key);
          expect(new Set(keys).size).toBe(keys.length);
          const reader = new OutputReader();
          reader.read(mapOf(pieces.slice(0, cuts[0])));
          expect(reader.read(mapOf(pieces))).toEqual(outputOf(pieces));
        },
      ),
    );
  });

  it('begins each attempt with a line of its own and never joins across', () => {
    const output = outputOf([said(1, 'half'), said(2, 'again\n'), said(2, 'more')]);
    expect(output.lines.map((line) => line.text)).toEqual(['half', '──── Attempt 2 ────', 'again', 'more']);
    expect(output.firstOf.get(2)).toBe('attempt 2');
    expect(output.firstOf.get(1)).toBe(output.lines[0]?.key);
  });

  it('says the attempt when the first one told nothing', () => {
    expect(texts([said(2, 'x')])).toEqual(['──── Attempt 2 ────', 'x']);
  });

  it('shows progress as a remark and leaves out what is only a percent', () => {
    const lines = [
      said(1, 'x'),
      said(1, '', { kind: 'progress', progress: { percent: 40 } }),
      said(1, '', { kind: 'progress', progress: { percent: 50, step: 2, of: 3, message: 'Restart' } }),
      said(1, 'Left out 12 characters.', { kind: 'note' }),
    ];
    expect(texts(lines)).toEqual(['x', 'Step 2 of 3, Restart (50%)', 'Left out 12 characters.']);
  });

  it('reads anew when another story comes', () => {
    const reader = new OutputReader();
    reader.read(mapOf([said(1, 'old\n')]));
    expect(reader.read(mapOf([said(1, 'new\n')])).lines.map((line) => line.text)).toEqual(['new']);
    expect(reader.read(new Map()).lines).toEqual([]);
  });

  it('shows nothing for nothing', () => {
    expect(outputOf([])).toEqual({ lines: [], firstOf: new Map(), typed: false });
  });

  it('runs an answer on like output, tells other activity in lines, and says that there is some', () => {
    const line = (seq: number, activity: Activity): WorkLine => ({
      seq,
      time: '2026-11-21T10:00:00Z',
      attempt: 1,
      kind: 'activity',
      text: activityText(activity),
      activity,
    });
    const { lines, typed } = outputOf([
      line(1, { kind: 'text', id: 'a', role: 'answer', text: 'Hel' }),
      line(2, { kind: 'text', id: 'a', role: 'answer', text: 'lo\n' }),
      line(3, { kind: 'notice', level: 'info', text: 'No limit here.' }),
    ]);
    expect(lines.map(({ text }) => text)).toEqual(['Hello', 'No limit here.']);
    expect(typed).toBe(true);
  });
});

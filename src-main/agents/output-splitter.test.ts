import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINE_CHARS, type OutputPiece, OutputSplitter } from './output-splitter.ts';

function split(...chunks: string[]): OutputPiece[] {
  const splitter = new OutputSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}
const joined = (pieces: OutputPiece[]) =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : piece.line)).join('');
const lines = (pieces: OutputPiece[]) =>
  pieces.filter((piece) => piece.kind === 'line').map((piece) => piece.line);

describe('OutputSplitter', () => {
  it('holds only lines that can be messages', () => {
    const splitter = new OutputSplitter();
    expect(splitter.push('working')).toEqual([{ kind: 'text', text: 'working' }]);
    expect(splitter.push('...\n  {"type":')).toEqual([{ kind: 'text', text: '...\n' }]);
    expect(splitter.push('"result"}\n')).toEqual([{ kind: 'line', line: '  {"type":"result"}\n' }]);
    expect(splitter.push('{"last":1}')).toEqual([]);
    expect(splitter.end()).toEqual([{ kind: 'line', line: '{"last":1}' }]);
  });

  it('loses nothing and finds the same lines however the output is cut', () => {
    const output = fc
      .array(fc.constantFrom('{"a":1}', '{', ' ', 'text', '\n', '\n', '\r\n', '\t{x}'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(output, fc.array(fc.nat(200), { maxLength: 10 }), (text, cuts) => {
        const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
        const chunks = places.slice(1).map((place, index) => text.slice(places[index], place));
        expect(joined(split(...chunks))).toBe(text);
        expect(lines(split(...chunks))).toEqual(lines(split(text)));
        expect(lines(split(text))).toEqual(
          text.split(/(?<=\n)/).filter((line) => line.trimStart().startsWith('{')),
        );
      }),
    );
  });

  it('lets a line go that is too long to be a message', () => {
    const splitter = new OutputSplitter();
    const half = `{${'x'.repeat(MAX_LINE_CHARS / 2)}`;
    expect(splitter.push(half)).toEqual([]);
    expect(splitter.push(half)).toHaveLength(1);
    expect(splitter.oversized).toMatch(/^\{xxx/);
    expect(splitter.push('more\n{"a":1}\n').map((piece) => piece.kind)).toEqual(['text', 'line']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from './split-words.ts';

describe('splitWords', () => {
  it('parts words as a shell would, with quotes and backslashes', () => {
    const lines: readonly (readonly [string, readonly string[]])[] = [
      ['', []],
      ['  \t ', []],
      ['node ./server.mjs --x=1', ['node', './server.mjs', '--x=1']],
      [`node './my server.js' "a b"`, ['node', './my server.js', 'a b']],
      [`--name="a b"c ''`, ['--name=a bc', '']],
      [`a\\ b "say \\"hi\\" \\\\ \\n"`, ['a b', 'say "hi" \\ \\n']],
      [`'a\\' "'" '"'`, ['a\\', "'", '"']],
      [`'a | b' "x; y"`, ['a | b', 'x; y']],
      ['$HOME/x $y', ['$HOME/x', '$y']],
    ];
    for (const [line, words] of lines) expect(splitWords(line), line).toEqual(words);
  });

  it('refuses what only a shell would understand, and quotes that are not closed', () => {
    for (const line of ['a | b', 'a; rm -rf ~', 'a && b', 'a > x', 'a < x', 'a `b`', 'a &'])
      expect(() => splitWords(line), line).toThrow(/asks for a shell with [|;&><`]; none reads it\./);
    for (const line of [`node 'x`, `node "x\\"`, `"`])
      expect(() => splitWords(line), line).toThrow(/not closed/);
  });

  it('gives back any words that were quoted', () => {
    const quoted = (word: string) => `"${word.replaceAll(/["\\]/g, '\\$&')}"`;
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(splitWords(words.map(quoted).join(' '))).toEqual(words);
      }),
    );
  });
});

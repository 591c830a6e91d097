import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitBlocks } from './text-blocks.ts';

describe('splitBlocks', () => {
  it('cuts at empty lines outside of code and keeps the end open', () => {
    const text = 'One\nline\n\n```ts\na\n\nb\n```\n\nlast';
    expect(splitBlocks(text)).toEqual({ done: ['One\nline\n\n', '```ts\na\n\nb\n```\n\n'], rest: 'last' });
    expect(splitBlocks('')).toEqual({ done: [], rest: '' });
    expect(splitBlocks('```\nopen\n\nstill')).toEqual({ done: [], rest: '```\nopen\n\nstill' });
  });

  it('goes on with long code under the same fence', () => {
    const code = 'x = 1;\n'.repeat(3_000);
    const { done, rest } = splitBlocks(`\`\`\`js\n${code}`);
    expect(done.length).toBeGreaterThan(1);
    for (const block of done) {
      expect(block.startsWith('```js\n')).toBe(true);
      expect(block.endsWith('```\n')).toBe(true);
      expect(block.length).toBeLessThan(8_100);
    }
    const plain = [...done, rest].join('').replaceAll(/```(js)?\n/g, '');
    expect(plain).toBe(code);
  });

  it('loses no character of prose, however long its lines are', () => {
    const word = fc.constantFrom('a ', '🙂', '\n', '\n\n', 'x'.repeat(9_000), '🙂'.repeat(5_000));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const text = words.join('');
        const { done, rest } = splitBlocks(text);
        const all = [...done, rest].join('');
        expect(all.replaceAll('\n', '')).toBe(text.replaceAll('\n', ''));
        for (const block of done) expect(block).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
      }),
      { numRuns: 50 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_YAML_CHARS, parseYaml } from './parse-yaml.ts';

const bomb = ['a: &a [1,1,1,1,1,1,1,1,1,1]']
  .concat('bcdefg'.split('').map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdef'[i]}`)}]`))
  .join('\n');

describe('parseYaml', () => {
  it('reads plain data', () => {
    const { value, diagnostics } = parseYaml('a: &x {b: [1, true, "t"]}\nc:\n  <<: *x\n  d: null\n', 'f');
    expect(diagnostics).toEqual([]);
    expect(value).toEqual({ a: { b: [1, true, 't'] }, c: { b: [1, true, 't'], d: null } });
  });

  it.each([
    ['a tab as indentation', 'a:\n\tb: 1', 2, 1, /tab cannot indent/],
    ['a key twice', 'a: 1\nb: 2\na: 3', 3, 1, /key a is there twice/],
    ['a quote that stays open', 'a: "x', 1, 6, /Missing closing/],
    ['a list that stays open', 'a:\n  b: [1', 2, 8, /must be sufficiently indented/],
    ['two colons', 'a: b: c', 1, 4, /second ": "/],
    ['a key that is a list', '? [a]\n: 1', 1, 3, /key has to be text/],
    ['two documents', 'a: 1\n---\nb: 2', 2, 1, /two documents/],
    ['an alias without anchor', 'a: *b', 1, 4, /\*b has no anchor/],
    ['an alias in its own anchor', 'a: &a\n  b: *a', 2, 6, /\*a stands inside its own anchor/],
    ['an alias bomb', bomb, 5, 7, /repeats too much/],
    ['a prototype key', 'a:\n  __proto__: {x: 1}', 2, 3, /key __proto__ is not allowed/],
    ['a constructor key', 'constructor: 1', 1, 1, /key constructor is not allowed/],
    ['a merge of no map', '<<: 3', 1, 1, /Merge sources/],
    ['brackets without end', '['.repeat(200_000), 1, 101, /nested more than 100 deep/],
    ['dashes without end', '- '.repeat(100_000), 1, 201, /nested more than 100 deep/],
    ['a text that is too large', `a: ${'x'.repeat(MAX_YAML_CHARS)}`, 1, 1, /limit is 1,048,576/],
  ])('refuses %s and says where', (_, text, line, column, message) => {
    const { value, diagnostics } = parseYaml(text, 'lattice.yaml');
    expect(value).toBeUndefined();
    expect(diagnostics[0]).toMatchObject({ severity: 'error', source: 'lattice.yaml', line, column });
    expect(diagnostics[0]?.message).toMatch(message);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('counts lines from where the text begins in its file', () => {
    expect(parseYaml('a: 1\na: 2', 'x.prompt', 2).diagnostics[0]).toMatchObject({ line: 3, column: 1 });
  });

  it('quotes what stands there', () => {
    expect(parseYaml('name: !secret abc', 'f').diagnostics[0]).toMatchObject({
      severity: 'warning',
      text: '!secret',
    });
  });

  it('never throws and always points into the text', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '\t',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&a',
      '*a',
      '"',
      '|',
      '#',
      '<<',
      '!',
      '%',
      '?',
      '\u0000',
      '\ud800',
      '---\n',
      '__proto__',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (input) => {
        const { diagnostics } = parseYaml(input, 'f');
        const lines = input.split(/\n/).length;
        for (const each of diagnostics) {
          expect(each.line).toBeGreaterThanOrEqual(1);
          expect(each.line).toBeLessThanOrEqual(lines);
          expect(each.column).toBeGreaterThanOrEqual(1);
          expect(each.message.length).toBeGreaterThan(3);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

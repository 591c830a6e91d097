import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../routing/random.ts';
import { placeOf, placesOf } from '../../routing-editor/places.ts';
import type { YamlPath } from '../diagnostic.ts';
import { parseYaml } from '../parse-yaml.ts';
import type { PlainValue } from './edit.ts';
import { plainAt } from './find.ts';
import { fragmentOf, writeFragment } from './fragment.ts';
import { applyPlain, samePlain } from './plain.ts';
import { writeRandomYaml } from './random-yaml.ts';

const FILE = `# Ours.
plugins: [notes@1.0.0]
plugin_config:
  notes:  # the team's
    # where they go
    folder: ./notes  # kept
    tags: [a, b]  # of notes

  # of nobody
  other: { on: true }  # short
  empty:
agents:
  coder: {path: coder.md, input: {schema: {to: integer}}}
`;

function written(text: string, path: YamlPath): string {
  const place = placeOf(placesOf(parseYaml(text, 'x').document), path);
  if (place === undefined) throw new Error(`There is no ${path.join('.')}.`);
  return fragmentOf(text, place);
}

describe('what stands in a field', () => {
  it.each([
    [['plugin_config', 'notes'], '# where they go\nfolder: ./notes  # kept\ntags: [a, b]  # of notes'],
    [['plugin_config', 'other'], '{ on: true }'],
    [['plugin_config', 'empty'], ''],
    [['plugins'], '[notes@1.0.0]'],
    [['agents', 'coder', 'input', 'schema'], '{to: integer}'],
    [['agents', 'coder', 'path'], 'coder.md'],
  ])('shows %j as it is written', (path, shown) => {
    expect(written(FILE, path)).toBe(shown);
  });

  it('shows lists, folded texts and brackets over several lines without their indentation', () => {
    const text =
      'a:\n    b:\n    - 1\n    - x: 2\n      y: 3\n    c: |\n        one\n          two\n    d: [1,\n      2]\n';
    expect(written(text, ['a', 'b'])).toBe('- 1\n- x: 2\n  y: 3');
    expect(written(text, ['a', 'c'])).toBe('|\none\n  two');
    expect(written(text, ['a', 'd'])).toBe('[1,\n2]');
  });
});

describe('a field that is written', () => {
  it.each([
    [
      'keeps the comments of both sides',
      ['plugin_config', 'notes'],
      '# new\nfolder: ./n  # why\ntags:\n  - a',
      [
        '# where they go\n    folder: ./notes  # kept\n    tags: [a, b]  # of notes',
        '# new\n    folder: ./n  # why\n    tags:\n      - a',
      ],
    ],
    [
      'turns brackets into lines',
      ['plugin_config', 'other'],
      'on: true\ndepth: 2',
      ['other: { on: true }  # short', 'other:  # short\n    on: true\n    depth: 2'],
    ],
    [
      'turns lines into brackets',
      ['plugin_config', 'notes'],
      '{folder: x}',
      [
        "notes:  # the team's\n    # where they go\n    folder: ./notes  # kept\n    tags: [a, b]  # of notes",
        "notes: {folder: x}  # the team's",
      ],
    ],
    ['fills what is empty', ['plugin_config', 'empty'], 'a: 1', ['  empty:\n', '  empty:\n    a: 1\n']],
    ['fills what is empty beside its key', ['plugin_config', 'empty'], '12', ['  empty:\n', '  empty: 12\n']],
    [
      'stays between brackets',
      ['agents', 'coder', 'input', 'schema'],
      'to: number\nfrom: number',
      ['{to: integer}', '{to: number, from: number}'],
    ],
    [
      'takes an indentation of its own away',
      ['plugin_config', 'empty'],
      '   a:\n     b: 1\n',
      ['  empty:\n', '  empty:\n    a:\n      b: 1\n'],
    ],
  ])('%s', (_, path, fragment, [from, to]) => {
    expect(FILE).toContain(from);
    expect(writeFragment(FILE, path, fragment)).toBe(FILE.replace(from ?? '', to ?? ''));
  });

  it('goes by anchors of the file and refuses to change what others go by', () => {
    const text = 'base: &b {x: 1}\nplugin_config:\n  one: &o\n    y: 1\n  two: *o\n';
    expect(writeFragment(text, ['plugin_config', 'two'], 'z: *b\n')).toContain('  two:\n    z: *b\n');
    expect(() => writeFragment(text, ['plugin_config', 'one'], 'y: 2')).toThrow('Other parts of the file');
  });

  it.each([
    ['a: [1', /^Line 1/],
    ['a: 1\nb: *gone', /^Line 2/],
    ['\ta: 1', /^Line 1/],
    ['a: 1\n---\nb: 2', /^Line/],
    ['a: 1\na: 2', /^Line 2/],
    ['__proto__: 1', /./],
  ])('refuses %j', (fragment, words) => {
    expect(() => writeFragment(FILE, ['plugin_config', 'notes'], fragment)).toThrow(words);
  });

  it('refuses a comment between brackets', () => {
    expect(() => writeFragment(FILE, ['agents', 'coder', 'input'], '# no\nschema: {}')).toThrow('No comment');
  });
});

const scalar = fc.oneof(fc.integer({ min: -5, max: 99 }), fc.boolean(), fc.constantFrom('some words', 'a/b'));
const value = fc.oneof(
  scalar,
  fc.array(fc.constantFrom('p', 'q'), { maxLength: 3 }),
  fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.oneof(
      fc.integer(),
      fc.array(fc.constantFrom('p', 'q')),
      fc.dictionary(fc.constantFrom('d', 'e'), fc.nat(9), { maxKeys: 2 }),
    ),
  ),
) as fc.Arbitrary<PlainValue>;
const names = fc.constantFrom('one', 'two', 'three');
const document = fc.record({
  before: fc.constant(1),
  settings: fc.dictionary(names, value, { minKeys: 1 }),
  after: fc.dictionary(names, fc.nat(9), { minKeys: 1 }),
}) as fc.Arbitrary<Record<string, PlainValue>>;

it('writes a fragment of one file into another as it says it, and leaves every other line', () => {
  fc.assert(
    fc.property(document, document, fc.nat(), fc.boolean(), (target, given, seed, crlf) => {
      const random = seededRandom(seed);
      const eol = crlf ? '\r\n' : '\n';
      const textOf = (each: Record<string, PlainValue>) =>
        writeRandomYaml(each, random)
          .map((line) => `${line.text}${eol}`)
          .join('');
      const text = textOf(target);
      const other = textOf(given);
      const [key = ''] = Object.keys(target.settings ?? {});
      const [from = ''] = Object.keys(given.settings ?? {});
      const path = ['settings', key];
      const isFlow = /settings:\s*\{/.test(text);
      const fragment = written(isFlow ? text : other, isFlow ? path : ['settings', from]);
      fc.pre(fragment !== '');
      const wanted = plainOf(isFlow ? text : other, isFlow ? path : ['settings', from]);
      const after = writeFragment(text, path, fragment);
      expect(
        samePlain(plainOf(after, []), applyPlain(plainOf(text, []), { kind: 'set', path, value: wanted })),
      ).toBe(true);
      expect(written(after, path)).toBe(fragment);
      const place = placeOf(placesOf(parseYaml(text, 'x').document), path);
      expect(after.startsWith(text.slice(0, place?.from))).toBe(true);
      expect(after.endsWith(text.slice(text.search(/^after:/m)))).toBe(true);
      if (crlf) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
      expect(writeFragment(text, path, written(text, path) || 'null')).toBe(
        written(text, path) === '' ? after : text,
      );
    }),
    { numRuns: 120 },
  );
});

function plainOf(text: string, path: YamlPath): PlainValue {
  return plainAt((parseYaml(text, 'x').value ?? null) as PlainValue, path);
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, type PlainValue } from '../lattice-yaml/edit/edit.ts';
import { plainAt } from '../lattice-yaml/edit/find.ts';
import { applyPlain, samePlain } from '../lattice-yaml/edit/plain.ts';
import { applyChanges, invertChanges } from '../lattice-yaml/edit/text-change.ts';
import { changesBetween } from './draft-history.ts';
import { readDraft } from './draft-reading.ts';
import { fieldEdits, problemIn, scopeFor } from './form-edits.ts';
import { fieldText, withFieldText } from './form-fragment.ts';

const FILE = `# Ours.
plugins: [notes@1.0.0]

providers:
  openai:
    env: KEY  # shared
    model_caps: { o3: { daily_calls: 40 } }
    prices:
      # from the contract
      gpt-4o: { input: 2.5, output: 10 }  # until May
    x-own: 1

agents:
  # Writes code.
  coder:
    path: coder.md
    input:
      schema:
        # whom it is for
        who: string  # short
    run:  # with tools
      model: true
      permissions:
        allow:
          - read  # always
  quick: { path: quick.md }

plugin_config:
  notes: &n
    folder: ./notes
  copy: *n
`;
const layersOf = (project: string, local = '') => [
  { scope: 'project' as const, name: 'lattice.yaml', text: project },
  { scope: 'local' as const, name: 'lattice.local.yaml', text: local },
];
function read(text: string) {
  const { values, places, readable } = readDraft(layersOf(text), 1);
  expect(readable, text).toBe(true);
  return { said: values[0]?.value ?? null, places: places.project ?? [] };
}
const shown = (text: string, path: (string | number)[]) => {
  const { said, places } = read(text);
  return fieldText(text, places, said, path);
};
const write = (text: string, path: (string | number)[], written: string) =>
  withFieldText(text, read(text).said, path, written);

describe('a field of YAML', () => {
  it('shows what stands there with its comments, and what comes from elsewhere written out', () => {
    expect(shown(FILE, ['agents', 'coder', 'input', 'schema'])).toBe(
      '# whom it is for\nwho: string  # short',
    );
    expect(shown(FILE, ['plugin_config', 'copy'])).toBe('*n');
    expect(shown(FILE, ['plugin_config', 'copy', 'folder'])).toBe('./notes');
    expect(shown(FILE, ['agents', 'quick', 'input', 'schema'])).toBe('');
  });

  it('makes a key where the schema has it, and takes it along when it is emptied', () => {
    const path = ['agents', 'coder', 'input', 'default'];
    const made = write(FILE, path, '# for all\nwho: Ada\n');
    expect(made).toBe(
      FILE.replace('# short\n', '# short\n      default:\n        # for all\n        who: Ada\n'),
    );
    expect(write(made, path, '  \n')).toBe(FILE);
    expect(write(FILE, ['agents', 'coder', 'run', 'output', 'schema'], 'type: object')).toBe(
      FILE.replace(
        '- read  # always\n',
        '- read  # always\n      output:\n        schema:\n          type: object\n',
      ),
    );
    expect(write(FILE, ['agents', 'quick', 'input', 'schema'], 'who: string')).toContain(
      'quick: { path: quick.md, input: {schema: {who: string}} }',
    );
  });

  it('says what is wrong in the words of the check, and refuses what others go by', () => {
    const path = ['agents', 'coder', 'input', 'default'];
    expect(problemIn(layersOf(FILE), 'project', write(FILE, path, '- a'), path)).toBe(
      'agents.coder.input.default has to be a map of keys, not a list.',
    );
    expect(() => write(FILE, path, 'a: [')).toThrow(/^Line 1/);
    expect(() => write(FILE, ['plugin_config', 'notes'], 'folder: x')).toThrow('Other parts of the file');
  });
});

describe('a field of how an agent runs', () => {
  it('says first that a prompt is a prompt', () => {
    const { said } = read(FILE);
    expect(applyEdits(FILE, fieldEdits(said, ['agents', 'quick', 'run', 'max_steps'], 8))).toContain(
      'quick: { path: quick.md, run: {model: true, max_steps: 8} }',
    );
    expect(fieldEdits(said, ['agents', 'quick', 'run', 'max_steps'], undefined)).toEqual([]);
  });

  it('goes into the file that says the nearest thing', () => {
    const { values } = readDraft(layersOf(FILE, 'agents:\n  coder:\n    routing: [a/b]\n'), 1);
    expect(scopeFor(values, ['agents', 'coder', 'run', 'max_steps'])).toBe('project');
    expect(scopeFor(values, ['agents', 'coder', 'routing', 'models'])).toBe('local');
    expect(scopeFor(values, ['agents', 'coder', 'tags'])).toBe('local');
  });

  it('says that a server is not there in the words of the check', () => {
    const path = ['agents', 'coder', 'run', 'mcp'];
    const text = applyEdits(FILE, fieldEdits(read(FILE).said, path, ['clock']));
    expect(problemIn(layersOf(text), 'project', text, path)).toBe(
      'There is no server clock under mcp. Add it under mcp:.',
    );
  });
});

const figure = fc.oneof(fc.nat(99), fc.constant(undefined));
const words = fc.constantFrom('a: 1', '# note\na: [x]  # why\nb:\n  c: 2', '{ a: 1 }', '');
const change: fc.Arbitrary<{ path: string[]; value?: number | undefined; words?: string }> = fc.oneof(
  fc.record({
    path: fc.constantFrom<string[][]>(
      ['providers', 'openai', 'model_caps', 'o3', 'daily_calls'],
      ['providers', 'openai', 'model_caps', 'gpt-4o', 'daily_budget'],
      ['providers', 'openai', 'prices', 'gpt-4o', 'cache_read'],
      ['agents', 'coder', 'run', 'max_steps'],
      ['agents', 'coder', 'run', 'sandbox', 'memory_mb'],
      ['agents', 'coder', 'daily_calls'],
    ),
    value: figure,
  }),
  fc.record({
    path: fc.constantFrom<string[][]>(
      ['agents', 'coder', 'input', 'schema'],
      ['agents', 'coder', 'input', 'default'],
      ['agents', 'coder', 'run', 'output', 'schema'],
      ['plugin_config', 'notes@2'],
    ),
    words,
  }),
);
/** Lines that no field of the property writes. */
const UNTOUCHED = FILE.split('\n').filter((line) => !/caps|gpt-4o|schema|whom|who:|input:$|^$/.test(line));

it('takes any row of edits of the forms as text would, leaves other lines, and goes back byte for byte', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
      let text = FILE;
      const back: ReturnType<typeof invertChanges>[] = [];
      for (const { path, value, words: written } of changes) {
        const { said } = read(text);
        const after =
          written === undefined
            ? applyEdits(text, fieldEdits(said, path, value))
            : withFieldText(text, said, path, written);
        const own = plainAt(read(after).said, path);
        if (written === undefined) expect(own).toEqual(value ?? null);
        else expect(fieldText(after, read(after).places, read(after).said, path)).toBe(written);
        if (own !== null)
          expect(
            samePlain(read(after).said, applyPlain(said as PlainValue, { kind: 'set', path, value: own })),
          ).toBe(true);
        back.push(invertChanges(text, changesBetween(text, after)));
        text = after;
        const left = text.split('\n');
        for (const line of UNTOUCHED) expect(left, `${line}\n---\n${text}`).toContain(line);
      }
      for (const changesBack of back.reverse()) text = applyChanges(text, changesBack);
      expect(text).toBe(FILE);
    }),
    { numRuns: 50 },
  );
});

import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './json.ts';
import { serialiseDocument, serialiseLine } from './serialise.ts';

const PRINTER = `
import sys, json
for line in sys.stdin:
    value = json.loads(line)
    print(json.dumps(value, sort_keys=True, separators=(",", ":")))
    print(json.dumps(json.dumps(value, sort_keys=True, indent=2) + "\\n"))
`;

const hasPython = spawnSync('python3', ['--version']).status === 0;

const number = fc.oneof(
  fc.double().map(String),
  fc.bigInt().map(String),
  fc
    .tuple(fc.integer(), fc.nat(99_999), fc.integer({ min: -30, max: 30 }))
    .map(([a, b, c]) => `${a}.${b}e${c}`),
  fc.constantFrom(
    '1.0',
    '-0',
    '-0.0',
    '1e5',
    '1E+16',
    '0.00001',
    '1e999',
    '-1e400',
    '9007199254740993',
    '1e-7',
  ),
);
const text = fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value));
const { value: json } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    number,
    text,
    fc.constantFrom('true', 'false', 'null', '"\\ud83d"', '{"__proto__": 1}'),
    fc.array(tie('value')).map((items) => `[ ${items.join(' ,\t')}]`),
    fc
      .array(fc.tuple(text, tie('value')))
      .map((entries) => `{${entries.map(([key, each]) => `${key}: ${each}`).join(',')} }`),
  ),
}));

describe.runIf(hasPython)('the serialisers, beside Python itself', () => {
  it('print 1,000 random documents to the same bytes', () => {
    const documents = fc.sample(json, 1_000).map((value) => `{"data": ${value}}`);
    const python = spawnSync('python3', ['-c', PRINTER], {
      input: `${documents.join('\n')}\n`,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    const printed = python.stdout.split('\n');
    for (const [index, document] of documents.entries()) {
      const value = parseJson(document) as object;
      expect(serialiseLine(value)).toBe(`${printed[2 * index]}\n`);
      expect(serialiseDocument(value)).toBe(JSON.parse(printed[2 * index + 1] ?? ''));
    }
  });
});

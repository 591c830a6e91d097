import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, type PlainValue } from '../lattice-yaml/edit/edit.ts';
import { plainAt } from '../lattice-yaml/edit/find.ts';
import { parseYaml } from '../lattice-yaml/parse-yaml.ts';
import { type RunKind, runSchema } from '../lattice-yaml/run-schema.ts';
import { lostKeys, RUN_KINDS, runKindEdits, runKindOf } from './run-form.ts';

const FILE = `agents:
  coder:  # ours
    path: coder.md
    run:
      model: true
      # not for long
      timeout_ms: 60000  # a minute
      max_steps: 8
      temperature: 0.2
      x-own: kept
    tags: [demo]
`;
const KINDS = Object.keys(RUN_KINDS) as RunKind[];

const plainOf = (text: string) => (parseYaml(text, 'x').value ?? null) as PlainValue;
const runOf = (text: string) => plainAt(plainOf(text), ['agents', 'coder', 'run']);
const become = (text: string, kind: RunKind) => applyEdits(text, runKindEdits(plainOf(text), 'coder', kind));

describe('what answers as an agent', () => {
  it('is told by the key that says so', () => {
    expect(runKindOf(null)).toBe('model');
    expect(runKindOf({ acp: 'opencode' })).toBe('acp');
    expect(runKindOf({ command: ['node'] })).toBe('command');
  });

  it('changes in its place, keeps what fits with its comments, and says what went', () => {
    expect(become(FILE, 'command')).toBe(
      FILE.replace('      model: true\n', '      command: [node, ./agents/coder.mjs]\n').replace(
        '      max_steps: 8\n      temperature: 0.2\n',
        '',
      ),
    );
    expect(lostKeys(runOf(FILE), 'command')).toEqual(['max_steps', 'temperature']);
    expect(lostKeys(runOf(FILE), 'acp')).toEqual(['temperature']);
    expect(become(FILE, 'model')).toBe(FILE);
  });

  it('begins where the schema has it, and goes when nothing is left to say', () => {
    const bare = 'agents:\n  coder: # ours\n    path: coder.md\n';
    const program = become(bare, 'command');
    expect(program).toBe(`${bare}    run:\n      command: [node, ./agents/coder.mjs]\n`);
    expect(become(program, 'acp')).toBe(`${bare}    run:\n      acp: opencode\n`);
    expect(become(program, 'model')).toBe(bare);
  });

  it('is valid after any row of changes, and a change back to a kind keeps what every kind knows', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 8 }), (kinds) => {
        const after = kinds.reduce(become, FILE);
        const run = runOf(after);
        expect(runKindOf(run)).toBe(kinds.at(-1));
        expect(runSchema.safeParse(run).success, after).toBe(true);
        expect(after).toContain('      # not for long\n      timeout_ms: 60000  # a minute\n');
        expect(after).toContain('      x-own: kept\n    tags: [demo]\n');
        expect(after.startsWith('agents:\n  coder:  # ours\n    path: coder.md\n    run:\n')).toBe(true);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../lattice-yaml/edit/edit.ts';
import { lineOfParts, partsOfLine } from './command-line.ts';
import { readDraft } from './draft-reading.ts';
import { fieldEdits, problemAfter, removeEdits, scopeFor } from './form-edits.ts';

const FILE = `# Ours.
commands:
  ship: { action: vcs.push }  # often

hooks:
  post_agent:
    - action: vcs.commit
      message: Done  # short
`;

const layersOf = (project: string, local = '') => [
  { scope: 'project' as const, name: 'lattice.yaml', text: project },
  { scope: 'local' as const, name: 'lattice.local.yaml', text: local },
];
const saidBy = (text: string) => readDraft(layersOf(text), 1).values[0]?.value ?? null;
const written = (text: string, path: (string | number)[], value: string | undefined) =>
  applyEdits(text, fieldEdits(saidBy(text), path, value));

describe('a field of a form', () => {
  it('puts a new key where the schema has it among its neighbours', () => {
    expect(written(FILE, ['hooks', 'post_agent', 0, 'when'], 'files_changed')).toBe(
      FILE.replace('      message', '      when: files_changed\n      message'),
    );
    expect(written(FILE, ['commands', 'ship', 'description'], 'Push it')).toBe(
      FILE.replace('{ action: vcs.push }', '{ description: Push it, action: vcs.push }'),
    );
    expect(written(FILE, ['hooks', 'post_agent', 0, 'own'], 'x')).toBe(
      FILE.replace('# short\n', '# short\n      own: x\n'),
    );
  });

  it('puts what a new key stands in where the schema has it too, and a new section at the end', () => {
    const agents = 'name: team\n# All.\nagents:\n  quick:\n    path: quick.md\n    x-own: 1\n';
    expect(written(agents, ['agents', 'quick', 'input', 'default'], 'x')).toBe(
      agents.replace('    x-own', '    input:\n      default: x\n    x-own'),
    );
    expect(written(agents, ['agents', 'quick', 'run', 'mode'], 'x')).toBe(
      agents.replace('    x-own', '    run:\n      model: true\n      mode: x\n    x-own'),
    );
    expect(written(agents, ['vcs', 'preset'], 'none')).toBe(`${agents}vcs:\n  preset: none\n`);
  });

  it('takes out what would be left empty, and never the entry that a field belongs to', () => {
    const hooks = FILE.slice(FILE.indexOf('\nhooks'));
    expect(applyEdits(FILE, removeEdits(saidBy(FILE), ['hooks', 'post_agent', 0]))).toBe(
      FILE.replace(hooks, ''),
    );
    expect(written(FILE, ['commands', 'ship', 'action'], undefined)).toContain('ship: {}  # often');
    expect(written(FILE, ['commands', 'gone', 'action'], undefined)).toBe(FILE);
  });

  it('goes into the file that says it, or that says what it stands in', () => {
    const { values } = readDraft(layersOf(FILE, 'mcp:\n  clock:\n    command: [clock]\n'), 1);
    expect(scopeFor(values, ['mcp', 'clock', 'enabled'])).toBe('local');
    expect(scopeFor(values, ['mcp', 'other', 'enabled'])).toBe('project');
    expect(scopeFor(values, ['commands', 'ship', 'description'])).toBe('project');
  });

  it.each([
    [['hooks', 'post_agent', 0, 'when'], 'file_changed', 'Did you mean files_changed?'],
    [['hooks', 'post_agent', 0, 'when'], 'files_changed >', undefined],
    [['hooks', 'post_agent', 0, 'action'], 'vcs.comit', 'Did you mean vcs.commit?'],
    [['providers', 'openai', 'daily_calls'], 'lots', undefined],
    [['vcs', 'preset'], 'git', undefined],
    [['plugins', 0], '; rm', undefined],
  ])('says what is wrong at %j with %s', (path, value, words) => {
    const text = path[0] === 'plugins' ? 'plugins: [one@1.0.0]\n' : FILE;
    const edits = [{ kind: 'set', path, value } as const];
    const problem = problemAfter(layersOf(text), 'project', edits, path);
    expect(problem).toBeTypeOf('string');
    if (words !== undefined) expect(problem).toContain(words);
  });

  it('finds nothing wrong with what fits', () => {
    const path = ['hooks', 'post_agent', 0, 'when'];
    const edits = [{ kind: 'set', path, value: 'files_changed > 5 and agent == "coder"' } as const];
    expect(problemAfter(layersOf(FILE), 'project', edits, path)).toBeUndefined();
  });
});

describe('a command line', () => {
  it('reads back every list of parts', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 6 }), (parts) => {
        expect(partsOfLine(lineOfParts(parts))).toEqual(parts);
      }),
    );
  });

  it('keeps what stands in quotes together', () => {
    expect(partsOfLine(`npx -y "a b" 'c d'`)).toEqual(['npx', '-y', 'a b', 'c d']);
    expect(partsOfLine('  ')).toEqual([]);
  });
});

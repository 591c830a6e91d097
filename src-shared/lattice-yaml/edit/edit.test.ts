import { expect, it } from 'vitest';
import { applyEdit, applyEdits, type Edit } from './edit.ts';

const FILE = `# The team's file.
name: platform

# ─────────────────────────
# Agents
# ─────────────────────────
agents:

  # ─── Implementation ───

  coder:  # writes code
    path: coder.md
    triggers: [/code, /do]
    routing:  # use the flat-rate plan first
      strategy: pattern
      pattern:
        - anthropic/sonnet
        - anthropic/sonnet  # again
        - openai/gpt-4o  # 1 in 3
      on_unavailable: next
    x-team: [a,b]

  # Looks at pull requests.
  reviewer:
    path: "reviewer.md"
    triggers: [/review]
    routing:
      - ollama/llama3.1:70b  # free
      - anthropic/sonnet

  # ─── Utilities ───

  quick:
    path: quick.md
`;

/** The lines that an edit took out (-) and put in (+). */
function diff(text: string, ...edits: Edit[]): string[] {
  const after = applyEdits(text, edits).split('\n');
  const before = text.split('\n');
  let head = 0;
  while (head < before.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < Math.min(before.length, after.length) - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  return [
    ...before.slice(head, before.length - tail).map((line) => `-${line}`),
    ...after.slice(head, after.length - tail).map((line) => `+${line}`),
  ];
}

const pattern = ['agents', 'coder', 'routing', 'pattern'];

it('replaces a scalar and keeps its quotes and its comment', () => {
  expect(diff(FILE, { kind: 'set', path: ['agents', 'reviewer', 'path'], value: 'r.md' })).toEqual([
    '-    path: "reviewer.md"',
    '+    path: "r.md"',
  ]);
  expect(diff(FILE, { kind: 'set', path: [...pattern, 2], value: 'openai/o3' })).toEqual([
    '-        - openai/gpt-4o  # 1 in 3',
    '+        - openai/o3  # 1 in 3',
  ]);
});

it('puts items into a list and takes them out, each on its own line', () => {
  expect(diff(FILE, { kind: 'insert', path: pattern, index: 0, value: 'openai/gpt-4o' })).toEqual([
    '+        - openai/gpt-4o',
  ]);
  expect(diff(FILE, { kind: 'insert', path: pattern, index: 3, value: 'openai/o3' })).toEqual([
    '+        - openai/o3',
  ]);
  expect(diff(FILE, { kind: 'remove', path: [...pattern, 1] })).toEqual([
    '-        - anthropic/sonnet  # again',
  ]);
});

it('moves an item with its comment', () => {
  expect(diff(FILE, { kind: 'move', path: pattern, from: 2, to: 0 })).toEqual([
    '-        - anthropic/sonnet',
    '-        - anthropic/sonnet  # again',
    '-        - openai/gpt-4o  # 1 in 3',
    '+        - openai/gpt-4o  # 1 in 3',
    '+        - anthropic/sonnet',
    '+        - anthropic/sonnet  # again',
  ]);
});

it('writes a short list between brackets where its neighbours are', () => {
  expect(diff(FILE, { kind: 'set', path: ['agents', 'quick', 'triggers'], value: ['/q', '/fast'] })).toEqual([
    '+    triggers: [/q, /fast]',
  ]);
  expect(
    diff(FILE, { kind: 'insert', path: ['agents', 'coder', 'triggers'], index: 1, value: '/build' }),
  ).toEqual(['-    triggers: [/code, /do]', '+    triggers: [/code, /build, /do]']);
});

it('adds an agent with a blank line where the others have one, and removes it again to the byte', () => {
  const added = applyEdit(FILE, {
    kind: 'set',
    path: ['agents', 'tester'],
    value: {
      path: 'tester.md',
      routing: { strategy: 'weighted', weights: { 'openai/o3': 3, 'ollama/l:1': 1 } },
    },
  }).text;
  expect(added.slice(FILE.length)).toBe(`
  tester:
    path: tester.md
    routing:
      strategy: weighted
      weights:
        openai/o3: 3
        ollama/l:1: 1
`);
  expect(applyEdit(added, { kind: 'remove', path: ['agents', 'tester'] }).text).toBe(FILE);
});

it('removes an agent with the comment above it, and leaves the headlines of sections', () => {
  expect(diff(FILE, { kind: 'remove', path: ['agents', 'reviewer'] })).toEqual([
    '-  # Looks at pull requests.',
    '-  reviewer:',
    '-    path: "reviewer.md"',
    '-    triggers: [/review]',
    '-    routing:',
    '-      - ollama/llama3.1:70b  # free',
    '-      - anthropic/sonnet',
    '-',
  ]);
  expect(applyEdit(FILE, { kind: 'remove', path: ['agents', 'coder'] }).text).toContain(
    '# ─── Implementation ───',
  );
});

it('renames, copies and moves agents', () => {
  expect(diff(FILE, { kind: 'rename', path: ['agents', 'coder'], name: 'writer' })).toEqual([
    '-  coder:  # writes code',
    '+  writer:  # writes code',
  ]);
  expect(applyEdit(FILE, { kind: 'duplicate', path: ['agents', 'quick'], name: 'quicker' }).text).toBe(
    `${FILE}\n  quicker:\n    path: quick.md\n`,
  );
  const moved = applyEdit(FILE, { kind: 'move', path: ['agents'], from: 1, to: 2 }).text;
  expect(
    moved.endsWith(
      '  # Looks at pull requests.\n  reviewer:\n    path: "reviewer.md"\n    triggers: [/review]\n    routing:\n      - ollama/llama3.1:70b  # free\n      - anthropic/sonnet\n',
    ),
  ).toBe(true);
  expect(moved).toContain('\n  # ─── Utilities ───\n');
});

it('turns a list into a strategy and keeps the comments of its items and of its key', () => {
  expect(
    diff(FILE, {
      kind: 'set',
      path: ['agents', 'reviewer', 'routing'],
      value: { strategy: 'round_robin', models: ['ollama/llama3.1:70b', 'anthropic/sonnet'] },
    }),
  ).toEqual([
    '-      - ollama/llama3.1:70b  # free',
    '-      - anthropic/sonnet',
    '+      strategy: round_robin',
    '+      models:',
    '+        - ollama/llama3.1:70b  # free',
    '+        - anthropic/sonnet',
  ]);
});

it('empties and refills a list', () => {
  const emptied = applyEdit(FILE, { kind: 'set', path: pattern, value: [] }).text;
  expect(emptied).toContain('      pattern: []\n      on_unavailable');
  expect(applyEdit(emptied, { kind: 'insert', path: pattern, index: 0, value: 'a/b' }).text).toContain(
    '      pattern:\n        - a/b\n      on_unavailable',
  );
});

it('keeps CRLF, tight brackets and dashes that are not indented', () => {
  const file = 'agents:\r\n   a:\r\n      triggers: [ /a ]\r\n      routing:\r\n      - x/y\r\n';
  const edited = applyEdits(file, [
    { kind: 'insert', path: ['agents', 'a', 'routing'], index: 1, value: 'x/z' },
    { kind: 'set', path: ['agents', 'b'], value: { triggers: ['/b'], routing: ['x/y'] } },
  ]);
  expect(edited).toBe(
    `${file}      - x/z\r\n   b:\r\n      triggers: [ /b ]\r\n      routing:\r\n      - x/y\r\n`,
  );
});

it('begins an empty file, and goes on in one that does not end with a line break', () => {
  const edit: Edit = { kind: 'set', path: ['agents', 'a'], value: { routing: ['x/y'] } };
  expect(applyEdit('', edit).text).toBe('agents:\n  a:\n    routing:\n      - x/y\n');
  expect(applyEdit('# Mine', edit).text).toBe('# Mine\nagents:\n  a:\n    routing:\n      - x/y\n');
  expect(applyEdit('name: x', edit).text).toBe('name: x\nagents:\n  a:\n    routing:\n      - x/y');
  expect(applyEdit('agents:\n', edit).text).toBe('agents:\n  a:\n    routing:\n      - x/y\n');
  expect(applyEdit('agents: {}\n', edit).text).toBe('agents:\n  a:\n    routing:\n      - x/y\n');
});

it('changes the first key of an item that stands behind its dash', () => {
  const file = 'hooks:\n  pre_agent:\n    - action: vcs.checkpoint\n      when: always\n    - action: run\n';
  expect(applyEdit(file, { kind: 'remove', path: ['hooks', 'pre_agent', 0, 'action'] }).text).toBe(
    'hooks:\n  pre_agent:\n    - when: always\n    - action: run\n',
  );
  expect(applyEdit(file, { kind: 'move', path: ['hooks', 'pre_agent', 0], from: 1, to: 0 }).text).toBe(
    'hooks:\n  pre_agent:\n    - when: always\n      action: vcs.checkpoint\n    - action: run\n',
  );
  expect(applyEdit(file, { kind: 'move', path: ['hooks', 'pre_agent'], from: 1, to: 0 }).text).toBe(
    'hooks:\n  pre_agent:\n    - action: run\n    - action: vcs.checkpoint\n      when: always\n',
  );
});

it('writes an alias out where it is edited and leaves its anchor alone', () => {
  const file = 'x: &models\n  - a/b\nagents:\n  a:\n    routing: *models\n  b:\n    routing: *models\n';
  expect(
    applyEdit(file, { kind: 'insert', path: ['agents', 'a', 'routing'], index: 1, value: 'c/d' }).text,
  ).toBe(
    'x: &models\n  - a/b\nagents:\n  a:\n    routing:\n      - a/b\n      - c/d\n  b:\n    routing: *models\n',
  );
});

it.each([
  ['agents: [', { kind: 'set', path: ['name'], value: 'x' }, /Line 1 cannot be read/],
  ['a: 1\n', { kind: 'remove', path: ['b'] }, /There is no b/],
  ['a: 1\nb: 2\n', { kind: 'rename', path: ['a'], name: 'b' }, /b is there already/],
  ['a: 1\n', { kind: 'insert', path: ['a'], index: 0, value: 'x' }, /no list/],
  ['a: [1]\n', { kind: 'move', path: ['a'], from: 0, to: 4 }, /There is no/],
  ['x: &a\n  - 1\ny: *a\n', { kind: 'remove', path: ['x'] }, /change by hand|There is no/],
] as [string, Edit, RegExp][])('refuses what cannot be done: %j', (text, edit, message) => {
  expect(() => applyEdit(text, edit)).toThrow(message);
});

it('keeps the place of keys that stay, in whatever order the new value names them', () => {
  const value = { 'x-team': ['a', 'b'], path: 'coder.md', triggers: ['/code'] };
  const { text } = applyEdit(FILE, { kind: 'set', path: ['agents', 'coder'], value });
  expect(text).toContain(
    '  coder:  # writes code\n    path: coder.md\n    triggers: [/code]\n    x-team: [a,b]\n',
  );
});

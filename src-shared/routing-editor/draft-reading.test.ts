import { expect, it } from 'vitest';
import { changesBetween, emptyHistory, recorded, redone, undone } from './draft-history.ts';
import { readDraft } from './draft-reading.ts';
import { type DraftLayer, moveToLocal, originOf, saidBy } from './layers.ts';
import { pathAt, placeOf } from './places.ts';
import { keysAt, schemaAt, valuesAt } from './schema-walk.ts';
import { contextAt } from './yaml-context.ts';

const PROJECT = `providers:
  anthropic:
agents:
  coder:
    triggers: [/do]
    routing: [anthropic/sonnet, openai/gpt]
  explore:
    triggers: [/do]
`;
const layers = (project: string, local = ''): DraftLayer[] => [
  { scope: 'project', name: 'lattice.yaml', text: project },
  { scope: 'local', name: 'lattice.local.yaml', text: local },
];

it('finds what no schema can see, and says where', () => {
  const { diagnostics } = readDraft(layers(PROJECT), 1);
  expect(diagnostics.map(({ line, message, other }) => [line, message, other?.path])).toEqual([
    [8, 'coder has the trigger /do too. coder comes first, so it wins.', ['agents', 'coder', 'triggers']],
    [6, 'There is no provider openai, so openai/gpt is never used.', undefined],
  ]);
});

it('keeps what was read last while a text cannot be read', () => {
  const last = readDraft(layers(PROJECT), 1);
  const broken = readDraft(layers(`${PROJECT}x: [`), 2, last);
  expect(broken.readable).toBe(false);
  expect(broken.agents).toBe(last.agents);
  expect(broken.diagnostics.some(({ severity, scope }) => severity === 'error' && scope === 'project')).toBe(
    true,
  );
  expect(readDraft(layers('x: ['), 3).agents).toEqual([]);
});

it('knows which file says what, and moves a part into the local one', () => {
  const before = layers(PROJECT, '# Mine\n');
  const { values } = readDraft(before, 1);
  const path = ['agents', 'coder', 'routing'];
  expect(originOf(values, path)).toBe('project');
  const after = moveToLocal(before, values, path, 'project');
  expect(after.map(({ text }) => text)).toEqual([
    PROJECT.replace('    routing: [anthropic/sonnet, openai/gpt]\n', ''),
    '# Mine\nagents:\n  coder:\n    routing:\n      - anthropic/sonnet\n      - openai/gpt\n',
  ]);
  const moved = readDraft(after, 2);
  expect(originOf(moved.values, path)).toBe('local');
  expect(saidBy(moved.values, ['agents', 'coder'])).toEqual(['project', 'local']);
  expect(moved.agents[0]?.origin).toBe('local');
});

it('leads from text to path and back', () => {
  const places = readDraft(layers(PROJECT), 1).places.project ?? [];
  const path = ['agents', 'coder', 'routing', 1];
  const place = placeOf(places, path);
  expect(PROJECT.slice(place?.from, place?.to)).toBe('openai/gpt');
  expect(pathAt(places, place?.from ?? 0)).toEqual(path);
  expect(placeOf(places, [...path, 'gone'])).toEqual(place);
});

it('undoes and redoes across files, a group at a time', () => {
  const texts = { project: 'a', local: 'b' };
  const one = {
    scope: 'project',
    before: 'a',
    changes: changesBetween('a', 'ax'),
    group: 1,
    label: 'one',
  } as const;
  const two = {
    scope: 'local',
    before: 'b',
    changes: changesBetween('b', ''),
    group: 1,
    label: 'one',
  } as const;
  const history = recorded(recorded(emptyHistory, one), two);
  const back = undone(history, { project: 'ax', local: '' });
  expect(back?.texts).toEqual(texts);
  const again = redone(back?.history ?? emptyHistory, texts);
  expect(again?.texts).toEqual({ project: 'ax', local: '' });
  expect(again?.history).toEqual(history);
  expect(undone(emptyHistory, texts)).toBeUndefined();
});

it.each([
  ['agents:\n  coder:\n    rou', 'key', ['agents', 'coder'], 'rou'],
  [
    'agents:\n  coder:\n    routing:\n      strategy: pat',
    'value',
    ['agents', 'coder', 'routing', 'strategy'],
    'pat',
  ],
  ['agents:\n  coder:\n    routing:\n      - anth', 'value', ['agents', 'coder', 'routing', 0], 'anth'],
  ['agents:\n  coder:\n    routing: [a/b, op', 'value', ['agents', 'coder', 'routing', 0], 'op'],
  ['hooks:\n  pre_agent:\n    - action: x\n      wh', 'key', ['hooks', 'pre_agent', 0], 'wh'],
  ['', 'key', [], ''],
])('tells what is being written in %j', (text, kind, path, typed) => {
  expect(contextAt(text, text.length)).toMatchObject({ kind, path, typed });
});

it('offers what the schema knows', () => {
  expect(keysAt(['agents', 'coder']).map(({ name }) => name)).toContain('routing');
  expect(keysAt(['agents', 'coder', 'routing']).map(({ name }) => name)).toContain('burst_size');
  expect(valuesAt(['agents', 'coder', 'routing', 'strategy'], [])).toContain('lowest_latency');
  expect(valuesAt(['agents', 'coder', 'routing', 0], ['a/b'])).toEqual(['a/b']);
  expect(schemaAt(['agents', 'coder', 'routing', 'on_unavailable'])?.description).toMatch(/cannot be used/);
  expect(contextAt('a: 1 # note', 11)).toBeUndefined();
});

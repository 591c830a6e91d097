import { describe, expect, test } from 'vitest';
import type { StreamItem, Tool } from '../../activity/stream-items.ts';
import { askedOf, asksPermission, waitingTool } from './permission.ts';

const tool = (change: Partial<Tool> = {}): Tool => ({
  kind: 'tool',
  id: 't1',
  title: 'npm test',
  tool_kind: 'execute',
  status: 'pending',
  ...change,
});
const item = (each: Tool): StreamItem => ({
  key: each.id,
  time: '2026-11-21T12:00:00Z',
  kind: 'tool',
  tool: each,
  terminal: '',
  until: '2026-11-21T12:00:00Z',
});

describe('a permission question', () => {
  test('is told by its choices', () => {
    expect(asksPermission({ choices: ['Allow once', 'Allow always for this work', 'Deny'] })).toBe(true);
    expect(asksPermission({ choices: ['Yes', 'No'] })).toBe(false);
  });

  test('shows the command apart from the words', () => {
    const input = { command: 'rm -rf build && npm test' };
    expect(askedOf('coder wants to run rm -rf build && npm test (Clean)', tool({ input }))).toEqual({
      title: 'coder wants to run a command (Clean)',
      code: 'rm -rf build && npm test',
    });
    expect(askedOf('coder wants to run ls', tool({ input: { command: ['ls'] } })).code).toBe('ls');
  });

  test('shows the arguments of a tool on lines of their own', () => {
    expect(askedOf('writer wants to use clock/now with {"zone":"UTC"}', undefined)).toEqual({
      title: 'writer wants to use clock/now',
      code: '{\n  "zone": "UTC"\n}',
    });
    expect(askedOf('writer wants to use clock/now with {}', undefined).code).toBeUndefined();
  });

  test.each([
    ['no tool', 'coder wants to change a.ts', undefined],
    ['another command', 'coder wants to run ls', tool({ input: { command: 'pwd' } })],
    ['rubbish for input', 'coder wants to run ls', tool({ input: [null, 3] })],
    ['an empty command', 'coder wants to run ls', tool({ input: { command: '' } })],
    ['a command that is no text', 'coder wants to run ls', tool({ input: { command: [1, {}] } })],
  ])('%s: shows the question as it is', (_, text, about) => {
    expect(askedOf(text, about)).toEqual({ title: text, code: undefined });
  });

  test('arguments that were cut are shown as they are', () => {
    expect(askedOf('a wants to use b/c with {"x":"1}', undefined).code).toBe('{"x":"1}');
  });

  test('is about the newest tool call, unless that is over', () => {
    const [one, two] = [tool({ id: 'one' }), tool({ id: 'two' })];
    expect(waitingTool([item(one), item(two)])?.id).toBe('two');
    expect(waitingTool([item(one), item({ ...two, status: 'completed' })])).toBeUndefined();
    expect(waitingTool([])).toBeUndefined();
  });
});

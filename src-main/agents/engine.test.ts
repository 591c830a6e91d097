import { describe, expect, it, vi } from 'vitest';
import { unproven } from '../../src-shared/protocol/sender.ts';
import { Engine } from './engine.ts';
import { toInputSchema } from './input-schema.ts';
import { runOf } from './run-config.ts';
import type { RunControls, Runner, RunOutcome, RunRequest } from './runner.ts';

const controls: RunControls = {
  signal: new AbortController().signal,
  sender: unproven('anna'),
  report: () => undefined,
  ask: () => Promise.reject(new Error('nobody')),
  assign: () => Promise.reject(new Error('nobody')),
};

async function request(kind: 'command' | 'model', context: Record<string, unknown>): Promise<RunRequest> {
  const input_schema = await toInputSchema({ 'to?': 'integer', note: 'string' }, { to: 3 });
  return {
    workId: 'w',
    attempt: 1,
    task: 'go',
    context,
    agent: {
      info: {
        name: 'a',
        description: '',
        capabilities: [],
        runner: kind,
        digest: '0'.repeat(64),
        registered_at: '2026-01-01T00:00:00Z',
        ...(input_schema === undefined ? {} : { input_schema }),
      },
      run:
        kind === 'model'
          ? runOf({ root: '.', run: undefined, prompt: undefined, mcp: undefined })
          : { kind, command: ['x'], cwd: '.', env: {}, timeoutMs: undefined },
      source: 'lattice.yaml',
    },
  };
}

const engineOf = (runner: Runner) => new Engine({ command: runner, acp: runner, model: runner });

describe('Engine', () => {
  it('gives a command its context with numbers from text and defaults', async () => {
    const run = vi.fn(async (_: RunRequest): Promise<RunOutcome> => ({ status: 'completed', result: 'ok' }));
    const engine = engineOf({ run });
    expect(await engine.run(await request('command', { note: 'x' }), controls)).toEqual({
      status: 'completed',
      result: 'ok',
    });
    await engine.run(await request('command', { note: '7', to: '5' }), controls);
    expect(run.mock.calls.map(([given]) => given.context)).toEqual([
      { note: 'x', to: 3 },
      { note: '7', to: 5 },
    ]);
  });

  it.each([
    [{}, /note is missing/],
    [{ note: 'x', to: 'many' }, /to has to be .*number.*, not "many"/],
    [{ note: 'x', top: 1 }, /does not take top/],
    [{ note: ['x'] }, /note has to be text, not a list/],
  ])('refuses the context %j with a hint', async (context, message) => {
    const run = vi.fn();
    const outcome = await engineOf({ run }).run(await request('command', context), controls);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_input', hint: 'Its fields are: to, note.' },
    });
    expect(outcome.status === 'failed' ? outcome.error.message : '').toMatch(message);
    expect(run).not.toHaveBeenCalled();
  });

  it('hands each kind of agent to its own runner', async () => {
    const runner = (result: string) => ({ run: async () => ({ status: 'completed' as const, result }) });
    const engine = new Engine({ command: runner('command'), acp: runner('acp'), model: runner('model') });
    for (const kind of ['command', 'model'] as const)
      expect(await engine.run(await request(kind, { note: 'x' }), controls)).toEqual({
        status: 'completed',
        result: kind,
      });
  });

  it('turns a runner that throws into a failure', async () => {
    const run = vi.fn().mockRejectedValue(new Error('boom'));
    expect(await engineOf({ run }).run(await request('command', { note: 'x' }), controls)).toMatchObject({
      status: 'failed',
      error: { code: 'internal', message: 'boom' },
    });
  });
});

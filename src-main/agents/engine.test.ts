import { describe, expect, it, vi } from 'vitest';
import { Engine } from './engine.ts';
import { toInputSchema } from './input-schema.ts';
import type { RunControls, RunOutcome, RunRequest } from './runner.ts';

const controls: RunControls = {
  signal: new AbortController().signal,
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
          ? { kind, promptFile: 'a.md' }
          : { kind, command: ['x'], cwd: '.', env: {}, timeoutMs: undefined },
      source: 'lattice.yaml',
    },
  };
}

describe('Engine', () => {
  it('gives a command its context with numbers from text and defaults', async () => {
    const run = vi.fn(async (_: RunRequest): Promise<RunOutcome> => ({ status: 'completed', result: 'ok' }));
    const engine = new Engine({ command: { run } });
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
    const outcome = await new Engine({ command: { run } }).run(await request('command', context), controls);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_input', hint: 'Its fields are: to, note.' },
    });
    expect(outcome.status === 'failed' ? outcome.error.message : '').toMatch(message);
    expect(run).not.toHaveBeenCalled();
  });

  it('says that a model agent cannot run yet, and what to do', async () => {
    const outcome = await new Engine({ command: { run: vi.fn() } }).run(
      await request('model', { note: 'x' }),
      controls,
    );
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'runner_unavailable', hint: expect.stringContaining('run:') },
    });
  });

  it('turns a runner that throws into a failure', async () => {
    const run = vi.fn().mockRejectedValue(new Error('boom'));
    expect(
      await new Engine({ command: { run } }).run(await request('command', { note: 'x' }), controls),
    ).toMatchObject({
      status: 'failed',
      error: { code: 'internal', message: 'boom' },
    });
  });
});

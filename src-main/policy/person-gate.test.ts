import { describe, expect, it } from 'vitest';
import { LatticeError } from '../../src-shared/errors.ts';
import { unproven } from '../../src-shared/protocol/sender.ts';
import type { AgentQuestion, RunRequest } from '../agents/runner.ts';
import { PersonGate } from './person-gate.ts';

function gateWith(answer: () => Promise<string>) {
  const ran: RunRequest[] = [];
  const asked: AgentQuestion[] = [];
  const gate = new PersonGate({
    run: async (request) => {
      ran.push(request);
      return { status: 'completed', result: 'done' };
    },
  });
  const run = (approval?: 'required') =>
    gate.run(
      {
        workId: 'w1',
        attempt: 1,
        agent: {
          info: {
            name: 'deploy',
            description: '',
            capabilities: [],
            runner: 'command',
            digest: 'a'.repeat(64),
            registered_at: '2026-01-01T00:00:00.000Z',
            ...(approval ? { approval } : {}),
          },
          run: { kind: 'command', command: ['deploy'], cwd: '/', env: {}, timeoutMs: undefined },
          source: 'lattice.yaml',
        },
        task: 'Ship \u202Eit',
        context: { to: 'prod' },
      },
      {
        signal: new AbortController().signal,
        sender: unproven('this machine'),
        report: () => undefined,
        ask: (question) => {
          asked.push(question);
          return answer();
        },
        assign: () => Promise.reject(new Error('not here')),
      },
    );
  return { run, ran, asked };
}

describe('an agent outside of a lattice', () => {
  it('runs without a question when it demands none', async () => {
    const { run, ran, asked } = gateWith(async () => 'Deny');
    expect(await run()).toMatchObject({ status: 'completed' });
    expect([ran.length, asked.length]).toEqual([1, 0]);
  });

  it('runs after a yes to all that was shown', async () => {
    const { run, ran, asked } = gateWith(async () => 'Allow once');
    expect(await run('required')).toMatchObject({ status: 'completed' });
    expect(ran).toHaveLength(1);
    expect(asked[0]?.text).toContain('Ship ⟨U+202E⟩it');
    expect(asked[0]?.text).toContain('{"to":"prod"}');
  });

  it.each([
    ['a no', async () => 'Deny', 'not_allowed'],
    ['any other answer', async () => 'yes', 'not_allowed'],
    ['nobody there', () => Promise.reject(new LatticeError('unsupported', 'Nobody is here.')), 'unsupported'],
  ])('does not run after %s', async (_what, answer, code) => {
    const { run, ran } = gateWith(answer);
    expect(await run('required')).toMatchObject({ status: 'failed', error: { code } });
    expect(ran).toEqual([]);
  });
});

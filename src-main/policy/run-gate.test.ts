import { describe, expect, it, vi } from 'vitest';
import { LatticeError } from '../../src-shared/errors.ts';
import type { Sender } from '../../src-shared/protocol/sender.ts';
import type { ApprovalView } from '../../src-shared/views/approval.ts';
import type { AgentDefinition, RunControls, RunOutcome, RunRequest } from '../agents/runner.ts';
import { Approvals } from './approvals.ts';
import { type GateDecision, RunGate } from './run-gate.ts';
import type { RunPolicy } from './run-policy.ts';

const anna: Sender = { id: 'dev-anna', name: 'anna', role: 'operator', verified: true };

function agentOf(digit: string, approval?: 'required'): AgentDefinition {
  return {
    info: {
      name: 'deploy',
      description: 'Deploys',
      capabilities: [],
      runner: 'command',
      digest: digit.repeat(64),
      registered_at: '2026-01-01T00:00:00.000Z',
      ...(approval ? { approval } : {}),
    },
    run: { kind: 'command', command: ['deploy'], cwd: '/work', env: {}, timeoutMs: undefined },
    source: 'lattice.yaml',
  };
}

/** A gate before an engine that only notes what it was asked to run. */
function gateWith(policy: Partial<RunPolicy>, options: { waitMs?: number; agent?: AgentDefinition } = {}) {
  const world = {
    agent: options.agent ?? agentOf('a'),
    policy: { allow: 'everyone', people: [], agents: {}, ...policy } as RunPolicy,
    ran: [] as RunRequest[],
    told: [] as GateDecision[],
    reports: [] as string[],
    approvals: new Approvals(options.waitMs === undefined ? {} : { waitMs: options.waitMs }),
  };
  const gate = new RunGate({
    engine: {
      run: async (request) => {
        world.ran.push(request);
        return { status: 'completed', result: 'done' };
      },
    },
    approvals: world.approvals,
    station: { id: 'build', name: () => 'build-box' },
    folder: '/project',
    policy: () => world.policy,
    definition: (name) => (name === world.agent.info.name ? world.agent : undefined),
    isOwnName: (name) => name === 'me',
  });
  gate.decided.on((decision) => world.told.push(decision));
  const run = (change: Partial<RunRequest> = {}, controls: Partial<RunControls> = {}): Promise<RunOutcome> =>
    gate.run(
      { workId: 'w1', attempt: 1, agent: world.agent, task: 'Ship it', context: { to: 'prod' }, ...change },
      {
        signal: new AbortController().signal,
        sender: anna,
        report: (report) => {
          if (report.type === 'progress') world.reports.push(report.message ?? '');
        },
        ask: () => Promise.reject(new Error('not here')),
        assign: () => Promise.reject(new Error('not here')),
        ...controls,
      },
    );
  const asked = (): Promise<ApprovalView> =>
    vi.waitFor(() => {
      const [view] = world.approvals.waiting.snapshot();
      if (!view) throw new Error('Nothing waits.');
      return view;
    });
  return { ...world, world, run, asked };
}

describe('the gate of a station', () => {
  it('lets run what the policy allows, without a word', async () => {
    const { run, ran, told, reports } = gateWith({});
    expect(await run()).toEqual({ status: 'completed', result: 'done' });
    expect(ran).toMatchObject([{ task: 'Ship it', context: { to: 'prod' } }]);
    expect([told, reports]).toEqual([[], []]);
  });

  it('refuses, and tells who was refused', async () => {
    const { run, ran, told } = gateWith({ allow: 'owner' });
    expect(await run()).toMatchObject({ status: 'failed', error: { code: 'not_allowed' } });
    expect(ran).toEqual([]);
    expect(told).toMatchObject([{ type: 'run_refused', agent: 'deploy', workId: 'w1', sender: anna }]);
    expect(await run({}, { sender: { name: 'me', verified: false } })).toMatchObject({ status: 'completed' });
    expect(await run({}, { sender: { id: 'build', name: 'x', verified: true } })).toMatchObject({
      status: 'completed',
    });
    expect(await run({}, { sender: { id: 'other', name: 'me', verified: true } })).toMatchObject({
      status: 'failed',
    });
  });

  it('shows exactly what would run, says that it waits, and runs it once after a yes', async () => {
    const { run, asked, approvals, ran, told, reports } = gateWith({ allow: 'ask' });
    const outcome = run();
    const view = await asked();
    expect(view).toMatchObject({
      agent: 'deploy',
      task: 'Ship it',
      context: { to: 'prod' },
      sender: anna,
      folder: '/work',
      work_id: 'w1',
      because: 'rule',
    });
    expect(reports).toEqual(['Waits for the owner of build-box to allow it.']);
    expect(ran).toEqual([]);
    approvals.answer({ id: view.id, digest: view.digest, allow: true }, 'window');
    expect(await outcome).toEqual({ status: 'completed', result: 'done' });
    expect(told).toMatchObject([{ type: 'run_approved', digest: view.digest, by: 'window', sender: anna }]);
    expect(approvals.waiting.size).toBe(0);
    expect(() => approvals.answer({ id: view.id, digest: view.digest, allow: true }, 'window')).toThrow(
      'does not wait',
    );
    const again = run();
    expect((await asked()).digest).toBe(view.digest);
    approvals.answer({ ...(await asked()), allow: false }, 'window');
    expect(await again).toMatchObject({ status: 'failed', error: { code: 'not_allowed' } });
    expect(ran).toHaveLength(1);
  });

  it('takes no answer about something else', async () => {
    const { run, asked, approvals, ran } = gateWith({ allow: 'ask' });
    const outcome = run();
    const { id } = await asked();
    expect(() => approvals.answer({ id, digest: 'f'.repeat(64), allow: true }, 'window')).toThrow(
      'another task',
    );
    expect(ran).toEqual([]);
    approvals.answer({ ...(await asked()), allow: false }, 'window');
    await outcome;
  });

  it('asks again when the agent became another one while its run waited', async () => {
    const { world, run, asked, approvals, ran } = gateWith({ allow: 'ask' });
    const outcome = run();
    const first = await asked();
    world.agent = {
      ...agentOf('a'),
      run: { ...agentOf('a').run, cwd: '/elsewhere' } as AgentDefinition['run'],
    };
    approvals.answer({ ...first, allow: true }, 'window');
    const second = await vi.waitFor(async () => {
      const view = await asked();
      expect(view.id).not.toBe(first.id);
      return view;
    });
    expect(second.digest).not.toBe(first.digest);
    expect(ran).toEqual([]);
    approvals.answer({ ...second, allow: true }, 'window');
    await outcome;
    expect(ran).toMatchObject([{ agent: { run: { cwd: '/elsewhere' } } }]);
  });

  it('refuses when the rule became stricter, or the agent is gone, while a run waited', async () => {
    const { world, run, asked, approvals, ran } = gateWith({ allow: 'ask' });
    const strict = run();
    const view = await asked();
    world.policy.allow = 'owner';
    approvals.answer({ ...view, allow: true }, 'window');
    expect(await strict).toMatchObject({ status: 'failed', error: { code: 'not_allowed' } });
    world.policy.allow = 'ask';
    const gone = run();
    const next = await asked();
    world.agent = { ...world.agent, info: { ...world.agent.info, name: 'other' } };
    approvals.answer({ ...next, allow: true }, 'window');
    expect(await gone).toMatchObject({ status: 'failed', error: { code: 'not_found' } });
    expect(ran).toEqual([]);
  });

  it('runs what was shown, whatever happens to the request meanwhile', async () => {
    const { run, asked, approvals, ran } = gateWith({ allow: 'ask' });
    const context = { to: 'test' };
    const outcome = run({ context });
    const view = await asked();
    context.to = 'prod';
    approvals.answer({ ...view, allow: true }, 'window');
    await outcome;
    expect(ran).toMatchObject([{ context: { to: 'test' } }]);
  });

  it('asks the owner as well when the agent demands it', async () => {
    const { run, asked, approvals } = gateWith({}, { agent: agentOf('a', 'required') });
    const outcome = run({}, { sender: { name: 'me', verified: false } });
    expect(await asked()).toMatchObject({ because: 'agent' });
    approvals.answer({ ...(await asked()), allow: true }, 'command line');
    expect(await outcome).toMatchObject({ status: 'completed' });
  });

  it('gives up when nobody answers in time', async () => {
    const { run, ran, told, approvals } = gateWith({ allow: 'ask' }, { waitMs: 20 });
    expect(await run()).toMatchObject({
      status: 'failed',
      error: { code: 'not_allowed', message: 'The owner of build-box did not answer within 1 minute.' },
    });
    expect(ran).toEqual([]);
    expect(told).toMatchObject([{ type: 'run_denied', reason: expect.stringContaining('did not answer') }]);
    expect(approvals.waiting.size).toBe(0);
  });

  it('stops waiting when the caller cancels', async () => {
    const { run, asked, approvals, ran } = gateWith({ allow: 'ask' });
    const abort = new AbortController();
    const outcome = run({}, { signal: abort.signal });
    await asked();
    abort.abort(new LatticeError('cancelled', 'Not needed any more.'));
    expect(await outcome).toEqual({ status: 'cancelled', reason: 'Not needed any more.' });
    expect(approvals.waiting.size).toBe(0);
    expect(ran).toEqual([]);
  });

  it('lets only so many runs wait, and only some of them without a slot', async () => {
    const { run, approvals } = gateWith({ allow: 'ask' });
    let aside = 0;
    const aborts = Array.from({ length: 100 }, () => new AbortController());
    const setAside = <T>(wait: () => Promise<T>) => {
      aside++;
      return wait();
    };
    const waiting = aborts.map(({ signal }, index) => run({ workId: `w${index}` }, { signal, setAside }));
    await vi.waitFor(() => expect(approvals.waiting.size).toBe(100));
    expect(aside).toBe(20);
    expect(await run({ workId: 'more' })).toMatchObject({ status: 'failed', error: { code: 'busy' } });
    for (const abort of aborts) abort.abort(new LatticeError('cancelled', 'Enough.'));
    await Promise.all(waiting);
    expect(approvals.waiting.size).toBe(0);
  });
});

import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { noticesOf, runFakeAgent, textOf } from './testing/acp-run.ts';

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'lattice-acp-')));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

const LIMITS = {
  timeoutMs: undefined,
  silenceMs: undefined,
  memoryMb: undefined,
  processes: undefined,
  network: true,
};
const failed = (message: string, code = 'agent_failed') => ({
  status: 'failed',
  error: { code, message: expect.stringContaining(message) },
});

describe('AcpRunner and a runtime that misbehaves', () => {
  it('says what to do about one that is missing', async () => {
    const { outcome } = await runFakeAgent({ root, task: 'work', run: { command: ['no-such-runtime'] } });
    expect(outcome).toMatchObject({
      status: 'failed',
      error: {
        message: 'Cannot start no-such-runtime: not found.',
        hint: expect.stringContaining('Install'),
      },
    });
  });

  it('goes on after garbage and wrong messages, and counts them', async () => {
    const { outcome, activities } = await runFakeAgent({ root, task: 'garbage' });
    expect(outcome).toEqual({ status: 'completed', result: 'Still here.' });
    expect(noticesOf(activities)).toContain(
      'Lines of the runtime that were no messages: 9. The first: Starting up…',
    );
  });

  it('gives up on one that never speaks the protocol', async () => {
    const fake = new URL('./testing/fake-agent.mjs', import.meta.url).pathname;
    const { outcome } = await runFakeAgent({
      root,
      task: 'work',
      startMs: 300,
      run: { command: [process.execPath, fake, 'rubbish'] },
    });
    expect(outcome).toMatchObject(failed('did not open a session', 'timeout'));
  });

  it('leaves out a line of 17 MiB', async () => {
    const { outcome } = await runFakeAgent({ root, task: 'long' });
    expect(outcome).toEqual({ status: 'completed', result: 'After a long line.' });
  });

  it('takes a million updates in bounded memory, joined', async () => {
    const before = process.memoryUsage().rss;
    let peak = 0;
    const { outcome, activities } = await runFakeAgent({
      root,
      task: 'flood 1000000',
      onActivity: () => {
        peak = Math.max(peak, process.memoryUsage().rss);
      },
    });
    expect(outcome).toEqual({ status: 'completed', result: 'Dry.' });
    expect(textOf(activities, 'thought')).toHaveLength(1_000_000);
    expect(activities.length).toBeLessThan(10_000);
    expect((peak - before) / 1024 ** 2).toBeLessThan(300);
  }, 120_000);

  it('stops showing tool calls beyond 20,000 and says so', async () => {
    const { outcome, activities } = await runFakeAgent({ root, task: 'tools 21000' });
    expect(outcome).toEqual({ status: 'completed', result: 'Done.' });
    expect(activities.filter(({ kind }) => kind === 'tool')).toHaveLength(19_998);
    expect(noticesOf(activities)).toContainEqual(expect.stringContaining('more than 20,000'));
  }, 60_000);

  it.each([
    ['die', failed('fake ended with exit code 3 before it answered.\nout of luck')],
    ['refuse', failed('its model refused to go on')],
    ['error', failed('The runtime answered with an error: Internal ({"why":"broken"})')],
    ['signin', failed('not signed in', 'auth_failed')],
  ])('fails when it ends with %s', async (task, expected) => {
    expect((await runFakeAgent({ root, task })).outcome).toMatchObject(expected);
  });

  it('notices silence, and ends it', async () => {
    const { outcome, activities } = await runFakeAgent({
      root,
      task: 'silent',
      run: { limits: { ...LIMITS, silenceMs: 1_000 } },
    });
    expect(noticesOf(activities)).toContain('fake has said nothing for 1 s.');
    expect(outcome).toMatchObject(failed('said nothing for 2 s', 'timeout'));
  });

  it('cancels by the protocol first', async () => {
    const controller = new AbortController();
    const { outcome } = await runFakeAgent({
      root,
      task: 'wait',
      controls: { signal: controller.signal },
      onActivity: ({ kind }) => {
        if (kind === 'text') controller.abort('Not needed');
      },
    });
    expect(outcome).toEqual({ status: 'cancelled', reason: 'Not needed' });
  });

  it('kills one that ignores a cancel, with its children in and out of its group', async () => {
    const controller = new AbortController();
    const { outcome, activities } = await runFakeAgent({
      root,
      task: 'stubborn',
      controls: { signal: controller.signal },
      onActivity: ({ kind }) => {
        if (kind === 'text') controller.abort();
      },
      killAfterMs: 1_000,
    });
    expect(outcome).toEqual({ status: 'cancelled', reason: 'Cancelled.' });
    const [, inside, outside] = /children (\d+) (\d+)/.exec(textOf(activities)) ?? [];
    expect([Number(inside), Number(outside)].every((pid) => pid > 1)).toBe(true);
    await vi.waitFor(
      () => expect([isAlive(Number(inside)), isAlive(Number(outside))]).toEqual([false, false]),
      { timeout: 10_000 },
    );
  });

  it('ends what it leaves behind', async () => {
    const { outcome, activities } = await runFakeAgent({ root, task: 'leave' });
    expect(outcome.status).toBe('completed');
    const child = Number(/child (\d+)/.exec(textOf(activities))?.[1]);
    await vi.waitFor(() => expect(isAlive(child)).toBe(false), { timeout: 10_000 });
    expect(noticesOf(activities)).toContain('Processes it had left running were ended: 1.');
  });

  it.each([
    ['time', 'silent', { timeoutMs: 300 }, 'did not end within 300 ms'],
    ['memory', 'eat', { memoryMb: 200 }, 'its limit is 200 MB'],
    ['processes', 'stubborn', { processes: 2 }, 'its limit is 2'],
  ])('ends one that goes beyond its limit of %s', async (_, task, limits, message) => {
    const { outcome } = await runFakeAgent({ root, task, run: { limits: { ...LIMITS, ...limits } } });
    expect(outcome).toMatchObject({ status: 'failed', error: { message: expect.stringContaining(message) } });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

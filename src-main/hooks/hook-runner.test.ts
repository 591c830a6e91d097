import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LatticeYaml } from '../../src-shared/lattice-yaml/schema.ts';
import { unproven } from '../../src-shared/protocol/sender.ts';
import type { RunControls, RunOutcome, RunRequest } from '../agents/runner.ts';
import { type GitSandbox, gitSandbox } from '../vcs/testing/git-sandbox.ts';
import { fillMessage, summaryOf } from './fill-message.ts';
import type { HookRan } from './hook.ts';
import { HookRunner } from './hook-runner.ts';
import { HookedRunner } from './hooked-runner.ts';

let box: GitSandbox;
beforeEach(() => {
  box = gitSandbox();
});
afterEach(() => box.remove());

function setUp(document: LatticeYaml, more: { env?: NodeJS.ProcessEnv; timeoutMs?: number } = {}) {
  const said: string[] = [];
  const ran: HookRan[] = [];
  const skipProvider = vi.fn(async () => undefined);
  const hooks = new HookRunner({
    document: () => document,
    projectDir: box.dir,
    environment: { PATH: process.env.PATH, HOME: box.dir, ...more.env },
    notify: {
      terminal: (text) => said.push(`terminal ${text}`),
      desktop: ({ title, body }) => said.push(`desktop ${title}: ${body}`),
      log: (level, text) => said.push(`${level} ${text}`),
    },
    log: (level, text) => said.push(`${level} ${text}`),
    routing: { skipProvider },
    ...(more.timeoutMs === undefined ? {} : { timeoutMs: more.timeoutMs }),
  });
  hooks.ran.on((each) => ran.push(each));
  return { hooks, said, ran, skipProvider };
}

const controls: RunControls = {
  signal: new AbortController().signal,
  sender: unproven('anna'),
  report: () => undefined,
  ask: () => Promise.reject(new Error('nobody')),
  assign: () => Promise.reject(new Error('nobody')),
};

function request(cwd = box.dir): RunRequest {
  return {
    workId: 'w1',
    attempt: 1,
    task: 'Write the file\nand more',
    context: {},
    agent: {
      info: {
        name: 'coder',
        description: '',
        capabilities: [],
        runner: 'command',
        digest: '0'.repeat(64),
        registered_at: '2026-01-01T00:00:00Z',
      },
      run: { kind: 'command', command: ['x'], cwd, env: {}, timeoutMs: undefined },
      source: 'lattice.yaml',
    },
  };
}

function agent(hooks: HookRunner, outcome: RunOutcome, act: () => void = () => undefined): HookedRunner {
  const runner = {
    run: async () => {
      act();
      return outcome;
    },
  };
  return new HookedRunner({ runner, hooks, projectDir: box.dir });
}

const completed: RunOutcome = { status: 'completed', result: 'done' };
const failed: RunOutcome = { status: 'failed', error: { code: 'timeout', message: 'too slow' } };

describe('hooks around a run', () => {
  it('keeps the files before and commits only what the agent changed', async () => {
    writeFileSync(join(box.dir, 'mine'), 'open edit of a person');
    box.git('commit', '-q', '--allow-empty', '-m', 'first');
    const { hooks, ran } = setUp({
      vcs: { preset: 'git-stash' },
      hooks: {
        pre_agent: [{ action: 'vcs.checkpoint', when: 'always' }],
        post_agent: [{ action: 'vcs.commit', when: 'files_changed' }],
      },
    });
    const write = () => writeFileSync(join(box.dir, 'made'), 'by the agent');
    expect(await agent(hooks, completed, write).run(request(), controls)).toEqual(completed);
    expect(ran.map((each) => [each.event, each.action, each.outcome, each.text.split(' as ')[0]])).toEqual([
      ['pre_agent', 'vcs.checkpoint', 'done', 'Checkpoint 1: checkpoint: before coder'],
      ['post_agent', 'vcs.commit', 'done', 'Committed 1 files to lattice/main'],
    ]);
    expect(ran[0]).toMatchObject({ agent: 'coder', work: 'w1' });
    expect(box.git('log', '-1', '--format=%s%n%an%n%cn').trim()).toBe(
      'ai(coder): Write the file\nAda\nLattice',
    );
    expect(box.git('show', '--stat', '--format=', 'HEAD')).toContain('made');
    expect(box.git('status', '--porcelain').trim()).toBe('?? mine');
    await agent(hooks, completed).run(request(), controls);
    expect(ran.map((each) => each.action)).toEqual(['vcs.checkpoint', 'vcs.commit', 'vcs.checkpoint']);
  });

  it('words checkpoints and commits as vcs.config says', async () => {
    box.git('commit', '-q', '--allow-empty', '-m', 'first');
    const { hooks, ran } = setUp({
      vcs: {
        preset: 'git-stash',
        config: { checkpoint_message: 'kept for {agent}', commit_message: '{agent} did: {summary}' },
      },
      hooks: { pre_agent: [{ action: 'vcs.checkpoint' }], post_agent: [{ action: 'vcs.commit' }] },
    });
    const write = () => writeFileSync(join(box.dir, 'made'), 'by the agent');
    await agent(hooks, completed, write).run(request(), controls);
    expect(ran[0]?.text).toBe('Checkpoint 1: kept for coder');
    expect(box.git('log', '-1', '--format=%s').trim()).toBe('coder did: Write the file');
  });

  it('tells of failures, and counts those in a row', async () => {
    const { hooks, said } = setUp({
      hooks: {
        on_error: [
          { action: 'log.error', message: '{agent} {error_code}: {error} ({error_count})' },
          { action: 'notify.terminal', when: 'error_count > 1', message: 'again' },
        ],
        post_agent: [{ action: 'log.info', when: 'agent == "coder" and outcome == "completed"' }],
      },
    });
    await agent(hooks, failed).run(request(), controls);
    const twice = agent(hooks, failed);
    await twice.run(request(), controls);
    await twice.run(request(), controls);
    await agent(hooks, completed).run(request(), controls);
    expect(said.slice(0, 4)).toEqual([
      'error coder timeout: too slow (1)',
      'error coder timeout: too slow (1)',
      'error coder timeout: too slow (2)',
      'terminal again',
    ]);
    expect(said[4]).toMatch(/^info coder completed after .*: Write the file$/);
  });

  it('never fails the work: a tool that is missing, a condition or an action that nobody knows', async () => {
    const { hooks, ran, said } = setUp(
      {
        vcs: { preset: 'jj-checkpoint' },
        hooks: {
          pre_agent: [
            { action: 'vcs.checkpoint' },
            { action: 'log.info', when: 'process.exit(1)' },
            { action: '__proto__' },
            { action: 'vcs.checkpoint; rm -rf /' },
            { action: 'route.skip_provider' },
            { action: 'route.fallback' },
            { action: 'log.info', message: 'reached' },
          ],
        },
      },
      { env: { PATH: box.dir } },
    );
    expect(await agent(hooks, completed).run(request(), controls)).toEqual(completed);
    expect(ran.map((each) => each.outcome)).toEqual([...Array<string>(6).fill('failed'), 'done']);
    expect(said.at(-1)).toBe('info reached');
  });
});

describe('actions', () => {
  it('notifies, logs, skips and falls back', async () => {
    const { hooks, said, skipProvider, ran } = setUp({
      name: 'shop',
      hooks: {
        on_rate_limit: [{ action: 'route.fallback', notify: true }],
        on_budget_exceeded: [
          { action: 'route.skip_provider', notify: true },
          { action: 'route.skip_provider', for: '10m', message: '{provider} is dear' },
          { action: 'route.skip_provider', for: 'soon' },
          { action: 'log.warning', message: 'Budget exceeded for {provider} at {budget_used} {unknown}' },
          { action: 'notify.desktop', when: 'provider == "openai" and budget_used >= 80%' },
        ],
      },
    });
    await hooks.run('on_rate_limit', { agent: 'coder', provider: 'openai', model: 'openai/o3' });
    await hooks.run('on_budget_exceeded', {
      agent: 'coder',
      provider: 'openai',
      budget_used: 1,
      error: 'over $50',
    });
    expect(said).toEqual([
      'terminal openai/o3 is rate limited; coder goes on with another model. The call goes on without openai/o3, with the next model of its routing.',
      'terminal over $50 openai is left out until the station stops.',
      'warning The hook on_budget_exceeded route.skip_provider failed: for cannot be soon.',
      'warning Budget exceeded for openai at 100% {unknown}',
      'desktop coder in shop: over $50',
    ]);
    expect(skipProvider.mock.calls).toEqual([
      ['openai', 'a hook left openai out', undefined],
      ['openai', 'openai is dear', 600_000],
    ]);
    expect(ran).toHaveLength(6);
  });

  it('posts to Slack, follows no redirect, and keeps the webhook secret', async () => {
    const bodies: string[] = [];
    const server = createServer(async (incoming, answer) => {
      let body = '';
      for await (const chunk of incoming) body += String(chunk);
      bodies.push(`${incoming.url} ${body}`);
      if (incoming.url === '/elsewhere') answer.writeHead(302, { location: '/SECRET' });
      else if (incoming.url === '/refused') answer.writeHead(404);
      answer.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const slack = (webhook?: string) => ({
        action: 'notify.slack',
        channel: '#designs',
        message: '{agent} says hello',
        ...(webhook === undefined ? {} : { webhook }),
      });
      const { hooks, ran, said } = setUp(
        {
          hooks: {
            post_agent: [
              slack(),
              slack(`${base}/elsewhere`),
              slack(`${base}/refused`),
              slack('http://example.com/SECRET'),
              slack('SECRET'),
              slack(`\${NOT_SET}`),
            ],
          },
        },
        { env: { SLACK_WEBHOOK_URL: `${base}/SECRET` } },
      );
      await hooks.run('post_agent', { agent: 'architect' });
      expect(ran.map((each) => each.text)).toEqual([
        'Told Slack in #designs.',
        'The Slack webhook leads elsewhere, and messages do not follow it.',
        'Slack refused the message (404).',
        'The Slack webhook is not an https address.',
        'The Slack webhook is not an https address.',
        'No Slack webhook is set.',
      ]);
      expect(bodies).toHaveLength(3);
      expect(bodies[0]).toBe('/SECRET {"text":"architect says hello","channel":"#designs"}');
      expect(JSON.stringify([said, ran])).not.toContain('SECRET');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('ends an action that hangs, with all that it started', async () => {
    writeFileSync(join(box.dir, 'git'), `#!/bin/sh\necho $$ > ${box.dir}/pid\nsleep 60\n`, { mode: 0o755 });
    const { hooks, ran } = setUp(
      {
        vcs: { preset: 'git-stash' },
        hooks: { pre_agent: [{ action: 'vcs.checkpoint' }, { action: 'log.info' }] },
      },
      { env: { PATH: `${box.dir}:${process.env.PATH}` }, timeoutMs: 500 },
    );
    await hooks.run('pre_agent', { agent: 'a' });
    expect(ran.map((each) => each.outcome)).toEqual(['failed', 'done']);
    expect(ran[0]?.text).toBe('It did not end within 500 ms.');
    const pid = Number(readFileSync(join(box.dir, 'pid'), 'utf8'));
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });

  it('does nothing without hooks and with the preset none', async () => {
    const { hooks, ran } = setUp({
      hooks: { pre_agent: [{ action: 'vcs.checkpoint' }, { action: 'vcs.push' }] },
    });
    await hooks.run('on_error', {});
    expect(ran).toEqual([]);
    await hooks.run('pre_agent', {});
    expect(ran.map((each) => each.text)).toEqual([
      'No checkpoint: vcs.preset is none.',
      'No push: vcs.preset is none.',
    ]);
  });
});

describe('messages', () => {
  it('fills in what is known', () => {
    const facts = { agent: 'a', duration: 90_000, files_changed: ['x', 'y'], task: 'a\u001b[2Jb' };
    expect(fillMessage('{agent} {duration} {files_changed} {model}| {constructor} {task}', facts)).toBe(
      'a 1 min 30 s x, y | {constructor} a[2Jb',
    );
    expect(summaryOf(`\n  ${'word '.repeat(30)}\nsecond`)).toHaveLength(72);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

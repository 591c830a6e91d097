import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectNoLeak, findSecretsInText } from '../src-main/testing/find-secrets.ts';
import type { ScriptedReply } from '../src-main/testing/model-provider.ts';
import { type CodingAgent, setUpCodingAgent } from './coding-agent.ts';
import { costOf, isWork, PATTERN } from './coding-project.ts';

const run = promisify(execFile);

/** How one runtime names its tools. */
export interface CodingTools {
  /** A call that writes `content` into the file at `path`. */
  write(path: string, content: string): { name: string; arguments: object | string };
  /** A call that runs a command line. */
  execute(command: string): { name: string; arguments: object | string };
}

export interface CodingSuite {
  runtime: string;
  /** Where its program is. */
  binDir: string;
  /** What it speaks to models. */
  format: 'chat' | 'responses' | 'messages';
  /** A part of the command line of its processes. */
  process: string;
  tools: CodingTools;
}

/** What every coding agent has to do in the same way. */
export function codingAgentSuite({ runtime, binDir, format, process: args, tools }: CodingSuite): void {
  let agent: CodingAgent;
  beforeAll(async () => {
    agent = await setUpCodingAgent({ runtime, binDir, format });
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
  });
  const calls = (call: ReturnType<CodingTools['execute']>): ScriptedReply => ({
    toolCalls: [call],
    stop: 'tool',
  });
  const allow = async ({ choices }: { choices: readonly string[] }) => choices[0] ?? '';

  it('answers a prompt with its instructions', async () => {
    const { outcome, activities } = await agent.run('Say hello', [{ text: ['Hel', 'lo.'] }]);
    expect(outcome).toEqual({ status: 'completed', result: 'Hello.' });
    expect(agent.requests().find(isWork)?.raw).toContain('You are the coder of this test.');
    expect(activities.some((each) => each.kind === 'text' && each.role === 'answer')).toBe(true);
  });

  it('edits a file once a person allowed it', async () => {
    const path = join(agent.project, 'made.txt');
    const {
      outcome,
      questions,
      tools: seen,
    } = await agent.run('Write two', [calls(tools.write(path, 'two')), { text: 'Written.' }], { ask: allow });
    expect(outcome).toEqual({ status: 'completed', result: 'Written.' });
    expect(questions).toHaveLength(1);
    expect((await readFile(path, 'utf8')).trim()).toBe('two');
    expect(seen.at(-1)).toMatchObject({ tool_kind: 'edit', status: 'completed' });
    expect(JSON.stringify(seen)).toContain('"diffs"');
  });

  it('runs no command that a person denied', async () => {
    const { questions, tools: seen } = await agent.run('Touch', [
      calls(tools.execute('touch never')),
      { text: 'It was denied.' },
    ]);
    expect(questions).toEqual([expect.stringContaining('touch never')]);
    expect(seen.some(({ status }) => status === 'refused')).toBe(true);
    await expect(readFile(join(agent.project, 'never'))).rejects.toThrow('ENOENT');
  });

  it('runs a command that finds none of our secrets', async () => {
    const {
      outcome,
      tools: seen,
      activities,
    } = await agent.run('Look', [calls(tools.execute('env; cat notes.txt')), { text: 'Seen.' }], {
      ask: allow,
    });
    expect(outcome).toEqual({ status: 'completed', result: 'Seen.' });
    expect(seen.at(-1)).toMatchObject({ tool_kind: 'execute', status: 'completed' });
    const all = JSON.stringify(activities) + agent.requests().map(({ raw }) => raw);
    expect(all).toContain('one');
    expectNoLeak(findSecretsInText('what the command found', all));
  });

  it('stops when it is cancelled, and leaves nothing running', async () => {
    const controller = new AbortController();
    let aborted = 0;
    const { outcome } = await agent.run('Wait', [{ text: ['a', 'b', 'c', 'd', 'e'], pieceMs: 2_000 }], {
      signal: controller.signal,
      onActivity: (activity) => {
        if (activity.kind !== 'model_call' || controller.signal.aborted) return;
        aborted = performance.now();
        controller.abort('Not needed');
      },
    });
    expect(outcome).toEqual({ status: 'cancelled', reason: 'Not needed' });
    expect(performance.now() - aborted).toBeLessThan(10_000);
    expect((await run('ps', ['-A', '-o', 'args='])).stdout).not.toContain(args);
  });

  it('was routed by the exact pattern, and the bill adds up to the cent', () => {
    const bill = agent.bill();
    expect(bill.length).toBeGreaterThanOrEqual(agent.requests().length);
    expect(bill.map(({ model }) => model)).toEqual(bill.map((_, index) => PATTERN[index % PATTERN.length]));
    for (const entry of bill) expect(entry.usd).toBeCloseTo(costOf(entry), 6);
  });
}

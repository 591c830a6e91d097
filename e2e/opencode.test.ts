import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentEngine, openAgentEngine } from '../src-main/agent-engine.ts';
import { Catalog } from '../src-main/agents/catalog.ts';
import type { RunControls } from '../src-main/agents/runner.ts';
import { LatticeConfig } from '../src-main/config/lattice-config.ts';
import type { ProviderRequest, ScriptedReply } from '../src-main/testing/model-provider.ts';
import { type ModelProvider, startModelProvider } from '../src-main/testing/model-provider.ts';
import { Disposables } from '../src-shared/disposables.ts';
import type { Activity, ModelCall } from '../src-shared/protocol/activity.ts';
import { dayOf } from '../src-shared/routing/usage.ts';

const run = promisify(execFile);
const KEYS = { ALPHA_KEY: 'sk-alpha-0123456789', BETA_KEY: 'sk-beta-0123456789' };
const opencode = process.env.LATTICE_OPENCODE ?? '';

const end = new Disposables();
let folder: string;
let project: string;
let alpha: ModelProvider;
let beta: ModelProvider;
let agents: AgentEngine;
let catalog: Catalog;

/** Whether a call is the work itself; OpenCode asks for a title beside it, without tools. */
const isWork = ({ body }: ProviderRequest) => Array.isArray(body.tools) && body.tools.length > 0;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'lattice-opencode-')));
  end.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  alpha = end.use(await startModelProvider());
  beta = end.use(await startModelProvider());
  project = join(folder, 'project');
  await mkdir(join(project, 'agents'), { recursive: true });
  await writeFile(join(project, 'notes.txt'), 'one\n');
  await writeFile(join(project, 'agents/coder.md'), 'You are the coder of this test.');
  await writeFile(
    join(project, 'lattice.yaml'),
    `providers:
  alpha: {env: ALPHA_KEY, base_url: "${alpha.openaiUrl}", prices: {big: {input: 1000, output: 2000}}}
  beta: {env: BETA_KEY, base_url: "${beta.openaiUrl}", prices: {small: {input: 100, output: 200}}}
agents:
  coder:
    path: coder.md
    run: {acp: opencode, permissions: {default: ask}}
    routing: {strategy: pattern, pattern: [alpha/big, beta/small, beta/small]}
`,
  );
  await run('git', ['init', '--quiet'], { cwd: project });
  const env = {
    ...process.env,
    ...KEYS,
    LATTICE_TOKEN: 'hub-secret-0123456789',
    HOME: folder,
    PATH: `${dirname(opencode)}:${process.env.PATH}`,
  };
  const config = end.use(await LatticeConfig.open({ projectDir: project }));
  catalog = end.use(new Catalog({ config, dataDir: folder }));
  await catalog.ready;
  expect(catalog.problems.value).toEqual([]);
  agents = end.use(
    await openAgentEngine({
      paths: { configDir: folder, dataDir: folder },
      env,
      folder: project,
      config,
      definitions: () => catalog.definitions.value,
      onProblem: (problem) => {
        throw problem;
      },
    }),
  );
});
afterAll(async () => {
  await end[Symbol.asyncDispose]();
});

async function runCoder(
  task: string,
  replies: readonly ScriptedReply[],
  controls: Partial<RunControls> & { onActivity?: (activity: Activity) => void } = {},
) {
  const [agent] = catalog.definitions.value;
  if (agent === undefined) throw new Error('There is no agent.');
  let works = 0;
  const script: ModelProvider['script'] = (request) =>
    isWork(request) ? (replies[Math.min(works++, replies.length - 1)] ?? {}) : { text: 'A title' };
  alpha.script = script;
  beta.script = script;
  const activities: Activity[] = [];
  const questions: string[] = [];
  const outcome = await agents.engine.run(
    { workId: 'work-1', attempt: 1, agent, task, context: {} },
    {
      signal: controls.signal ?? new AbortController().signal,
      report: (report) => {
        if (report.type !== 'activity') return;
        activities.push(report.activity);
        controls.onActivity?.(report.activity);
      },
      ask: async (question) => {
        questions.push(question.text);
        return controls.ask?.(question) ?? 'Deny';
      },
      assign: () => Promise.reject(new Error('No queue.')),
    },
  );
  const calls = new Map<string, ModelCall>();
  for (const each of activities) if (each.kind === 'model_call') calls.set(each.id, each);
  const tools = activities.filter((each) => each.kind === 'tool');
  return { outcome, activities, questions, tools, calls: [...calls.values()] };
}

describe('OpenCode', () => {
  it('answers a prompt with its instructions, and gets only a key of ours', async () => {
    const { outcome, activities, calls } = await runCoder('Say hello', [{ text: ['Hel', 'lo.'] }]);
    expect(outcome).toEqual({ status: 'completed', result: 'Hello.' });
    const asked = [...alpha.requests, ...beta.requests].find(isWork);
    expect(JSON.stringify(asked?.body.messages)).toContain('You are the coder of this test.');
    expect(calls.every(({ status }) => status === 'ok')).toBe(true);
    expect(activities.some((each) => each.kind === 'text' && each.role === 'answer')).toBe(true);
  });

  it('edits a file once a person allowed it', async () => {
    const path = join(project, 'notes.txt');
    const write = { name: 'write', arguments: { filePath: path, content: 'two\n' } };
    const { outcome, questions, tools } = await runCoder(
      'Write two',
      [{ toolCalls: [write], stop: 'tool' }, { text: 'Written.' }],
      { ask: async ({ choices }) => choices[0] ?? '' },
    );
    expect(outcome).toEqual({ status: 'completed', result: 'Written.' });
    expect(questions).toHaveLength(1);
    expect(questions[0]).toContain('notes.txt');
    expect(await readFile(path, 'utf8')).toBe('two\n');
    expect(tools.at(-1)).toMatchObject({ tool_kind: 'edit', status: 'completed' });
    expect(JSON.stringify(tools)).toContain('"before":"one\\n"');
  });

  it('runs no command that a person denied', async () => {
    const bash = { name: 'bash', arguments: { command: 'touch never', description: 'Makes a file' } };
    const { outcome, questions, tools } = await runCoder('Touch', [
      { toolCalls: [bash], stop: 'tool' },
      { text: 'It was denied.' },
    ]);
    expect(questions).toEqual([expect.stringContaining('run touch never')]);
    expect(outcome.status).toBe('completed');
    expect(tools.some(({ status }) => status === 'refused')).toBe(true);
    await expect(readFile(join(project, 'never'))).rejects.toThrow('ENOENT');
  });

  it('runs a command that does not find our secrets', async () => {
    const bash = { name: 'bash', arguments: { command: 'env; cat notes.txt', description: 'Looks' } };
    const { outcome, tools, activities } = await runCoder(
      'Look',
      [{ toolCalls: [bash], stop: 'tool' }, { text: 'Seen.' }],
      { ask: async ({ choices }) => choices[0] ?? '' },
    );
    expect(outcome).toEqual({ status: 'completed', result: 'Seen.' });
    expect(tools.at(-1)).toMatchObject({ tool_kind: 'execute', status: 'completed' });
    const seen = JSON.stringify([...alpha.requests, ...beta.requests].at(-1)?.body) + JSON.stringify(activities);
    expect(seen).toContain('two');
    for (const secret of [...Object.values(KEYS), 'hub-secret-0123456789', 'lattice-'])
      expect(seen.replaceAll(/lattice-(opencode|runtime)/g, '')).not.toContain(secret);
  });

  it('stops when it is cancelled, and leaves nothing running', async () => {
    const controller = new AbortController();
    const started = performance.now();
    const { outcome } = await runCoder('Wait', [{ text: ['a', 'b', 'c', 'd'], pieceMs: 2_000 }], {
      signal: controller.signal,
      onActivity: (activity) => {
        if (activity.kind === 'text') controller.abort('Not needed');
      },
    });
    expect(outcome).toEqual({ status: 'cancelled', reason: 'Not needed' });
    expect(performance.now() - started).toBeLessThan(60_000);
    const { stdout } = await run('ps', ['-A', '-o', 'args=']);
    expect(stdout).not.toContain(`${opencode} acp`);
  });

  it('was routed by the exact pattern, and the bill adds up', async () => {
    const entries = agents.routing.usage.entries(dayOf(Date.now()));
    const asked = alpha.requests.length + beta.requests.length;
    expect(entries).toHaveLength(asked);
    expect(entries.map(({ model }) => model)).toEqual(
      entries.map((_, index) => (index % 3 === 0 ? 'alpha/big' : 'beta/small')),
    );
  });
});

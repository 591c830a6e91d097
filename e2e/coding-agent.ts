import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openAgentEngine } from '../src-main/agent-engine.ts';
import { Catalog } from '../src-main/agents/catalog.ts';
import type { RunControls, RunOutcome } from '../src-main/agents/runner.ts';
import { LatticeConfig } from '../src-main/config/lattice-config.ts';
import {
  type ModelProvider,
  type ProviderRequest,
  type ScriptedReply,
  startModelProvider,
} from '../src-main/testing/model-provider.ts';
import { Disposables } from '../src-shared/disposables.ts';
import type { Activity } from '../src-shared/protocol/activity.ts';
import { dayOf, type UsageEntry } from '../src-shared/routing/usage.ts';

const run = promisify(execFile);

/** What no program and nobody who listens may find. */
export const SECRETS = {
  ALPHA_KEY: 'sk-alpha-0123456789',
  BETA_KEY: 'sk-beta-0123456789',
  LATTICE_TOKEN: 'hub-secret-0123456789',
} as const;

/** Per million tokens. */
export const PRICES = {
  'alpha/big': { input: 1_000, output: 2_000 },
  'beta/small': { input: 100, output: 200 },
} as const;

/** One run of the coding agent. */
export interface CodingRun {
  outcome: RunOutcome;
  activities: Activity[];
  questions: string[];
  tools: Extract<Activity, { kind: 'tool' }>[];
}

/** A project whose agent is a real coding agent, and two providers on loopback that answer it. */
export interface CodingAgent extends AsyncDisposable {
  project: string;
  /** The oldest first for each provider. */
  requests(): ProviderRequest[];
  /** What the usage log counted today. */
  bill(): UsageEntry[];
  run(
    task: string,
    replies: readonly ScriptedReply[],
    controls?: Partial<Pick<RunControls, 'signal' | 'ask'>> & { onActivity?: (activity: Activity) => void },
  ): Promise<CodingRun>;
}

/** Sets up the agent; `binDir` is where its program is, `format` what the providers speak. */
export async function setUpCodingAgent(options: {
  runtime: string;
  binDir: string;
  format: string;
}): Promise<CodingAgent> {
  const end = new Disposables();
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'coding-agent-')));
  end.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  const alpha = end.use(await startModelProvider());
  const beta = end.use(await startModelProvider());
  const project = join(folder, 'project');
  await mkdir(join(project, 'agents'), { recursive: true });
  await writeFile(join(project, 'notes.txt'), 'one\n');
  await writeFile(join(project, 'agents/coder.md'), 'You are the coder of this test.');
  const providers = [
    { name: 'alpha', model: 'big', url: alpha.openaiUrl },
    { name: 'beta', model: 'small', url: beta.openaiUrl },
  ].map(({ name, model, url }) => [
    name,
    {
      env: `${name.toUpperCase()}_KEY`,
      base_url: url,
      format: options.format,
      prices: { [model]: PRICES[`${name}/${model}` as keyof typeof PRICES] },
    },
  ]);
  const coder = {
    path: 'coder.md',
    run: { acp: options.runtime, permissions: { default: 'ask' } },
    routing: { strategy: 'pattern', pattern: ['alpha/big', 'beta/small', 'beta/small'], sticky: false },
  };
  // YAML reads JSON as it is.
  const yaml = JSON.stringify({ providers: Object.fromEntries(providers), agents: { coder } });
  await writeFile(join(project, 'lattice.yaml'), yaml);
  await run('git', ['init', '--quiet'], { cwd: project });
  const env = {
    ...process.env,
    ...SECRETS,
    HOME: folder,
    PATH: `${options.binDir}:${process.env.PATH}`,
  };
  const config = end.use(await LatticeConfig.open({ projectDir: project }));
  const catalog = end.use(new Catalog({ config, dataDir: folder }));
  await catalog.ready;
  const definitions = () => catalog.definitions.value;
  const agents = end.use(
    await openAgentEngine({
      paths: { configDir: folder, dataDir: folder },
      env,
      folder: project,
      config,
      definitions,
      onProblem: (problem) => process.stderr.write(`${problem.message}\n`),
    }),
  );
  return {
    project,
    requests: () => [...alpha.requests, ...beta.requests],
    bill: () => agents.routing.usage.entries(dayOf(Date.now())),
    async run(task, replies, controls = {}) {
      const [agent] = definitions();
      if (agent === undefined) throw new Error(`No agent: ${JSON.stringify(catalog.problems.value)}`);
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
      const tools = activities.filter((each) => each.kind === 'tool');
      return { outcome, activities, questions, tools };
    },
    [Symbol.asyncDispose]: () => end[Symbol.asyncDispose](),
  };
}

/** Whether a call is the work itself; runtimes ask for titles beside it, without tools. */
export function isWork({ body }: ProviderRequest): boolean {
  return Array.isArray(body.tools) && body.tools.length > 0;
}

import { inspect } from 'node:util';
import { openAgentEngine } from '../src-main/agent-engine.ts';
import { Catalog } from '../src-main/agents/catalog.ts';
import type { RunControls, RunOutcome } from '../src-main/agents/runner.ts';
import { LatticeConfig } from '../src-main/config/lattice-config.ts';
import { expectNoLeak, findSecretsInText } from '../src-main/testing/find-secrets.ts';
import type { ProviderRequest, ScriptedReply } from '../src-main/testing/model-provider.ts';
import { Disposables } from '../src-shared/disposables.ts';
import type { Activity } from '../src-shared/protocol/activity.ts';
import { unproven } from '../src-shared/protocol/sender.ts';
import { dayOf, type UsageEntry } from '../src-shared/routing/usage.ts';
import { type CodingProjectOptions, openCodingProject, SECRETS } from './coding-project.ts';

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
export async function setUpCodingAgent(
  options: CodingProjectOptions & { binDir: string },
): Promise<CodingAgent> {
  const end = new Disposables();
  const coding = end.use(await openCodingProject(options));
  const { folder, dir: project } = coding;
  const env = {
    ...process.env,
    ...SECRETS,
    HOME: folder,
    PATH: `${options.binDir}:${process.env.PATH}`,
  };
  const config = end.use(await LatticeConfig.open({ projectDir: project }));
  const catalog = end.use(new Catalog({ config, dataDir: folder }));
  await catalog.ready;
  const told: string[] = [];
  const definitions = () => catalog.definitions.value;
  const agents = end.use(
    await openAgentEngine({
      paths: { configDir: folder, dataDir: folder },
      env,
      folder: project,
      config,
      definitions,
      onProblem: (problem) => {
        told.push(inspect(problem, { depth: null }));
        process.stderr.write(`${problem.message}\n`);
      },
    }),
  );
  return {
    project,
    requests: coding.requests,
    bill: () => agents.routing.usage.entries(dayOf(Date.now())),
    async run(task, replies, controls = {}) {
      const [agent] = definitions();
      if (agent === undefined) throw new Error(`No agent: ${JSON.stringify(catalog.problems.value)}`);
      coding.answer(replies);
      const activities: Activity[] = [];
      const questions: string[] = [];
      const outcome = await agents.engine.run(
        { workId: 'work-1', attempt: 1, agent, task, context: {} },
        {
          sender: unproven('anna'),
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
      told.push(JSON.stringify({ outcome, activities, questions }));
      const tools = activities.filter((each) => each.kind === 'tool');
      return { outcome, activities, questions, tools };
    },
    async [Symbol.asyncDispose]() {
      await end[Symbol.asyncDispose]();
      expectNoLeak(findSecretsInText('what the runs told', told.join('\n')));
    },
  };
}

import { fileURLToPath } from 'node:url';
import { LatticeError } from '../../../../src-shared/errors.ts';
import type { Activity } from '../../../../src-shared/protocol/activity.ts';
import type { TaskContext } from '../../../../src-shared/protocol/invoke.ts';
import { unproven } from '../../../../src-shared/protocol/sender.ts';
import type { ModelGateway } from '../../../gateway/model-gateway.ts';
import { expectNoLeak, findSecretsIn, findSecretsInText, makeSecret } from '../../../testing/find-secrets.ts';
import type { AcpRun, RunControls, RunOutcome, RunRequest } from '../../runner.ts';
import { AcpRunner } from '../acp-runner.ts';

const PASSWORD = makeSecret();
/** What the station was started with, and no run may tell or keep. */
const STATION_SECRETS: Readonly<Record<string, string>> = {
  LATTICE_TOKEN: makeSecret(),
  NATS_URL: `nats://ann:${PASSWORD}@hub:4222`,
  OPENAI_API_KEY: makeSecret('sk-'),
  ANTHROPIC_AUTH_TOKEN: makeSecret(),
};
const SECRETS = [PASSWORD, ...Object.values(STATION_SECRETS)];

const AGENT = fileURLToPath(new URL('./fake-agent.mjs', import.meta.url));

/** A gateway that routes nobody. */
const noGateway: ModelGateway = {
  grant: async ({ agent }) => {
    throw new LatticeError('not_found', `No agent ${agent} with routing is in lattice.yaml.`);
  },
};

export interface AcpTestOptions {
  task: string;
  root: string;
  context?: TaskContext;
  run?: Partial<AcpRun>;
  controls?: Partial<RunControls>;
  gateway?: ModelGateway;
  environment?: NodeJS.ProcessEnv;
  killAfterMs?: number;
  startMs?: number;
  onActivity?: (activity: Activity) => void | Promise<void>;
}

/** What a run of the fake agent did. */
export interface AcpTestRun {
  outcome: RunOutcome;
  activities: Activity[];
  questions: string[];
}

/**
 * Runs the fake agent once on a station with secrets, and looks that none was told or written; the first word of the task
 * says how it behaves.
 */
export async function runFakeAgent(options: AcpTestOptions): Promise<AcpTestRun> {
  const run: AcpRun = {
    kind: 'acp',
    runtime: 'fake',
    command: [process.execPath, AGENT],
    root: options.root,
    prompt: undefined,
    mcp: [],
    permissions: { otherwise: 'ask', allow: [], deny: [] },
    limits: {
      timeoutMs: undefined,
      silenceMs: undefined,
      memoryMb: undefined,
      processes: undefined,
      network: true,
    },
    env: {},
    passEnv: [],
    mode: undefined,
    workspace: 'project',
    ...options.run,
  };
  const request: RunRequest = {
    workId: 'work-1',
    attempt: 1,
    agent: {
      info: {
        name: 'architect',
        description: '',
        capabilities: [],
        runner: 'acp',
        digest: '0'.repeat(64),
        registered_at: '2026-01-01T00:00:00Z',
      },
      run,
      source: 'lattice.yaml',
    },
    task: options.task,
    context: options.context ?? {},
  };
  const activities: Activity[] = [];
  const questions: string[] = [];
  const { gateway = noGateway, environment = process.env, killAfterMs = 1_000, startMs } = options;
  const runner = new AcpRunner({
    gateway,
    killAfterMs,
    environment: { ...environment, ...STATION_SECRETS },
    ...(startMs === undefined ? {} : { startMs }),
  });
  const ask = options.controls?.ask ?? (async () => 'Deny');
  const outcome = await runner.run(request, {
    signal: options.controls?.signal ?? new AbortController().signal,
    sender: unproven('anna'),
    report: (report) => {
      if (report.type !== 'activity') return undefined;
      activities.push(report.activity);
      return options.onActivity?.(report.activity);
    },
    ask: (question) => {
      questions.push(question.text);
      return ask(question);
    },
    assign: () => Promise.reject(new LatticeError('unsupported', 'No queue.')),
  });
  const told = JSON.stringify({ outcome, activities, questions });
  expectNoLeak([
    ...findSecretsIn(options.root, SECRETS),
    ...findSecretsInText('what the run told', told, SECRETS),
  ]);
  return { outcome, activities, questions };
}

/** All that was said in one role. */
export function textOf(activities: readonly Activity[], role: 'answer' | 'thought' = 'answer'): string {
  return activities.map((each) => (each.kind === 'text' && each.role === role ? each.text : '')).join('');
}

/** The notices of a run. */
export function noticesOf(activities: readonly Activity[]): string[] {
  return activities.flatMap((each) => (each.kind === 'notice' ? [each.text] : []));
}

import { join, relative } from 'node:path';
import type { ConditionFacts } from '../../src-shared/lattice-yaml/condition-names.ts';
import type { AgentDefinition, RunControls, Runner, RunOutcome, RunRequest } from '../agents/runner.ts';
import { summaryOf } from './fill-message.ts';
import type { Hook } from './hook.ts';
import type { HookRunner, HookScope } from './hook-runner.ts';

export interface HookedRunnerOptions {
  runner: Runner;
  hooks: HookRunner;
  projectDir: string;
}

const MAX_AGENTS = 10_000;

/** Runs agents with the hooks of lattice.yaml around each run: `pre_agent` before, `post_agent` after, `on_error` when it failed. */
export class HookedRunner implements Runner {
  readonly #options: HookedRunnerOptions;
  /** Failures of each agent in a row. */
  readonly #failures = new Map<string, number>();

  constructor(options: HookedRunnerOptions) {
    this.#options = options;
  }

  async run(request: RunRequest, controls: RunControls): Promise<RunOutcome> {
    const { hooks, runner } = this.#options;
    const scope: HookScope = {};
    const before = factsOf(request);
    await hooks.run('pre_agent', before, scope);
    const startedAt = performance.now();
    const outcome = await runner.run({ ...request, agent: this.#placed(request.agent, scope) }, controls);
    const duration = Math.round(performance.now() - startedAt);
    const error_count = this.#count(request.agent.info.name, outcome);
    const after = [
      ...hooks.hooksOf('post_agent'),
      ...(outcome.status === 'failed' ? hooks.hooksOf('on_error') : []),
    ];
    const facts: ConditionFacts = {
      ...before,
      outcome: outcome.status,
      duration,
      error_count,
      ...(after.some(asksForFiles) ? { files_changed: await hooks.filesChanged(scope) } : {}),
      ...(outcome.status === 'failed'
        ? { error: outcome.error.message, error_code: outcome.error.code }
        : {}),
    };
    await hooks.run('post_agent', facts, scope);
    if (outcome.status === 'failed') await hooks.run('on_error', facts, scope);
    return outcome;
  }

  /** The agent as it runs in the workspace of its checkpoint, when it has one. */
  #placed(agent: AgentDefinition, { checkpoint }: HookScope): AgentDefinition {
    const { run } = agent;
    if (checkpoint?.workspace === undefined || !('cwd' in run)) return agent;
    const cwd = join(checkpoint.workspace, relative(this.#options.projectDir, run.cwd));
    return { ...agent, run: { ...run, cwd } };
  }

  #count(agent: string, { status }: RunOutcome): number {
    const count = status === 'failed' ? (this.#failures.get(agent) ?? 0) + 1 : 0;
    if (count === 0) this.#failures.delete(agent);
    else if (this.#failures.size < MAX_AGENTS) this.#failures.set(agent, count);
    return count;
  }
}

function factsOf({ workId, attempt, agent, task }: RunRequest): ConditionFacts {
  const { name, runner } = agent.info;
  return { agent: name, runner, work: workId, attempt, task, summary: summaryOf(task) };
}

/** Looking at the files costs time, so it is done only for hooks that speak of them. */
function asksForFiles({ when = '', message = '' }: Hook): boolean {
  return when.includes('files_changed') || message.includes('{files_changed}');
}

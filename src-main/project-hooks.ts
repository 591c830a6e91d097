import type { ConditionFacts } from '../src-shared/lattice-yaml/condition-names.ts';
import type { LatticeYaml } from '../src-shared/lattice-yaml/schema.ts';
import type { Runner } from './agents/runner.ts';
import type { RateLimited } from './gateway/gateway-options.ts';
import type { HookRan, Notify } from './hooks/hook.ts';
import { HookRunner } from './hooks/hook-runner.ts';
import { HookedRunner } from './hooks/hooked-runner.ts';
import type { BudgetExceeded } from './routing/budget.ts';
import type { ModelRouter } from './routing/model-router.ts';

export interface ProjectHooksOptions {
  document: () => LatticeYaml;
  projectDir: string;
  environment: NodeJS.ProcessEnv;
  router: ModelRouter;
  notify: Notify;
}

/** The hooks of one project at the places where they run. */
export class ProjectHooks implements Disposable {
  readonly #runner: HookRunner;
  readonly #projectDir: string;
  readonly #listening: Disposable;

  constructor(options: ProjectHooksOptions) {
    const { document, projectDir, environment, router, notify } = options;
    this.#projectDir = projectDir;
    this.#runner = new HookRunner({
      document,
      projectDir,
      environment,
      notify,
      log: (level, text) => notify.log(level, text),
      routing: {
        skipProvider: async (provider, reason, ms) => {
          if (ms === undefined) router.skipProvider(provider, reason);
          else await router.pauseProvider(provider, ms);
        },
      },
    });
    this.#listening = router.budgetExceeded.on((exceeded) => this.#budgetExceeded(exceeded));
  }

  /** Hears of each action that ran. */
  get ran(): { on(listener: (ran: HookRan) => void): Disposable } {
    return this.#runner.ran;
  }

  /** Puts the hooks of agents around every run of `runner`. */
  around(runner: Runner): Runner {
    return new HookedRunner({ runner, hooks: this.#runner, projectDir: this.#projectDir });
  }

  /** A provider has limited its rate; the call goes on meanwhile. */
  rateLimited(limited: RateLimited): void {
    const { agent, workId, provider, model, retryAfterMs, text } = limited;
    const facts: ConditionFacts = {
      agent,
      work: workId,
      provider,
      model,
      retry_after: retryAfterMs,
      error: text,
    };
    void this.#runner.run('on_rate_limit', facts);
  }

  #budgetExceeded({ cap, agent, provider, model, text }: BudgetExceeded): void {
    const budget_used = cap.limit > 0 ? cap.used / cap.limit : 1;
    const facts: ConditionFacts = {
      agent,
      provider,
      model,
      error: text,
      spend: cap.used,
      limit: cap.limit,
      budget_used,
    };
    void this.#runner.run('on_budget_exceeded', facts);
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }
}

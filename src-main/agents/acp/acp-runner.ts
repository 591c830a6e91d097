import { LatticeError } from '../../../src-shared/errors.ts';
import type { ModelGateway } from '../../gateway/model-gateway.ts';
import type { RunControls, Runner, RunOutcome, RunRequest } from '../runner.ts';

export interface AcpRunnerOptions {
  gateway: ModelGateway;
  /** The environment that safe variables are taken from; default is that of this process. */
  environment?: NodeJS.ProcessEnv;
  /** Milliseconds a cancelled runtime has until it is killed. */
  killAfterMs?: number;
  /** Milliseconds a runtime has until it answers the first requests. */
  startMs?: number;
}

/** Runs coding agents that speak the Agent Client Protocol. */
export class AcpRunner implements Runner {
  readonly #options: AcpRunnerOptions;

  constructor(options: AcpRunnerOptions) {
    this.#options = options;
  }

  async run(request: RunRequest, controls: RunControls): Promise<RunOutcome> {
    const { run, info } = request.agent;
    const { gateway, environment = process.env, killAfterMs = 5_000, startMs = 120_000 } = this.#options;
    try {
      if (run.kind !== 'acp')
        throw new LatticeError('runner_unavailable', `Agent ${info.name} is no ACP agent.`);
      // Its libraries take a moment to load, which only a run should wait for.
      const { runAcp } = await import('./acp-session.ts');
      return await runAcp({ request, run, controls, gateway, environment, killAfterMs, startMs });
    } catch (error) {
      return { status: 'failed', error: LatticeError.from(error).toShape() };
    }
  }
}

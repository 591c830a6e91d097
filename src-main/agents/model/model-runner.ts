import { LatticeError } from '../../../src-shared/errors.ts';
import type { ModelGateway } from '../../gateway/model-gateway.ts';
import type { RunControls, Runner, RunOutcome, RunRequest } from '../runner.ts';

export interface ModelRunnerOptions {
  gateway: ModelGateway;
  /** The environment that safe variables are taken from; default is that of this process. */
  environment?: NodeJS.ProcessEnv;
}

/** Runs agents that are only a prompt: a model answers, with tools. */
export class ModelRunner implements Runner {
  readonly #options: ModelRunnerOptions;

  constructor(options: ModelRunnerOptions) {
    this.#options = options;
  }

  async run(request: RunRequest, controls: RunControls): Promise<RunOutcome> {
    const { run, info } = request.agent;
    const { gateway, environment = process.env } = this.#options;
    try {
      if (run.kind !== 'model')
        throw new LatticeError('runner_unavailable', `Agent ${info.name} is no model agent.`);
      // Its libraries take a moment to load, which only a run should wait for.
      const { runModel } = await import('./model-session.ts');
      return await runModel({ request, run, controls, gateway, environment });
    } catch (error) {
      return { status: 'failed', error: LatticeError.from(error).toShape() };
    }
  }
}

import { LatticeError } from '../../src-shared/errors.ts';
import { checkContext } from './input-schema.ts';
import type { AgentDefinition, RunControls, Runner, RunOutcome, RunRequest } from './runner.ts';

/** Runs any agent of this station: checks its context, then hands it to the runner of its kind. */
export class Engine implements Runner {
  readonly #runners: Readonly<Record<AgentDefinition['run']['kind'], Runner>>;

  constructor(runners: Readonly<Record<AgentDefinition['run']['kind'], Runner>>) {
    this.#runners = runners;
  }

  async run(request: RunRequest, controls: RunControls): Promise<RunOutcome> {
    const { info, run } = request.agent;
    try {
      const context = checkContext(info.name, info.input_schema, request.context);
      return await this.#runners[run.kind].run({ ...request, context }, controls);
    } catch (error) {
      return { status: 'failed', error: LatticeError.from(error).toShape() };
    }
  }
}

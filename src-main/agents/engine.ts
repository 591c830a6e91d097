import { LatticeError } from '../../src-shared/errors.ts';
import { checkContext } from './input-schema.ts';
import type { RunControls, Runner, RunOutcome, RunRequest } from './runner.ts';

/** Runs any agent of this station: checks its context, then hands it to the runner of its kind. */
export class Engine implements Runner {
  readonly #command: Runner;

  constructor(options: { command: Runner }) {
    this.#command = options.command;
  }

  async run(request: RunRequest, controls: RunControls): Promise<RunOutcome> {
    const { info, run } = request.agent;
    try {
      const context = checkContext(info.name, info.input_schema, request.context);
      if (run.kind === 'model') throw noModelRunner(info.name);
      return await this.#command.run({ ...request, context }, controls);
    } catch (error) {
      return { status: 'failed', error: LatticeError.from(error).toShape() };
    }
  }
}

function noModelRunner(agent: string): LatticeError {
  return new LatticeError(
    'runner_unavailable',
    `${agent} needs a model, and this version cannot call models yet.`,
    {
      hint: 'Give the agent a run: command in lattice.yaml or in its .prompt file, so that a program answers.',
    },
  );
}

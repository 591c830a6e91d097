import { LatticeError } from '../../src-shared/errors.ts';
import { visibleText } from '../../src-shared/visible-text.ts';
import type { RunControls, Runner, RunOutcome, RunRequest } from '../agents/runner.ts';

const ALLOW = 'Allow once';
const DENY = 'Deny';

/** Asks the person who runs an agent outside of a lattice, when the agent demands approval of each run. */
export class PersonGate implements Runner {
  readonly #engine: Runner;

  constructor(engine: Runner) {
    this.#engine = engine;
  }

  async run(request: RunRequest, controls: RunControls): Promise<RunOutcome> {
    const { name, approval } = request.agent.info;
    if (approval !== 'required') return this.#engine.run(request, controls);
    const said = [
      `${name} asks before each run. Let it run once?`,
      visibleText(request.task),
      ...(Object.keys(request.context).length === 0 ? [] : [visibleText(JSON.stringify(request.context))]),
    ];
    try {
      const answer = await controls.ask({ id: 'approval', text: said.join('\n'), choices: [ALLOW, DENY] });
      if (answer === ALLOW) return await this.#engine.run(request, controls);
    } catch (error) {
      return { status: 'failed', error: LatticeError.from(error).toShape() };
    }
    const error = new LatticeError('not_allowed', `You did not allow this run of ${name}.`);
    return { status: 'failed', error: error.toShape() };
  }
}

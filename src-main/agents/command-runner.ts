import { runCommand } from './command-session.ts';
import type { RunControls, Runner, RunOutcome, RunRequest } from './runner.ts';

export interface CommandRunnerOptions {
  /** The environment that safe variables are taken from; default is that of this process. */
  environment?: NodeJS.ProcessEnv;
  /** Milliseconds between SIGTERM and SIGKILL. */
  killAfterMs?: number;
}

/** Runs programs as agents: the task as a JSON line on stdin, JSON lines and text on stdout, the outcome by exit code. */
export class CommandRunner implements Runner {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #killAfterMs: number;

  constructor(options: CommandRunnerOptions = {}) {
    this.#environment = options.environment ?? process.env;
    this.#killAfterMs = options.killAfterMs ?? 5_000;
  }

  async run(request: RunRequest, controls: RunControls): Promise<RunOutcome> {
    const { run, info } = request.agent;
    if (run.kind !== 'command') {
      const message = `Agent ${info.name} is not a command.`;
      return { status: 'failed', error: { code: 'runner_unavailable', message } };
    }
    const environment = this.#environment;
    return runCommand({ request, run, controls, environment, killAfterMs: this.#killAfterMs });
  }
}

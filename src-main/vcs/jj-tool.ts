import { LatticeError } from '../../src-shared/errors.ts';
import { runTool, type ToolResult, toolEnvironment } from './run-tool.ts';

export interface JjOptions {
  folder: string;
  environment: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** Bounds each jj command, in ms. */
  timeoutMs: number;
}

/** Runs jj commands in the folder of a project or of a workspace. */
export class JjTool {
  readonly #options: JjOptions;

  constructor(options: JjOptions) {
    this.#options = options;
  }

  /** What a command says, without the line end. @throws LatticeError `io_failed` with what jj said, `not_found` without jj. */
  async text(args: readonly string[], cwd?: string): Promise<string> {
    return (await this.run(args, cwd)).stdout.toString('utf8').trimEnd();
  }

  async run(args: readonly string[], cwd = this.#options.folder): Promise<ToolResult> {
    const { environment, signal, timeoutMs } = this.#options;
    const result = await runTool({
      program: 'jj',
      args: ['--no-pager', '--color', 'never', ...args],
      cwd,
      env: { ...toolEnvironment(environment), LC_ALL: 'C', JJ_EDITOR: 'true', GIT_TERMINAL_PROMPT: '0' },
      signal,
      timeoutMs,
    });
    if (result.code === 0) return result;
    const why = result.stderr.trim().split('\n').slice(0, 2).join(' ');
    throw new LatticeError('io_failed', `jj ${args[0] ?? ''} failed: ${why || `exit code ${result.code}.`}`, {
      hint: 'Is this a jj repository? In a git repository, jj git init makes it one.',
    });
  }

  async lines(args: readonly string[], cwd?: string): Promise<string[]> {
    return (await this.text(args, cwd)).split('\n').filter((line) => line !== '');
  }
}

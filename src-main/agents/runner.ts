import type { ErrorShape } from '../../src-shared/errors.ts';
import type { AgentInfo } from '../../src-shared/protocol/agent.ts';
import type { Report, TaskContext } from '../../src-shared/protocol/invoke.ts';

/** How a `command` agent starts: argv without a shell, in `cwd`; `timeoutMs` bounds one run. */
export interface CommandRun {
  kind: 'command';
  command: readonly [string, ...string[]];
  cwd: string;
  env: Readonly<Record<string, string>>;
  timeoutMs: number | undefined;
}

/** A plain model call; its runner belongs to the agent engine. */
export interface ModelRun {
  kind: 'model';
  promptFile: string;
}

/** An agent this station offers: what the mesh hears (`info`) and what only this station needs (`run`, `source`). */
export interface AgentDefinition {
  info: AgentInfo;
  run: CommandRun | ModelRun;
  /** The file that defines it. */
  source: string;
}

/** One task for one agent. `workId` and `attempt` identify the run to the process. */
export interface RunRequest {
  workId: string;
  attempt: number;
  agent: AgentDefinition;
  task: string;
  context: TaskContext;
}

/** A question an agent asks while it runs. */
export interface AgentQuestion {
  id: string;
  text: string;
  choices: string[];
}

/** Sub-work an agent hands on while it runs. */
export interface SubWork {
  agent: string;
  task: string;
  context: TaskContext;
  station?: string;
}

/** What a runner may do while it runs. `signal` aborts it; the process tree is gone 5 s later at the latest. */
export interface RunControls {
  signal: AbortSignal;
  /** A promise holds the runner back until there is room for more. */
  report(report: Report): void | Promise<void>;
  /** Resolves with the answer; rejects with `unsupported` where nobody can be asked. */
  ask(question: AgentQuestion): Promise<string>;
  /** Resolves with the id of the work made; rejects with `unsupported` where there is no queue. */
  assign(sub: SubWork): Promise<string>;
}

/** How a run ended. */
export type RunOutcome =
  | { status: 'completed'; result: string }
  | { status: 'failed'; error: ErrorShape }
  | { status: 'cancelled'; reason: string };

/** Runs one kind of agent. Never rejects: every failure is an outcome. */
export interface Runner {
  run(request: RunRequest, controls: RunControls): Promise<RunOutcome>;
}

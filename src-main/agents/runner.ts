import type { ErrorShape } from '../../src-shared/errors.ts';
import type { AgentInfo } from '../../src-shared/protocol/agent.ts';
import type { Report, TaskContext } from '../../src-shared/protocol/invoke.ts';
import type { Sender } from '../../src-shared/protocol/sender.ts';
import type { InputSchema } from './input-schema.ts';
import type { PermissionPolicy } from './permissions.ts';

/** How a `command` agent starts: argv without a shell, in `cwd`; `timeoutMs` bounds one run. */
export interface CommandRun {
  kind: 'command';
  command: readonly [string, ...string[]];
  cwd: string;
  env: Readonly<Record<string, string>>;
  timeoutMs: number | undefined;
}

/** Where the files of a run are: the project itself, a git worktree of the work, or an empty folder that goes with the run. */
export type WorkspaceKind = 'project' | 'worktree' | 'temporary';

/** What a run may use up; what the platform cannot hold is told as a notice. */
export interface RunLimits {
  timeoutMs: number | undefined;
  /** Silence in milliseconds until a notice; after twice the time the run fails. */
  silenceMs: number | undefined;
  /** Of all processes of the run together. */
  memoryMb: number | undefined;
  processes: number | undefined;
  network: boolean;
}

/** A server of tools, started by us or reached by HTTP. */
export interface McpServer {
  name: string;
  start:
    | { kind: 'stdio'; command: readonly [string, ...string[]]; env: Readonly<Record<string, string>> }
    | { kind: 'http'; url: string; headers: Readonly<Record<string, string>> };
}

/** What `acp` and `model` agents have in common. */
export interface PromptedRun {
  /** The project folder, a real path. */
  root: string;
  prompt: AgentPromptText | undefined;
  mcp: readonly McpServer[];
  permissions: PermissionPolicy;
  limits: RunLimits;
  /** Variables for the runtime. */
  env: Readonly<Record<string, string>>;
  /** Names of our own variables that the runtime may see. */
  passEnv: readonly string[];
}

/** The prompt of an agent: a system prompt as it is, or a template that is filled with the context. */
export interface AgentPromptText {
  kind: 'markdown' | 'dotprompt';
  text: string;
}

/** A coding agent that speaks the Agent Client Protocol over stdio. */
export interface AcpRun extends PromptedRun {
  kind: 'acp';
  /** A known runtime such as `opencode`, or the name of a program of one's own. */
  runtime: string;
  /** In place of the runtime's own command. */
  command: readonly [string, ...string[]] | undefined;
  mode: string | undefined;
  workspace: WorkspaceKind;
}

/** A prompt that a model answers, with tools. */
export interface ModelRun extends PromptedRun {
  kind: 'model';
  maxSteps: number;
  temperature: number | undefined;
  maxTokens: number | undefined;
  /** The tools it may see: `server/tool`, a tool or a server; undefined means all. */
  tools: readonly string[] | undefined;
  /** JSON Schema of the result. */
  outputSchema: InputSchema | undefined;
}

/** An agent this station offers: what the mesh hears (`info`) and what only this station needs (`run`, `source`). */
export interface AgentDefinition {
  info: AgentInfo;
  run: CommandRun | AcpRun | ModelRun;
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
  /** Who asked for the run. */
  sender: Sender;
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

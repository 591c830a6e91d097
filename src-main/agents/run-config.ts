import { LatticeError } from '../../src-shared/errors.ts';
import { isAcpRun, isCommandRun, type RunConfig } from '../../src-shared/lattice-yaml/run-schema.ts';
import type { LatticeYaml } from '../../src-shared/lattice-yaml/schema.ts';
import type { InputSchema } from './input-schema.ts';
import type { AcpRun, AgentPromptText, CommandRun, McpServer, ModelRun } from './runner.ts';

const DEFAULT_MAX_STEPS = 50;

/** What decides how an agent runs, from wherever it was written. */
export interface RunParts {
  /** The project folder, a real path. */
  root: string;
  run: RunConfig | undefined;
  prompt: AgentPromptText | undefined;
  /** The servers of `mcp:` in lattice.yaml. */
  mcp: LatticeYaml['mcp'];
  /** Of a dotprompt file, below what `run:` says. */
  maxSteps?: number | undefined;
  tools?: readonly string[] | undefined;
  outputSchema?: InputSchema | undefined;
  temperature?: number | undefined;
  maxTokens?: number | undefined;
}

/** How an agent is run, with every default filled in. @throws LatticeError `invalid_input` for an unknown server. */
export function runOf(parts: RunParts): CommandRun | AcpRun | ModelRun {
  const { root, run } = parts;
  if (run !== undefined && isCommandRun(run))
    return {
      kind: 'command',
      command: run.command,
      cwd: root,
      env: run.env ?? {},
      timeoutMs: run.timeout_ms,
    };
  const prompted = promptedOf(parts, run);
  if (run !== undefined && isAcpRun(run)) {
    const own = typeof run.acp === 'string' ? undefined : run.acp.command;
    return {
      ...prompted,
      kind: 'acp',
      runtime: typeof run.acp === 'string' ? run.acp : run.acp.command[0],
      command: own,
      mode: run.mode,
      workspace: run.sandbox?.folder ?? 'project',
    };
  }
  return {
    ...prompted,
    kind: 'model',
    maxSteps: run?.max_steps ?? parts.maxSteps ?? DEFAULT_MAX_STEPS,
    temperature: run?.temperature ?? parts.temperature,
    maxTokens: run?.max_tokens ?? parts.maxTokens,
    tools: run?.tools ?? parts.tools,
    outputSchema: run?.output?.schema ?? parts.outputSchema,
  };
}

function promptedOf(
  { root, prompt, mcp }: RunParts,
  run: Exclude<RunConfig, { command: unknown }> | undefined,
): Omit<AcpRun, 'kind' | 'runtime' | 'command' | 'mode' | 'workspace'> {
  const { permissions, sandbox } = run ?? {};
  const confirm = run !== undefined && 'approve' in run ? run.approve : undefined;
  return {
    root,
    prompt,
    mcp: serversOf(mcp, run?.mcp),
    permissions: {
      otherwise: permissions?.default ?? 'ask',
      allow: permissions?.allow ?? [],
      deny: permissions?.deny ?? [],
      ...(Array.isArray(confirm) ? { confirm } : {}),
    },
    limits: {
      timeoutMs: run?.timeout_ms,
      silenceMs: run?.silence_ms,
      memoryMb: sandbox?.memory_mb,
      processes: sandbox?.processes,
      network: sandbox?.network !== 'off',
    },
    env: run?.env ?? {},
    passEnv: sandbox?.env ?? [],
  };
}

/** The servers an agent uses: those it names, else all that are on. */
function serversOf(all: LatticeYaml['mcp'], named: readonly string[] | undefined): McpServer[] {
  const unknown = named?.find((name) => all?.[name] === undefined || all[name] === null);
  if (unknown !== undefined)
    throw new LatticeError('invalid_input', `There is no server ${unknown} under mcp:.`, {
      hint: `There are ${Object.keys(all ?? {}).join(', ') || 'none'}.`,
    });
  return Object.entries(all ?? {}).flatMap(([name, server]): McpServer[] => {
    if (server === null || server === undefined || server.enabled === false) return [];
    if (named !== undefined && !named.includes(name)) return [];
    if (server.url !== undefined)
      return [{ name, start: { kind: 'http', url: server.url, headers: server.headers ?? {} } }];
    if (server.command === undefined) return [];
    const [program, ...args] = typeof server.command === 'string' ? words(server.command) : server.command;
    if (program === undefined) return [];
    const command: readonly [string, ...string[]] = [program, ...args, ...(server.args ?? [])];
    return [{ name, start: { kind: 'stdio', command, env: server.env ?? {} } }];
  });
}

/** A command line in words; quotes keep words together. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

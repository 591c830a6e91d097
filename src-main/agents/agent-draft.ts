import { resolve } from 'node:path';
import type { AgentConfig, RunConfig } from '../../src-shared/lattice-yaml/schema.ts';
import type { AgentInfo } from '../../src-shared/protocol/agent.ts';
import { digestOf, portableArgument } from './digest.ts';
import { normaliseText } from './frontmatter.ts';
import type { InputSchema } from './input-schema.ts';
import type { PromptFile } from './prompt-file.ts';
import type { CommandRun, ModelRun } from './runner.ts';

/** What the mesh hears about an agent, without when it was first offered. */
type DraftInfo = Pick<
  AgentInfo,
  | 'name'
  | 'description'
  | 'capabilities'
  | 'tags'
  | 'runner'
  | 'digest'
  | 'input_schema'
  | 'model'
  | 'max_parallel'
  | 'timeout_ms'
>;

/** An agent as its files define it; when this station first offered it comes later. */
export interface AgentDraft {
  info: DraftInfo;
  run: CommandRun | ModelRun;
  /** The file that defines it, from the project folder. */
  source: string;
}

/** The prompt file of an agent. */
export interface AgentPrompt {
  /** From the project folder, or absolute. */
  path: string;
  content: string;
  description: string | undefined;
  /** Set when it is a dotprompt file. */
  dotprompt: PromptFile | undefined;
}

/** The parts of a definition, wherever they were written. */
interface Parts {
  name: string;
  description: string | undefined;
  capabilities: string[] | undefined;
  tags: string[] | undefined;
  model: string | undefined;
  input: InputSchema | undefined;
  run: RunConfig | undefined;
}

/** An agent of lattice.yaml; what it says wins over its prompt file. */
export function draftFromConfig(
  root: string,
  name: string,
  config: AgentConfig,
  input: InputSchema | undefined,
  prompt: AgentPrompt | undefined,
): AgentDraft {
  const below = prompt?.dotprompt;
  const parts: Parts = {
    name,
    description: config.description ?? prompt?.description,
    capabilities: config.capabilities ?? below?.capabilities,
    tags: config.tags ?? below?.tags,
    model: below?.model,
    input: input ?? below?.inputSchema,
    run: config.run ?? below?.run,
  };
  return draft(root, 'lattice.yaml', parts, prompt);
}

/** An agent of a dotprompt file of its own. */
export function draftFromPrompt(root: string, prompt: AgentPrompt, dotprompt: PromptFile): AgentDraft {
  const { name, description, capabilities, tags, model, inputSchema, run } = dotprompt;
  return draft(
    root,
    prompt.path,
    { name, description, capabilities, tags, model, input: inputSchema, run },
    prompt,
  );
}

function draft(root: string, source: string, parts: Parts, prompt: AgentPrompt | undefined): AgentDraft {
  const { name, description, capabilities, tags, model, input, run } = parts;
  const info: DraftInfo = {
    name,
    description: description ?? '',
    capabilities: capabilities ?? [],
    runner: run === undefined ? 'model' : 'command',
    digest: digestOf({
      name,
      description,
      capabilities,
      tags,
      model,
      input,
      command: run?.command.map((argument) => portableArgument(root, argument)),
      prompt: prompt === undefined ? undefined : normaliseText(prompt.content),
    }),
    ...(tags === undefined ? {} : { tags }),
    ...(model === undefined ? {} : { model }),
    ...(input === undefined ? {} : { input_schema: input }),
    ...(run?.max_parallel === undefined ? {} : { max_parallel: run.max_parallel }),
    ...(run?.timeout_ms === undefined ? {} : { timeout_ms: run.timeout_ms }),
  };
  return { info, run: runOf(root, run, prompt), source };
}

function runOf(
  root: string,
  run: RunConfig | undefined,
  prompt: AgentPrompt | undefined,
): CommandRun | ModelRun {
  if (run === undefined) return { kind: 'model', promptFile: resolve(root, prompt?.path ?? '') };
  return { kind: 'command', command: run.command, cwd: root, env: run.env ?? {}, timeoutMs: run.timeout_ms };
}

import { isAcpRun, isCommandRun, type RunConfig } from '../../src-shared/lattice-yaml/run-schema.ts';
import type { AgentConfig, LatticeYaml } from '../../src-shared/lattice-yaml/schema.ts';
import type { AgentInfo } from '../../src-shared/protocol/agent.ts';
import type { RoutingDocument } from '../../src-shared/routing/document.ts';
import type { AgentMarkdown } from './agent-markdown.ts';
import { digestOf, portableArgument } from './digest.ts';
import { normaliseText } from './frontmatter.ts';
import type { InputSchema } from './input-schema.ts';
import type { PromptFile } from './prompt-file.ts';
import { runOf } from './run-config.ts';
import type { AgentDefinition } from './runner.ts';

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
  | 'models'
  | 'cost_class'
  | 'max_parallel'
  | 'timeout_ms'
  | 'approval'
>;

/** An agent as its files define it; when this station first offered it comes later. */
export interface AgentDraft {
  info: DraftInfo;
  run: AgentDefinition['run'];
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
  /** What the frontmatter of a markdown file says about the model. */
  markdown?: Pick<AgentMarkdown, 'model' | 'temperature' | 'maxTokens'>;
}

/** What lattice.yaml says beside the agent itself. */
export interface DraftSurroundings {
  /** The project folder, a real path. */
  root: string;
  mcp: LatticeYaml['mcp'];
  routing: RoutingDocument;
}

/** The parts of a definition, wherever they were written. */
interface Parts {
  name: string;
  description: string | undefined;
  capabilities: string[] | undefined;
  tags: string[] | undefined;
  model: string | undefined;
  input: InputSchema | undefined;
  approval: 'required' | undefined;
  run: RunConfig | undefined;
}

/** An agent of lattice.yaml; what it says wins over its prompt file. @throws LatticeError `invalid_input`. */
export function draftFromConfig(
  around: DraftSurroundings,
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
    model: below?.model ?? prompt?.markdown?.model,
    input: input ?? below?.inputSchema,
    approval: config.approval ?? below?.approval,
    run: config.run ?? below?.run,
  };
  return draft(around, 'lattice.yaml', parts, prompt);
}

/** An agent of a dotprompt file of its own. @throws LatticeError `invalid_input`. */
export function draftFromPrompt(
  around: DraftSurroundings,
  prompt: AgentPrompt,
  dotprompt: PromptFile,
): AgentDraft {
  const { name, description, capabilities, tags, model, inputSchema, approval, run } = dotprompt;
  return draft(
    around,
    prompt.path,
    { name, description, capabilities, tags, model, input: inputSchema, approval, run },
    prompt,
  );
}

function draft(
  around: DraftSurroundings,
  source: string,
  parts: Parts,
  prompt: AgentPrompt | undefined,
): AgentDraft {
  const { root, mcp, routing } = around;
  const { name, description, capabilities, tags, model, input, approval, run } = parts;
  const runner = runnerOf(run);
  const info: DraftInfo = {
    name,
    description: description ?? '',
    capabilities: capabilities ?? [],
    runner,
    digest: digestOf({
      name,
      description,
      capabilities,
      tags,
      model,
      input,
      approval,
      ...runDigest(root, run),
      prompt: prompt === undefined ? undefined : normaliseText(prompt.content),
    }),
    ...(tags === undefined ? {} : { tags }),
    ...(model === undefined ? {} : { model }),
    ...(runner === 'command' ? {} : modelsOf(name, model, routing)),
    ...(input === undefined ? {} : { input_schema: input }),
    ...(approval === undefined ? {} : { approval }),
    ...(run?.max_parallel === undefined ? {} : { max_parallel: run.max_parallel }),
    ...(run?.timeout_ms === undefined ? {} : { timeout_ms: run.timeout_ms }),
  };
  const { dotprompt, markdown } = prompt ?? {};
  const kind = dotprompt === undefined ? 'markdown' : 'dotprompt';
  const text = prompt === undefined ? undefined : ({ kind, text: normaliseText(prompt.content) } as const);
  const below = {
    maxSteps: dotprompt?.maxSteps,
    tools: dotprompt?.tools,
    outputSchema: dotprompt?.outputSchema,
  };
  const { temperature, maxTokens } = markdown ?? {};
  return { info, run: runOf({ root, run, mcp, prompt: text, ...below, temperature, maxTokens }), source };
}

function runnerOf(run: RunConfig | undefined): AgentInfo['runner'] {
  if (run === undefined) return 'model';
  return isCommandRun(run) ? 'command' : isAcpRun(run) ? 'acp' : 'model';
}

/** What of `run:` makes the agent another one; where and how long it runs does not. */
function runDigest(root: string, run: RunConfig | undefined): { command?: string[]; acp?: unknown } {
  if (run === undefined) return {};
  if (isCommandRun(run)) return { command: run.command.map((argument) => portableArgument(root, argument)) };
  return isAcpRun(run) ? { acp: run.acp } : {};
}

/** The models an agent may be routed to, and whether they cost money. */
function modelsOf(
  name: string,
  model: string | undefined,
  routing: RoutingDocument,
): Pick<AgentInfo, 'models' | 'cost_class'> {
  const plan = routing.agents.find((each) => each.name === name)?.plan;
  const routed = plan?.models.map((each) => each.name) ?? [];
  const models = routed.length > 0 || model === undefined ? routed : [model];
  if (models.length === 0) return {};
  const free = models.filter((each) =>
    routing.providers.some((provider) => provider.local && each.startsWith(`${provider.name}/`)),
  );
  const cost_class = free.length === models.length ? 'free' : free.length === 0 ? 'paid' : 'mixed';
  return { models: models.slice(0, 100), cost_class };
}

import { z } from 'zod';
import { tokenSchema } from '../protocol/token.ts';
import { routingSchema } from './routing-schema.ts';
import { runSchema } from './run-schema.ts';
import {
  capKeys,
  commandSchema,
  empty,
  hookSchema,
  mcpServerSchema,
  pluginsSchema,
  providerSchema,
  vcsSchema,
} from './section-schemas.ts';

/** What an agent expects beside its task; the same shape as in a dotprompt file. */
export const inputSchema = z
  .looseObject({
    schema: z
      .unknown()
      .optional()
      .describe('JSON Schema or Picoschema of the context; the run dialog builds its form from it.'),
    default: z.record(z.string(), z.unknown()).optional().describe('Values for fields that are left out.'),
  })
  .describe('What the agent expects beside its task.');

export const capabilitiesSchema = z.array(z.string().min(1).max(64)).max(64);
export const tagsSchema = z.array(z.string().min(1).max(64)).max(64);

export const approvalSchema = z
  .literal('required')
  .describe('The owner of the station is asked before each run of this agent.');

const agentSchema = z
  .looseObject({
    path: z
      .string()
      .min(1)
      .optional()
      .describe('Markdown or dotprompt file with the system prompt, from `defaults.agents_dir`.'),
    description: z.string().max(2_000).optional().describe('What the agent does, in a sentence.'),
    triggers: z
      .array(z.string().regex(/^\S+$/, 'Write a trigger as one word, such as /plan.'))
      .optional()
      .describe('Slash commands that call this agent.'),
    routing: routingSchema.optional(),
    ...capKeys,
    capabilities: capabilitiesSchema.optional().describe('What others may ask this agent for by capability.'),
    tags: tagsSchema.optional().describe('Words to filter agents by.'),
    input: inputSchema.optional(),
    approval: approvalSchema.optional(),
    run: runSchema.optional(),
  })
  .describe('An agent: its prompt or program, who calls it, and which models it uses.');

const event = (when: string) => empty(hookSchema).describe(`Runs ${when}, one action after the other.`);

/** The whole of lattice.yaml, after `lattice.local.yaml` was laid over it; unknown keys are kept. */
export const latticeYamlSchema = z
  .looseObject({
    name: z.string().max(200).optional().describe('The name of the workflow.'),
    description: z.string().max(2_000).optional().describe('What the workflow is for, in a sentence.'),
    version: z.union([z.string(), z.number()]).optional().describe('The version of the workflow.'),
    author: z.string().max(200).optional().describe('Who made the workflow.'),
    vcs: empty(vcsSchema),
    plugins: empty(pluginsSchema),
    providers: empty(z.record(z.string(), empty(providerSchema))).describe(
      'Where models come from, by the word before the slash of a model.',
    ),
    defaults: empty(
      z.looseObject({
        agents_dir: z.string().min(1).optional().describe('Where agent files are, from the project folder.'),
        routing: routingSchema.optional(),
      }),
    ).describe('What holds for agents that do not say it themselves.'),
    agents: empty(z.record(tokenSchema, agentSchema)).describe('The agents of the project, by name.'),
    plugin_config: empty(z.record(z.string(), z.unknown())).describe(
      'Settings of plugins, by their name; passed on as they are.',
    ),
    mcp: empty(z.record(z.string(), empty(mcpServerSchema))).describe(
      'Servers of tools (Model Context Protocol), by name.',
    ),
    commands: empty(z.record(z.string(), commandSchema)).describe(
      'Shortcuts that `lattice run` runs, by name.',
    ),
    hooks: empty(
      z.looseObject({
        pre_agent: event('before an agent works'),
        post_agent: event('after an agent has worked'),
        on_rate_limit: event('when a provider asks to wait'),
        on_budget_exceeded: event('when a budget is used up'),
        on_error: event('when an agent or a tool fails'),
      }),
    ).describe('What happens around the work of agents.'),
  })
  .describe('The definition of an AI coding workflow: agents, models, providers, hooks and version control.');
export type LatticeYaml = z.infer<typeof latticeYamlSchema>;
export type AgentConfig = z.infer<typeof agentSchema>;

/** The JSON Schema that editors use for lattice.yaml. */
export function latticeYamlJsonSchema(): Record<string, unknown> {
  return { title: 'lattice.yaml', ...z.toJSONSchema(latticeYamlSchema, { io: 'input' }) };
}

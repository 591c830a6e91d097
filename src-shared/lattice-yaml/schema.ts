import { z } from 'zod';
import { tokenSchema } from '../protocol/token.ts';
import { routingSchema } from './routing-schema.ts';

/** A part that may be left empty: `providers:` with nothing below it reads as null. */
const empty = <T extends z.ZodType>(schema: T) => schema.nullish();
const text = z.string().max(10_000);

/** How a command agent starts: argv without a shell, run in the project folder. */
export const runSchema = z
  .looseObject({
    command: z
      .tuple([z.string().min(1)], z.string())
      .describe('Program and arguments. No shell reads them; the working folder is the project.'),
    timeout_ms: z.int().min(1).max(86_400_000).optional().describe('Ends one run after this time.'),
    env: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'Use letters, digits and _.'), z.string())
      .optional()
      .describe('Variables added to the environment of the program.'),
    max_parallel: z.int().min(1).max(1_000).optional().describe('Runs of this agent at the same time.'),
  })
  .describe('Makes the agent a program: one JSON line on stdin, JSON lines on stdout.');
export type RunConfig = z.infer<typeof runSchema>;

/** What an agent expects beside its task; the same shape as in a dotprompt file. */
export const inputSchema = z
  .looseObject({
    schema: z
      .unknown()
      .optional()
      .describe('JSON Schema or Picoschema of the context; the run dialog builds its form from it.'),
    default: z.record(z.string(), z.unknown()).optional(),
  })
  .describe('What the agent expects beside its task.');

export const capabilitiesSchema = z.array(z.string().min(1).max(64)).max(64);
export const tagsSchema = z.array(z.string().min(1).max(64)).max(64);

const agentSchema = z.looseObject({
  path: z
    .string()
    .min(1)
    .optional()
    .describe('Markdown or dotprompt file with the system prompt, from `defaults.agents_dir`.'),
  description: z.string().max(2_000).optional(),
  triggers: z.array(z.string().min(1)).optional().describe('Slash commands that call this agent.'),
  routing: routingSchema.optional(),
  capabilities: capabilitiesSchema.optional().describe('What others may ask this agent for by capability.'),
  tags: tagsSchema.optional(),
  input: inputSchema.optional(),
  run: runSchema.optional(),
});

const providerSchema = z.looseObject({
  env: z.string().optional().describe('The environment variable that holds the key.'),
  auth: z.string().optional().describe('The auth plugin that signs in.'),
  tier: z.string().optional().describe('Your own note; nothing is enforced.'),
  local_budget: z
    .union([z.literal('unlimited'), z.number().min(0)])
    .optional()
    .describe('Stop at this estimated spend in dollars.'),
  models: z.array(z.string().min(1)).optional(),
});

const vcsSchema = z.looseObject({
  preset: z.enum(['jj-workspace', 'jj-checkpoint', 'git-stash', 'none']).optional(),
  config: empty(
    z.looseObject({
      workspace_dir: z.string().optional(),
      gate_enforcement: z.boolean().optional(),
      auto_cleanup: z.boolean().optional(),
      checkpoint_message: text.optional(),
      commit_message: text.optional(),
    }),
  ),
});

const mcpServerSchema = z.looseObject({
  enabled: z.boolean().optional(),
  description: text.optional(),
  command: z.union([z.string().min(1), z.tuple([z.string().min(1)], z.string())]).optional(),
  args: z.array(z.string()).optional(),
  url: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
});

const hookSchema = z.array(
  z.looseObject({
    action: z.string().min(1),
    when: z.string().optional(),
    notify: z.boolean().optional(),
    channel: z.string().optional(),
    message: text.optional(),
  }),
);

/** The whole of lattice.yaml, after `lattice.local.yaml` was laid over it; unknown keys are kept. */
export const latticeYamlSchema = z
  .looseObject({
    name: z.string().max(200).optional(),
    description: z.string().max(2_000).optional(),
    version: z.union([z.string(), z.number()]).optional(),
    author: z.string().max(200).optional(),
    vcs: empty(vcsSchema),
    plugins: empty(z.array(z.string().min(1)).describe('name@version, github:owner/name@tag or file:path')),
    providers: empty(z.record(z.string(), empty(providerSchema))),
    defaults: empty(
      z.looseObject({
        agents_dir: z.string().min(1).optional().describe('Where agent files are, from the project folder.'),
        routing: routingSchema.optional(),
      }),
    ),
    agents: empty(z.record(tokenSchema, agentSchema)),
    plugin_config: empty(z.record(z.string(), z.unknown())),
    mcp: empty(z.record(z.string(), empty(mcpServerSchema))),
    commands: empty(
      z.record(z.string(), z.looseObject({ description: text.optional(), action: z.string().min(1) })),
    ),
    hooks: empty(
      z.looseObject({
        pre_agent: empty(hookSchema),
        post_agent: empty(hookSchema),
        on_rate_limit: empty(hookSchema),
        on_budget_exceeded: empty(hookSchema),
        on_error: empty(hookSchema),
      }),
    ),
  })
  .describe('The definition of an AI coding workflow: agents, models, providers, hooks and version control.');
export type LatticeYaml = z.infer<typeof latticeYamlSchema>;
export type AgentConfig = z.infer<typeof agentSchema>;

/** The JSON Schema that editors use for lattice.yaml. */
export function latticeYamlJsonSchema(): Record<string, unknown> {
  return { title: 'lattice.yaml', ...z.toJSONSchema(latticeYamlSchema, { io: 'input' }) };
}

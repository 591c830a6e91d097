import { z } from 'zod';

const argv = z.tuple([z.string().min(1)], z.string());
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'Use letters, digits and _.');
const described = z.looseObject({
  schema: z.record(z.string(), z.unknown()).optional().describe('JSON Schema of the values.'),
});

const shared = {
  timeout_ms: z
    .int()
    .min(1)
    .max(86_400_000)
    .optional()
    .describe('Ends one run after this time, in milliseconds.'),
  env: z
    .record(variable, z.string())
    .optional()
    .describe(`Variables added to the environment of the program; \${NAME} stands for one of your own.`),
  max_parallel: z.int().min(1).max(1_000).optional().describe('How many runs of this agent go on at once.'),
};

const toolRules = z
  .array(z.string().min(1).max(500))
  .max(200)
  .describe('Tools such as `edit`, `execute:npm test*` or `mcp:clock/now`; `*` stands for any text.');

const prompted = {
  ...shared,
  mcp: z.array(z.string().min(1)).optional().describe('The servers of `mcp:` whose tools the agent may use.'),
  permissions: z
    .looseObject({
      default: z
        .enum(['ask', 'allow', 'deny'])
        .optional()
        .describe('What happens with a tool that no list names; without it a person is asked.'),
      allow: toolRules
        .optional()
        .describe(
          'Tools it uses without asking, such as `edit`, `execute:npm test*` or `mcp:clock/now`; `*` stands for any text.',
        ),
      deny: toolRules
        .optional()
        .describe('Tools it never uses, written in the same way; they count before those that are allowed.'),
    })
    .optional()
    .describe('Which tools the agent may use without asking, and which never.'),
  max_steps: z.int().min(1).max(10_000).optional().describe('Ends a run after this many turns of the model.'),
  silence_ms: z
    .int()
    .min(1_000)
    .max(86_400_000)
    .optional()
    .describe(
      'Says so after this long without a sign of life, in milliseconds; after twice as long the run fails.',
    ),
  sandbox: z
    .looseObject({
      folder: z
        .enum(['project', 'worktree', 'temporary'])
        .optional()
        .describe(
          'Where the run works: in the project, in a git worktree of its own, or in an empty folder.',
        ),
      env: z.array(variable).optional().describe('Names of your own variables that the run may see.'),
      network: z.enum(['on', 'off']).optional().describe('Whether the run has a network.'),
      memory_mb: z.int().min(1).optional().describe('The memory of all its processes together, in MB.'),
      processes: z.int().min(1).optional().describe('How many processes it may have at once.'),
    })
    .optional()
    .describe('What the run may touch and use up.'),
};

/** The coding agents that are known by name. */
export const acpRuntimes = ['opencode', 'claude', 'codex', 'gemini'] as const;

const commandRunSchema = z
  .looseObject({
    command: argv.describe('Program and arguments. No shell reads them; the working folder is the project.'),
    ...shared,
  })
  .describe('Makes the agent a program: one JSON line on stdin, JSON lines on stdout.');

const acpRunSchema = z
  .looseObject({
    acp: z
      .union([
        z.enum(acpRuntimes),
        z.looseObject({ command: argv.describe('Program and arguments of an agent that speaks ACP.') }),
      ])
      .describe('A coding agent that speaks the Agent Client Protocol: one that is known, or a command.'),
    mode: z.string().min(1).max(200).optional().describe('The mode of the agent, by the name it gives it.'),
    ...prompted,
  })
  .describe('Makes the agent a coding agent over the Agent Client Protocol.');

const modelRunSchema = z
  .looseObject({
    model: z.literal(true).describe('The prompt is answered by the model that routing chooses.'),
    approve: toolRules
      .optional()
      .describe('Tools that a person has to allow each time, whatever else is said.'),
    tools: z
      .array(z.string().min(1))
      .optional()
      .describe('The tools it may see, as `server/tool`, a tool or a server; without it all of its servers.'),
    input: described.optional().describe('JSON Schema of the context.'),
    output: described.optional().describe('JSON Schema of the result.'),
    temperature: z.number().min(0).max(2).optional().describe('How freely the model answers, from 0 to 2.'),
    max_tokens: z.int().min(1).optional().describe('The longest answer, in tokens.'),
    ...prompted,
  })
  .describe('Makes the agent a prompt that a model answers, with tools.');

/** How an agent runs: as a program, as a coding agent over ACP, or as a prompt that a model answers. */
export const runSchema = z
  .union([commandRunSchema, acpRunSchema, modelRunSchema])
  .describe('How the agent runs: `command` for a program, `acp` for a coding agent, `model` for a prompt.');
export type RunConfig = z.infer<typeof runSchema>;

/** What answers as an agent: a program, a coding agent, or a model. */
export type RunKind = 'command' | 'acp' | 'model';

/** The keys of `run` that each kind knows; its first is the one that makes it that kind. */
export const runKeys: Readonly<Record<RunKind, readonly string[]>> = {
  command: Object.keys(commandRunSchema.shape),
  acp: Object.keys(acpRunSchema.shape),
  model: Object.keys(modelRunSchema.shape),
};

/** Whether a program is the agent. */
export function isCommandRun(run: RunConfig): run is z.infer<typeof commandRunSchema> {
  return Array.isArray(run.command);
}

/** Whether a coding agent over ACP is the agent. */
export function isAcpRun(run: RunConfig): run is z.infer<typeof acpRunSchema> {
  return !isCommandRun(run) && run.acp !== undefined;
}

import { z } from 'zod';

const text = z.string().max(10_000);
const money = z.number().min(0);
/** A part that may be left empty: `providers:` with nothing below it reads as null. */
export const empty = <T extends z.ZodType>(schema: T) => schema.nullish();

/** What calls may use up. */
export const capKeys = {
  local_budget: z
    .union([z.literal('unlimited'), money])
    .optional()
    .describe('Stops at this estimated spend in a calendar month, in dollars.'),
  daily_budget: money.optional().describe('Stops at this estimated spend in a day, in dollars.'),
  daily_calls: z.int().min(0).optional().describe('Stops at this many calls in a day.'),
};

const perMillion = (what: string) => money.describe(`Dollars for a million tokens ${what}.`);
const wireFormat = z.enum(['chat', 'responses', 'messages']);

export const providerSchema = z
  .looseObject({
    env: z.string().min(1).optional().describe('The environment variable that holds the key.'),
    auth: z.string().min(1).optional().describe('The auth plugin that signs in.'),
    tier: z.string().optional().describe('Your own note on the subscription; nothing is enforced.'),
    ...capKeys,
    models: z
      .array(z.string().min(1))
      .optional()
      .describe('The models this provider has on this machine; others are not taken.'),
    model_caps: empty(z.record(z.string(), empty(z.looseObject(capKeys)))).describe(
      'Limits of single models, by the name after the slash.',
    ),
    prices: empty(
      z.record(
        z.string(),
        z.looseObject({
          input: perMillion('that are sent'),
          output: perMillion('that are answered'),
          cache_read: perMillion('read from the prompt cache').optional(),
          cache_write: perMillion('written to the prompt cache').optional(),
        }),
      ),
    ).describe('Prices that go before those Lattice knows, by the name after the slash.'),
    base_url: z
      .url({ protocol: /^https?$/, error: 'Write it as https://host/v1.' })
      .optional()
      .describe('The address of the API, for a provider that Lattice does not know.'),
    format: z
      .union([wireFormat, z.array(wireFormat).min(1)])
      .optional()
      .describe('What the API speaks, the best first.'),
  })
  .describe('Where models come from, how to sign in, and how much may be spent.');

export const vcsSchema = z
  .looseObject({
    preset: z
      .enum(['jj-workspace', 'jj-checkpoint', 'git-stash', 'none'])
      .optional()
      .describe('How work of agents is kept apart and undone.'),
    config: empty(
      z.looseObject({
        workspace_dir: z.string().min(1).optional().describe('Where workspaces are made, from the project.'),
        gate_enforcement: z.boolean().optional().describe('Asks for a description before an agent may edit.'),
        auto_cleanup: z.boolean().optional().describe('Removes a workspace once its work is pushed.'),
        checkpoint_message: text
          .optional()
          .describe('The message of a checkpoint; `{agent}` and the like are filled in.'),
        commit_message: text
          .optional()
          .describe('The message of a commit; `{agent}`, `{summary}` and the like are filled in.'),
      }),
    ).describe('What the preset does differently.'),
  })
  .describe('What happens to files before and after an agent works.');

export const pluginsSchema = z
  .array(z.string().min(1).max(500))
  .describe('Plugins of OpenCode with their versions: name@version, github:owner/name@tag or file:path.');

export const mcpServerSchema = z
  .looseObject({
    enabled: z.boolean().optional().describe('Whether agents get the server; on without it.'),
    description: text.optional().describe('What the server is for.'),
    command: z
      .union([z.string().min(1), z.tuple([z.string().min(1)], z.string())])
      .optional()
      .describe('Starts the server: program and arguments, without a shell.'),
    args: z.array(z.string()).optional().describe('Arguments after the command.'),
    url: z.string().min(1).optional().describe('The address of a server that runs elsewhere.'),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .describe(`Headers of every request; \${NAME} stands for a variable.`),
    env: z
      .record(z.string(), z.string())
      .optional()
      .describe(`Variables of the server; \${NAME} stands for one of your own.`),
  })
  .describe('A server of tools that speaks the Model Context Protocol.');

export const hookSchema = z.array(
  z
    .looseObject({
      action: z.string().min(1).describe('What is done, such as vcs.checkpoint or notify.desktop.'),
      when: text.optional().describe('Only when this holds: always, files_changed, agent == "architect".'),
      notify: z.boolean().optional().describe('Tells a person as well.'),
      channel: z.string().optional().describe('The Slack channel of notify.slack.'),
      webhook: z
        .string()
        .min(1)
        .optional()
        .describe(`The Slack webhook of notify.slack; \${NAME} stands for a variable.`),
      for: z
        .string()
        .max(40)
        .optional()
        .describe('How long route.skip_provider leaves a provider out, such as 10m; until the end without.'),
      message: text.optional().describe('What is said; `{provider}`, `{agent}` and the like are filled in.'),
    })
    .describe('One action of a hook.'),
);

export const commandSchema = z
  .looseObject({
    description: text.optional().describe('What the command does.'),
    action: z.string().min(1).describe('What is done, such as vcs.push or providers.status.'),
  })
  .describe('A shortcut that `lattice run` runs by its name.');

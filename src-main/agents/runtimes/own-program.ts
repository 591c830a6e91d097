import type { RuntimeSpec } from './runtime-spec.ts';

/** A program of one's own that speaks ACP: it gets the gateway under the names most tools know. */
export function ownProgram(name: string, command: readonly [string, ...string[]]): RuntimeSpec {
  return {
    name,
    title: name,
    command,
    version: [command[0], '--version'],
    install: `Install ${command[0]} on this station, or write its full path in the command.`,
    takesGateway: true,
    async prepare({ grant }) {
      if (grant === undefined) return { env: {}, takesSystem: false };
      return {
        env: {
          OPENAI_BASE_URL: grant.openaiUrl,
          OPENAI_API_KEY: grant.key,
          OPENAI_MODEL: grant.model,
          ANTHROPIC_BASE_URL: grant.anthropicUrl,
          ANTHROPIC_API_KEY: grant.key,
          ANTHROPIC_MODEL: grant.model,
        },
        takesSystem: false,
      };
    },
  };
}

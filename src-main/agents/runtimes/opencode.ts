import { join } from 'node:path';
import { writePrivate } from './private-file.ts';
import type { RuntimeSpec } from './runtime-spec.ts';

const AGENT = 'lattice';
const PROVIDER = 'lattice';
const MODEL = 'routed';

/** OpenCode over ACP; all its permissions are asked, so that the agent's own policy decides. */
export const opencode: RuntimeSpec = {
  name: 'opencode',
  title: 'OpenCode',
  command: ['opencode', 'acp'],
  version: ['opencode', '--version'],
  install: 'Install OpenCode on this station: npm install -g opencode-ai',
  takesGateway: true,
  async prepare({ grant, system, privateDir, limits }) {
    const ask = {
      edit: 'ask',
      bash: 'ask',
      webfetch: limits.network ? 'ask' : 'deny',
      external_directory: 'ask',
    };
    const config: Record<string, unknown> = {
      $schema: 'https://opencode.ai/config.json',
      autoupdate: false,
      share: 'disabled',
      permission: ask,
    };
    if (system !== '') {
      config.agent = { [AGENT]: { mode: 'primary', prompt: system, permission: ask } };
      config.default_agent = AGENT;
    }
    const env: Record<string, string> = {
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
    };
    if (grant !== undefined) {
      const key = await writePrivate(privateDir, 'key', grant.key);
      const model = `${PROVIDER}/${MODEL}`;
      Object.assign(config, { model, small_model: model, enabled_providers: [PROVIDER] });
      config.provider = {
        [PROVIDER]: {
          npm: '@ai-sdk/openai-compatible',
          name: 'Lattice',
          options: { baseURL: grant.openaiUrl, apiKey: `{file:${key}}` },
          models: {
            [MODEL]: {
              id: grant.model,
              name: grant.model,
              tool_call: true,
              limit: { context: 200_000, output: 32_000 },
            },
          },
        },
      };
      // Its own sign-ins and settings stay out of a run that uses our models.
      for (const kind of ['CONFIG', 'DATA', 'STATE'])
        env[`XDG_${kind}_HOME`] = join(privateDir, kind.toLowerCase());
    }
    env.OPENCODE_CONFIG_CONTENT = JSON.stringify(config);
    return { env, takesSystem: true };
  },
};

import { join } from 'node:path';
import type { RuntimeSpec } from './runtime-spec.ts';

/** Claude Code through its ACP adapter. */
export const claude: RuntimeSpec = {
  name: 'claude',
  title: 'Claude Code',
  command: ['claude-agent-acp'],
  version: ['claude-agent-acp', '--version'],
  install: 'Install Claude Code on this station: npm install -g @agentclientprotocol/claude-agent-acp',
  takesGateway: true,
  async prepare({ grant, system, privateDir }) {
    const env: Record<string, string> = {
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
    };
    if (grant !== undefined) {
      Object.assign(env, {
        ANTHROPIC_BASE_URL: grant.anthropicUrl,
        ANTHROPIC_API_KEY: grant.key,
        ANTHROPIC_MODEL: grant.model,
        ANTHROPIC_SMALL_FAST_MODEL: grant.model,
        ANTHROPIC_DEFAULT_OPUS_MODEL: grant.model,
        ANTHROPIC_DEFAULT_SONNET_MODEL: grant.model,
        ANTHROPIC_DEFAULT_HAIKU_MODEL: grant.model,
        CLAUDE_CONFIG_DIR: join(privateDir, 'claude'),
      });
    }
    return {
      env,
      takesSystem: true,
      ...(system === '' ? {} : { meta: { systemPrompt: { append: system } } }),
    };
  },
};

import { writePrivate } from './private-file.ts';
import type { RuntimeSpec } from './runtime-spec.ts';

/** Codex through its ACP adapter. */
export const codex: RuntimeSpec = {
  name: 'codex',
  title: 'Codex',
  command: ['codex-acp'],
  version: ['codex-acp', '--version'],
  install: 'Install Codex on this station: npm install -g @agentclientprotocol/codex-acp',
  takesGateway: true,
  // Otherwise a model reviews what it wants to do, and no person is asked.
  askingMode: 'read-only',
  async prepare({ grant, privateDir }) {
    if (grant === undefined) return { env: {}, takesSystem: false };
    const lines = [
      `model = ${toml(grant.model)}`,
      'model_provider = "lattice"',
      'model_context_window = 200000',
      '[model_providers.lattice]',
      'name = "Lattice"',
      `base_url = ${toml(grant.openaiUrl)}`,
      'wire_api = "responses"',
      'env_key = "AGENT_MODEL_KEY"',
    ];
    await writePrivate(privateDir, 'config.toml', `${lines.join('\n')}\n`);
    return { env: { CODEX_HOME: privateDir, AGENT_MODEL_KEY: grant.key }, takesSystem: false };
  },
};

/** A TOML basic string; JSON's escapes are the same. */
function toml(text: string): string {
  return JSON.stringify(text);
}

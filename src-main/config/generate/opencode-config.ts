import type { LatticeYaml } from '../../../src-shared/lattice-yaml/schema.ts';
import { present } from '../../../src-shared/present.ts';
import type { RoutingDocument } from '../../../src-shared/routing/document.ts';
import { planRouting } from '../../../src-shared/routing/plan.ts';
import { filled } from './generated-files.ts';
import { openCodeServers } from './mcp-servers.ts';
import { openCodePlugin } from './plugin-entry.ts';
import { staticModel } from './static-model.ts';

/** Where Ollama answers when the configuration names no other place. */
const OLLAMA_URL = 'http://localhost:11434/v1';
/** Serves any endpoint that speaks OpenAI's format; it is a part of OpenCode. */
const COMPATIBLE = '@ai-sdk/openai-compatible';

/** A running `lattice gateway` that OpenCode is to ask for models instead of the providers. */
export interface GatewayTarget {
  /** Base URL that ends with `/v1`. */
  url: string;
}

export interface OpenCodeSource {
  document: LatticeYaml;
  routing: RoutingDocument;
  /** The agents that OpenCode gets, by name. */
  agents: ReadonlySet<string>;
  gateway: GatewayTarget | undefined;
}

/** opencode.json in the shape that both majors of OpenCode read, and what it cannot say. */
export function openCodeConfig(source: OpenCodeSource): { config: Record<string, unknown>; notes: string[] } {
  const { document, gateway } = source;
  const { servers, unknown } = openCodeServers(document.mcp);
  const config = present({
    $schema: 'https://opencode.ai/config.json',
    model: gateway === undefined ? defaultModel(document) : firstVirtual(source),
    provider: filled(
      gateway === undefined ? providers(document) : { lattice: gatewayProvider(source, gateway) },
    ),
    command: filled(commands(source)),
    mcp: filled(servers),
    plugin: plugins(document),
  });
  const notes = unknown.map(
    (name) =>
      `Nothing is known about the MCP server ${name}; opencode.json only switches it. Give it a url: or a command:.`,
  );
  return { config, notes };
}

function defaultModel({ defaults }: LatticeYaml): string | undefined {
  if (defaults?.routing === undefined) return undefined;
  const plan = planRouting(defaults.routing);
  return staticModel({ name: 'defaults', triggers: [], plan, byDefault: true, caps: [] })?.model;
}

function firstVirtual({ agents }: OpenCodeSource): string | undefined {
  const [first] = agents;
  return first === undefined ? undefined : `lattice/${first}`;
}

function gatewayProvider({ agents }: OpenCodeSource, { url }: GatewayTarget): Record<string, unknown> {
  const models = [...agents].map((name) => [name, { name: `Lattice: ${name}`, tool_call: true }]);
  return {
    npm: COMPATIBLE,
    name: 'Lattice',
    options: { baseURL: url, apiKey: '{env:LATTICE_GATEWAY_KEY}' },
    models: Object.fromEntries(models),
  };
}

function providers({ providers: sections }: LatticeYaml): Record<string, unknown> {
  const entries = Object.entries(sections ?? {}).flatMap(([name, section]) => {
    const baseURL = typeof section?.base_url === 'string' ? section.base_url : undefined;
    const ownPlace = baseURL ?? (name === 'ollama' ? OLLAMA_URL : undefined);
    const options = filled(
      present({ baseURL: ownPlace, apiKey: section?.env === undefined ? undefined : `{env:${section.env}}` }),
    );
    const models = filled(Object.fromEntries((section?.models ?? []).map((id) => [id, { name: id }])));
    const entry = present({
      npm: ownPlace === undefined ? undefined : COMPATIBLE,
      name: ownPlace && name,
      options,
      models,
    });
    return filled(entry) === undefined ? [] : [[name, entry] as const];
  });
  return Object.fromEntries(entries);
}

/** One command for each trigger, because a command of OpenCode can call one agent. */
function commands({ document, agents }: OpenCodeSource): Record<string, unknown> {
  const entries = Object.entries(document.agents ?? {}).flatMap(([name, agent]) =>
    agents.has(name)
      ? (agent.triggers ?? []).map((trigger) => [
          trigger.replace(/^\//, ''),
          present({ template: '$ARGUMENTS', agent: name, description: agent.description }),
        ])
      : [],
  );
  return Object.fromEntries(entries);
}

function plugins({ plugins: specs, plugin_config: configs }: LatticeYaml): unknown[] | undefined {
  if (specs === undefined || specs === null || specs.length === 0) return undefined;
  return specs.map((spec) => openCodePlugin(spec, configs ?? {}));
}

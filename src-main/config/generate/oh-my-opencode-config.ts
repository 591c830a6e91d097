import { isMap } from '../../../src-shared/lattice-yaml/merge.ts';
import type { LatticeYaml } from '../../../src-shared/lattice-yaml/schema.ts';
import { present } from '../../../src-shared/present.ts';
import type { RoutingDocument } from '../../../src-shared/routing/document.ts';
import { parsePluginSpec } from '../plugins/plugin-spec.ts';
import { filled } from './generated-files.ts';
import { OWN_FILE } from './plugin-entry.ts';
import { staticModel } from './static-model.ts';

/** Servers that oh-my-opencode brings itself and switches by these names. */
const BUILT_IN_SERVERS: Readonly<Record<string, string>> = {
  context7: 'context7',
  websearch: 'websearch',
  websearch_exa: 'websearch',
  grep_app: 'grep_app',
};

/** The schema of the plugin wants this part whole; these are its own defaults (oh-my-opencode 4.19.4). */
const GIT_MASTER = { commit_footer: true, include_co_authored_by: true, git_env_prefix: 'GIT_MASTER=1' };

export interface OhMyOpenCodeSource {
  document: LatticeYaml;
  routing: RoutingDocument;
  agents: ReadonlySet<string>;
}

/** oh-my-opencode.json, or undefined for a workflow without that plugin. What the workflow says itself wins. */
export function ohMyOpenCodeConfig(source: OhMyOpenCodeSource): Record<string, unknown> | undefined {
  const { document } = source;
  const specs = (document.plugins ?? []).map((spec) => parsePluginSpec(spec).name);
  const given = [...OWN_FILE].map((name) => document.plugin_config?.[name]).find(isMap);
  if (given === undefined && !specs.some((name) => OWN_FILE.has(name))) return undefined;
  const agents = { ...agentModels(source), ...(isMap(given?.agents) ? given.agents : {}) };
  const falls = Object.values(agents).some((agent) => isMap(agent) && agent.fallback_models !== undefined);
  const disabled = disabledServers(document, given?.disabled_mcps);
  return present({
    ...given,
    agents: filled(agents),
    disabled_mcps: disabled.length === 0 ? undefined : disabled,
    git_master: { ...GIT_MASTER, ...(isMap(given?.git_master) ? given.git_master : {}) },
    runtime_fallback: given?.runtime_fallback ?? (falls ? true : undefined),
  });
}

/** Models of agents that are tried in order, which is the one routing that this plugin knows. */
function agentModels({ routing, agents }: OhMyOpenCodeSource): Record<string, unknown> {
  const entries = routing.agents.flatMap((agent) => {
    const found = agents.has(agent.name) ? staticModel(agent) : undefined;
    if (found === undefined) return [];
    const fallbacks = found.fallbacks.length === 0 ? undefined : [...found.fallbacks];
    return [[agent.name, present({ model: found.model, fallback_models: fallbacks })] as const];
  });
  return Object.fromEntries(entries);
}

function disabledServers({ mcp }: LatticeYaml, given: unknown): string[] {
  const own = Array.isArray(given) ? given.filter((name) => typeof name === 'string') : [];
  const off = Object.entries(mcp ?? {}).flatMap(([name, section]) => {
    const known = Object.hasOwn(BUILT_IN_SERVERS, name) ? BUILT_IN_SERVERS[name] : undefined;
    return known !== undefined && section?.enabled === false ? [known] : [];
  });
  return [...new Set([...own, ...off])];
}

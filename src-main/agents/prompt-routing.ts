import type { RoutingDocument } from '../../src-shared/routing/document.ts';
import { planRouting, type RoutingConfig } from '../../src-shared/routing/plan.ts';
import type { AgentDefinition } from './runner.ts';

/**
 * The routing of lattice.yaml, with the agents that are only a file of their own: they go by the one model they name,
 * else by `defaults`.
 */
export function withPromptAgents(
  routing: RoutingDocument,
  definitions: readonly AgentDefinition[],
  defaults: RoutingConfig | undefined,
): RoutingDocument {
  const routed = new Set(
    routing.agents.filter((agent) => agent.plan.models.length > 0).map((agent) => agent.name),
  );
  const own = definitions.flatMap(({ info: { name, runner, model } }) => {
    const models = model === undefined ? defaults : [model];
    if (runner === 'command' || routed.has(name) || models === undefined) return [];
    const known = routing.agents.find((agent) => agent.name === name);
    const { triggers = [], caps = [] } = known ?? {};
    return [{ name, triggers, plan: planRouting(models), byDefault: model === undefined, caps }];
  });
  const replaced = new Set(own.map(({ name }) => name));
  return { ...routing, agents: [...routing.agents.filter(({ name }) => !replaced.has(name)), ...own] };
}

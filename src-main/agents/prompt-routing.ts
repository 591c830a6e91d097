import type { RoutingDocument } from '../../src-shared/routing/document.ts';
import { planRouting } from '../../src-shared/routing/plan.ts';
import type { AgentDefinition } from './runner.ts';

/** The routing of lattice.yaml, with the agents that name their one model in their own file. */
export function withPromptAgents(
  routing: RoutingDocument,
  definitions: readonly AgentDefinition[],
): RoutingDocument {
  const known = new Set(routing.agents.map((agent) => agent.name));
  const own = definitions.flatMap(({ info: { name, runner, model } }) => {
    if (runner === 'command' || model === undefined) return [];
    const routed = routing.agents.find((agent) => agent.name === name);
    if (known.has(name) && (routed === undefined || !routed.byDefault || routed.plan.models.length > 0))
      return [];
    return [{ name, triggers: [], plan: planRouting([model]), byDefault: false, caps: [] }];
  });
  const replaced = new Set(own.map(({ name }) => name));
  return { ...routing, agents: [...routing.agents.filter(({ name }) => !replaced.has(name)), ...own] };
}

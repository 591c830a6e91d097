import type { AgentRouting } from '../../../src-shared/routing/document.ts';
import type { RoutingPlan } from '../../../src-shared/routing/plan.ts';

/** What a program without our routing can follow: one model, those after it, and what is lost. */
export interface StaticModel {
  model: string;
  /** Tried in this order when the first fails. */
  fallbacks: readonly string[];
  /** Why this is less than the routing says. */
  lost: string | undefined;
}

/** The one model that stands for a routing, or undefined when it names none. */
export function staticModel({ name, plan }: AgentRouting): StaticModel | undefined {
  const ids = plan.models.map((model) => model.name);
  const first = mainModel(plan);
  if (first === undefined) return undefined;
  const later = [...ids, ...plan.fallbackModels.map((model) => model.name)].filter((id) => id !== first);
  return {
    model: first,
    fallbacks: [...new Set(later)],
    lost:
      plan.strategy === 'fallback'
        ? undefined
        : `${name} is routed by ${plan.strategy.replace('_', ' ')}, which OpenCode cannot do by itself; it gets ${first}.`,
  };
}

/** The model that most calls would use. */
function mainModel(plan: RoutingPlan): string | undefined {
  if (plan.strategy === 'burst') return plan.iterate.name;
  if (plan.strategy === 'weighted') {
    const most = plan.models.map((model, index) => ({ name: model.name, weight: plan.weights[index] ?? 0 }));
    return most.sort((a, b) => b.weight - a.weight)[0]?.name;
  }
  if (plan.strategy === 'pattern') {
    const counts = new Map<string, number>();
    for (const slot of plan.slots) counts.set(slot.name, (counts.get(slot.name) ?? 0) + 1);
    return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
  }
  return plan.models[0]?.name;
}

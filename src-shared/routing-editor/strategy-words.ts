import type { RoutingPlan, Strategy } from '../routing/plan.ts';
import { shortModel } from './model-words.ts';
import { runsOf } from './runs.ts';

/** Strategies as a person says them. */
export const STRATEGY_NAMES: Readonly<Record<Strategy, string>> = {
  fallback: 'Fallback',
  pattern: 'Pattern',
  weighted: 'Weighted',
  round_robin: 'Round robin',
  burst: 'Burst',
  least_cost: 'Least cost',
  lowest_latency: 'Lowest latency',
};

/** What a strategy does, in one sentence. */
export const STRATEGY_MEANINGS: Readonly<Record<Strategy, string>> = {
  fallback: 'Takes the first model that can be used.',
  pattern: 'Takes the slots one after the other, then begins again.',
  weighted: 'Draws a model for each call, by weight.',
  round_robin: 'Takes the models in turn.',
  burst: 'Works with a cheap model, then finishes with a strong one.',
  least_cost: 'Takes the cheapest model that can be used.',
  lowest_latency: 'Takes the model that answers fastest.',
};

/** The strategy of an agent in a word for a list: the ratio of a pattern, else its name. */
export function strategyBadge(plan: RoutingPlan): string {
  if (plan.strategy !== 'pattern' || plan.models.length !== 2) return STRATEGY_NAMES[plan.strategy];
  return plan.models.map((model) => plan.slots.filter((slot) => slot === model).length).join(':');
}

/** The models of a plan in one line. */
export function planSummary(plan: RoutingPlan): string {
  const names = plan.models.map(({ name }) => shortModel(name));
  const [first = 'No model', second, ...others] = names;
  switch (plan.strategy) {
    case 'fallback':
      if (second === undefined) return first;
      return others.length === 0 ? `${first}, then ${second}` : `${first}, then ${others.length + 1} more`;
    case 'burst':
      return `${plan.size ?? 'any'} × ${first}, then ${shortModel(plan.final.name)}`;
    case 'weighted':
      return plan.models
        .map(({ name }, index) => `${share(plan.weights[index] ?? 0, plan.total)} ${shortModel(name)}`)
        .join(', ');
    case 'pattern': {
      const runs = runsOf(plan.slots.map(({ name }) => name));
      return runs.map(({ model, size }) => `${size} × ${shortModel(model)}`).join(', ') || first;
    }
    case 'round_robin':
    case 'least_cost':
    case 'lowest_latency':
      return names.length > 3 ? `${first} and ${names.length - 1} more` : names.join(', ') || first;
    default:
      return plan satisfies never;
  }
}

/** A part of a whole as a person reads it; nothing of nothing is nothing. */
function share(part: number, whole: number): string {
  return `${whole > 0 ? Math.round((part / whole) * 100) : 0}%`;
}

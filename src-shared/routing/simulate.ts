import type { Availability } from './availability.ts';
import { decide, type RouteRequest } from './decide.ts';
import type { Decision } from './decision.ts';
import { modelRef } from './model-ref.ts';
import type { RoutingPlan } from './plan.ts';
import type { Random } from './random.ts';
import type { AgentRoutingState } from './state.ts';

const MOST_CALLS = 10_000;

/**
 * The next `count` decisions (at most 10,000) as they would go if nothing else happened: positions move, and budgets and
 * call limits are used up at the expected cost. Weighted draws come true only with a `seed:` in the routing.
 */
export function simulate(
  plan: RoutingPlan,
  state: AgentRoutingState,
  availability: Availability,
  count: number,
  random: Random,
  request?: RouteRequest,
): Decision[] {
  const decisions: Decision[] = [];
  let current = state;
  let facts = availability;
  const calls = Math.min(MOST_CALLS, Math.max(0, Math.trunc(count) || 0));
  for (let call = 0; call < calls; call++) {
    const decision = decide(plan, current, facts, random, request);
    decisions.push(decision);
    current = decision.state;
    if (decision.outcome === 'chosen') facts = facts.afterCall(modelRef(decision.model));
  }
  return decisions;
}

import type { Availability } from './availability.ts';
import type { Candidate, Position } from './decision.ts';
import { candidate, NOTHING_SKIPPED, type Pick, unavailable } from './pick.ts';
import type { WeightedPlan } from './plan.ts';
import { type Random, randomOfCall } from './random.ts';
import { type AgentRoutingState, positionOf } from './state.ts';

/**
 * Draws a model by weight. With `on_unavailable: next` a model that cannot be used is drawn no more and its share
 * goes to the others by their weights.
 */
export function pickWeighted(
  plan: WeightedPlan,
  state: AgentRoutingState,
  availability: Availability,
  random: Random,
): Pick {
  const draw = plan.seed === undefined ? random : randomOfCall(plan.seed, positionOf(state.call_count));
  const candidates: Candidate[] = [];
  let out: Set<number> | undefined;
  let total = plan.total;
  while (total > 0) {
    const index = drawIndex(plan, total, draw, out);
    const ref = plan.models[index];
    const weight = plan.weights[index];
    if (ref === undefined || weight === undefined) break;
    const position: Position = { kind: 'share', weight, of: plan.total };
    const verdict = availability.check(ref);
    if (verdict.ok) {
      candidates.push(candidate(ref, 'chosen', `drawn, with ${share(weight, total)} of the draws`));
      pushRest(plan, candidates, total);
      return { chosen: ref, position, candidates, skipped: NOTHING_SKIPPED, advance: {} };
    }
    candidates.push(unavailable(ref, verdict, 'drawn, but '));
    if (plan.onUnavailable !== 'next') {
      return { chosen: undefined, position, candidates, skipped: NOTHING_SKIPPED, advance: {} };
    }
    out = (out ?? new Set()).add(index);
    total = plan.weights.reduce((sum, each, at) => (out?.has(at) ? sum : sum + each), 0);
  }
  return {
    chosen: undefined,
    position: { kind: 'share', weight: 0, of: plan.total },
    candidates,
    skipped: NOTHING_SKIPPED,
    advance: {},
  };
}

/** The model whose share of `total` the draw falls into; the last one with a weight when rounding leaves a gap. */
function drawIndex(
  plan: WeightedPlan,
  total: number,
  draw: Random,
  out: ReadonlySet<number> | undefined,
): number {
  let left = draw() * total;
  let last = -1;
  for (const [index, weight] of plan.weights.entries()) {
    if (weight === 0 || out?.has(index)) continue;
    last = index;
    left -= weight;
    if (left < 0) break;
  }
  return last;
}

function pushRest(plan: WeightedPlan, candidates: Candidate[], total: number): void {
  for (const [index, ref] of plan.models.entries()) {
    if (candidates.some((each) => each.model === ref.name)) continue;
    const weight = plan.weights[index] ?? 0;
    candidates.push(
      candidate(
        ref,
        'passed',
        weight === 0 ? 'its weight is 0' : `not drawn, with ${share(weight, total)} of the draws`,
      ),
    );
  }
}

function share(weight: number, total: number): string {
  return `${Number(((weight / total) * 100).toPrecision(3))}%`;
}

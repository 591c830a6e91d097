import type { Availability } from './availability.ts';
import type { Candidate } from './decision.ts';
import type { ModelRef } from './model-ref.ts';
import { dollars } from './money.ts';
import { candidate, NOTHING_SKIPPED, type Pick, unavailable } from './pick.ts';
import type { RankedPlan } from './plan.ts';

/** Takes the first model that can be used, by the order of the list, by price or by speed. */
export function pickRanked(plan: RankedPlan, availability: Availability): Pick {
  const ranking = plan.strategy === 'fallback' ? plan.models : byFigure(plan, availability);
  const candidates: Candidate[] = [];
  let found: ModelRef | undefined;
  let place = 0;
  for (const [index, ref] of ranking.entries()) {
    if (found !== undefined) {
      candidates.push(candidate(ref, 'passed', passedWords(plan, ref, availability)));
      continue;
    }
    const verdict = availability.check(ref);
    if (!verdict.ok) {
      candidates.push(unavailable(ref, verdict));
      continue;
    }
    found = ref;
    place = index + 1;
    candidates.push(candidate(ref, 'chosen', chosenWords(plan, ref, place, availability)));
  }
  return {
    chosen: found,
    position: { kind: 'place', place, of: ranking.length },
    candidates,
    skipped: NOTHING_SKIPPED,
    advance: {},
  };
}

/** Models without a price come last; models that nobody has timed come first, so that they are timed. */
function byFigure(plan: RankedPlan, availability: Availability): readonly ModelRef[] {
  const figure = (ref: ModelRef) =>
    plan.strategy === 'least_cost'
      ? (availability.cost(ref) ?? Number.POSITIVE_INFINITY)
      : (availability.latency(ref) ?? Number.NEGATIVE_INFINITY);
  const figures = plan.models.map((ref) => ({ ref, value: figure(ref) }));
  figures.sort((a, b) => (a.value === b.value ? 0 : a.value < b.value ? -1 : 1));
  return figures.map((each) => each.ref);
}

function chosenWords(plan: RankedPlan, ref: ModelRef, place: number, availability: Availability): string {
  switch (plan.strategy) {
    case 'fallback':
      return place === 1 ? 'first in the order' : `number ${place} in the order, those before it are out`;
    case 'least_cost': {
      const cost = availability.cost(ref);
      if (cost === undefined) return 'its price is not known, and no priced model can be used';
      return `${dollars(cost)} a call, the least of those that can be used`;
    }
    case 'lowest_latency': {
      const latency = availability.latency(ref);
      if (latency === undefined) return 'not timed yet, so it is tried first';
      return `answers in ${seconds(latency)}, the fastest of those that can be used`;
    }
    default:
      return plan.strategy satisfies never;
  }
}

function passedWords(plan: RankedPlan, ref: ModelRef, availability: Availability): string {
  switch (plan.strategy) {
    case 'fallback':
      return 'only when those before it are out';
    case 'least_cost': {
      const cost = availability.cost(ref);
      return cost === undefined ? 'its price is not known' : `${dollars(cost)} a call`;
    }
    case 'lowest_latency': {
      const latency = availability.latency(ref);
      return latency === undefined ? 'not timed yet' : `answers in ${seconds(latency)}`;
    }
    default:
      return plan.strategy satisfies never;
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 0)} s`;
}

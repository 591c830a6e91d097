import { type AvailabilityFacts, reserveOf } from '../../src-shared/routing/availability.ts';
import { type Cap, capApplies, capExceeded, capKey, capPeriod } from '../../src-shared/routing/caps.ts';
import type { Decision } from '../../src-shared/routing/decision.ts';
import { modelRef } from '../../src-shared/routing/model-ref.ts';
import { dayOf } from '../../src-shared/routing/usage.ts';
import type { Reservation, StateFile } from './state-file.ts';

/** A cap that keeps a call from a model: what the hook `on_budget_exceeded` hears. */
export interface BudgetExceeded {
  readonly cap: Cap;
  readonly agent: string;
  readonly provider: string;
  readonly model: string;
  /** What happened, in words. */
  readonly text: string;
}

/** Sets money aside for a call. Reservations that have lapsed are dropped on the way. */
export function reserve(state: StateFile, id: string, reservation: Reservation, now: number): StateFile {
  const live = Object.entries(state.reservations).filter(([, each]) => each.until > now);
  return { ...state, reservations: Object.fromEntries([...live, [id, reservation]]) };
}

/** Gives a reservation back, when the call is counted or was never made. */
export function release(state: StateFile, id: string): StateFile {
  if (!Object.hasOwn(state.reservations, id)) return state;
  const { [id]: _settled, ...reservations } = state.reservations;
  return { ...state, reservations };
}

/** The caps that kept a call from models it would have used or stood in for, each once. */
export function capsInTheWay(
  agent: string,
  decision: Decision,
  facts: AvailabilityFacts,
): readonly BudgetExceeded[] {
  const found = new Map<string, BudgetExceeded>();
  for (const { model, code } of decision.candidates) {
    if (code !== 'budget' && code !== 'call_limit') continue;
    const ref = modelRef(model);
    for (const cap of facts.caps) {
      if (found.has(capKey(cap)) || !capApplies(cap, ref, agent)) continue;
      const text = capExceeded(cap, reserveOf(facts, model));
      if (text !== undefined) found.set(capKey(cap), { cap, agent, provider: ref.provider, model, text });
    }
  }
  return [...found.values()];
}

/** Counts one call for each cap that was in its way. What earlier periods counted is dropped on the way. */
export function countStops(state: StateFile, stops: readonly BudgetExceeded[], now: number): StateFile {
  if (stops.length === 0) return state;
  const day = dayOf(now);
  const periods = [capPeriod('day', day), capPeriod('month', day)];
  const current = Object.entries(state.budget_stops).filter(([, { period }]) => periods.includes(period));
  const counted = new Map(current);
  for (const { cap, agent, model } of stops) {
    const key = capKey(cap);
    const calls = (counted.get(key)?.calls ?? 0) + 1;
    counted.set(key, { period: capPeriod(cap.per, day), calls, last: now, agent, model });
  }
  return { ...state, budget_stops: Object.fromEntries(counted) };
}

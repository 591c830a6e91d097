import type { Cap } from '../../src-shared/routing/caps.ts';
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

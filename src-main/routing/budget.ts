import type { Cap } from '../../src-shared/routing/caps.ts';
import type { CapLimit } from '../../src-shared/routing/document.ts';
import { own } from '../../src-shared/routing/own.ts';
import { noTotals, type Totals, type UsageTotals } from '../../src-shared/routing/usage.ts';
import type { Reservation, StateFile } from './state-file.ts';
import type { UsageFigures } from './usage-log.ts';

/** A cap that keeps a call from a model: what the hook `on_budget_exceeded` hears. */
export interface BudgetExceeded {
  readonly cap: Cap;
  readonly agent: string;
  readonly provider: string;
  readonly model: string;
  /** What happened, in words. */
  readonly text: string;
}

/** Caps with what is used of them: what the log says, and what running calls have reserved. */
export function capsWithUse(
  limits: readonly CapLimit[],
  figures: UsageFigures,
  reservations: Iterable<Reservation>,
  now: number,
): Cap[] {
  const live = [...reservations].filter((each) => each.until > now);
  return limits.map((limit) => {
    const totals = totalsFor(limit, limit.per === 'day' ? figures.today : figures.month);
    const reserved = live.filter((each) => each[limit.scope] === limit.name);
    const used =
      limit.unit === 'calls'
        ? totals.calls + reserved.length
        : totals.usd + reserved.reduce((sum, each) => sum + each.usd, 0);
    const estimated =
      limit.unit === 'usd' && (totals.estimated_usd > 0 || reserved.some((each) => each.usd > 0));
    return { ...limit, used, ...(estimated ? { estimated } : {}) };
  });
}

function totalsFor(limit: CapLimit, totals: UsageTotals): Totals {
  const by = {
    provider: totals.by_provider,
    model: totals.by_model,
    agent: totals.by_agent,
  }[limit.scope];
  return own(by, limit.name) ?? noTotals;
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

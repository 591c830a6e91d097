import { capsWithUse, totalsFor } from '../../src-shared/routing/cap-use.ts';
import { type Cap, capKey, capPeriod } from '../../src-shared/routing/caps.ts';
import type { RoutingDocument } from '../../src-shared/routing/document.ts';
import { own } from '../../src-shared/routing/own.ts';
import { dayOf, type UsageFigures } from '../../src-shared/routing/usage.ts';
import type { BudgetView } from '../../src-shared/views/usage.ts';
import type { StateFile } from '../routing/state-file.ts';

/** What the budgets of a machine are worked out from. */
export interface BudgetSources {
  readonly document: RoutingDocument;
  readonly figures: UsageFigures;
  readonly state: StateFile;
  /** ms since 1970 */
  readonly now: number;
}

/** Every cap of lattice.yaml with what is used of it, when it resets and what it stopped, in the order of the file. */
export function budgetViews({ document, figures, state, now }: BudgetSources): BudgetView[] {
  const limits = [
    ...document.providers.flatMap((provider) => provider.caps),
    ...document.agents.flatMap((agent) => agent.caps),
  ];
  const today = dayOf(now);
  return capsWithUse(limits, figures, Object.values(state.reservations), now).map((cap) => {
    const { scope, name, unit, per, limit, used } = cap;
    const counted = totalsFor(cap, per === 'day' ? figures.today : figures.month);
    // What running calls have set aside is a guess too.
    const estimated =
      unit === 'usd' ? Math.max(0, used - counted.usd) + Math.max(0, counted.estimated_usd) : 0;
    const stop = own(state.budget_stops, capKey(cap));
    const stopped = stop?.period === capPeriod(per, today) ? stop : undefined;
    return {
      scope,
      name,
      unit,
      per,
      limit,
      used: Math.max(0, used),
      estimated,
      resets_at: resetOf(per, now),
      stopped: stopped?.calls ?? 0,
      ...(stopped === undefined
        ? {}
        : {
            last_stop: {
              time: new Date(stopped.last).toISOString(),
              agent: stopped.agent,
              model: stopped.model,
            },
          }),
    };
  });
}

/** Local midnight, of the next day or of the first day of the next month. */
function resetOf(per: Cap['per'], now: number): string {
  const at = new Date(now);
  const next =
    per === 'day'
      ? new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1)
      : new Date(at.getFullYear(), at.getMonth() + 1, 1);
  return next.toISOString();
}

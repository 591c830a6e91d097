import type { Cap } from './caps.ts';
import type { CapLimit } from './document.ts';
import { own } from './own.ts';
import { noTotals, type Totals, type UsageFigures, type UsageTotals } from './usage.ts';

/** Money set aside for a call that runs. */
export interface ReservedCall {
  readonly agent: string;
  readonly provider: string;
  /** The whole name, `provider/model`. */
  readonly model: string;
  readonly usd: number;
  /** When it lapses if nobody settles it, in ms since 1970. */
  readonly until: number;
}

/** Caps with what is used of them: what the log says, and what running calls have reserved. */
export function capsWithUse(
  limits: readonly CapLimit[],
  figures: UsageFigures,
  reservations: Iterable<ReservedCall>,
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

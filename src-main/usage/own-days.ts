import { setImmediate as breathe } from 'node:timers/promises';
import { USAGE_DAYS, type UsageShareRow } from '../../src-shared/protocol/usage.ts';
import { addTotals, dayOf, type UsageRow } from '../../src-shared/routing/usage.ts';
import type { UsageDayView } from '../../src-shared/views/usage.ts';
import type { UsageLog } from '../routing/usage-log.ts';

/** More rows than this are summed up, so that a day fits a message. */
const MAX_ROWS = 1_000;
const REST = 'others';

export interface OwnDaysOptions {
  log: UsageLog;
  station: { readonly id: string; readonly name: () => string };
}

/** Reads what this station used out of the log of this machine, and what was used outside a lattice. */
export class OwnDays {
  readonly #options: OwnDaysOptions;

  constructor(options: OwnDaysOptions) {
    this.#options = options;
  }

  /** The days of the last 90 that have a log, the newest first. `now` is in ms since 1970. */
  names(now: number): string[] {
    const date = new Date(now);
    const oldest = dayOf(
      new Date(date.getFullYear(), date.getMonth(), date.getDate() - USAGE_DAYS + 1).getTime(),
    );
    return this.#options.log.days().filter((day) => day >= oldest);
  }

  /** One day: of this station, and of no station. Calls of other stations on this machine are theirs to tell. */
  read(day: string): UsageDayView[] {
    const { log, station } = this.#options;
    const rows = log.rows(day);
    const own = shareRows(rows.filter((row) => row.station === station.id));
    const outside = shareRows(rows.filter((row) => row.station === undefined));
    const head = { day, updated_at: new Date().toISOString() };
    return [
      { ...head, station_id: station.id, station_name: station.name(), rows: own },
      { ...head, station_id: '', station_name: 'Outside a lattice', rows: outside },
    ].filter((each) => each.rows.length > 0);
  }

  /** All of them, one day at a time, so that a long log does not hold up the process. */
  async *readAll(now: number): AsyncGenerator<UsageDayView[]> {
    for (const day of this.names(now)) {
      yield this.read(day);
      await breathe();
    }
  }
}

/** Rows as they are shared. Sums that a correction left a hair below zero are zero. */
export function shareRows(rows: readonly UsageRow[]): UsageShareRow[] {
  const sorted = [...rows].sort((a, b) => b.calls - a.calls);
  const kept = sorted.slice(0, sorted.length > MAX_ROWS ? MAX_ROWS - 1 : MAX_ROWS);
  const rest = sorted.slice(kept.length);
  const [first, ...more] = rest;
  const all =
    first === undefined
      ? kept
      : [
          ...kept,
          { ...first, agent: REST, provider: REST, model: REST, ...more.reduce(addTotals, totalsOf(first)) },
        ];
  return all.map(({ station: _station, agent, provider, model, ...totals }) => ({
    agent: agent.slice(0, 300),
    provider: provider.slice(0, 300),
    model: model.slice(0, 300),
    ...notNegative(totals),
  }));
}

type Sums = Omit<UsageRow, 'station' | 'agent' | 'provider' | 'model'>;

function totalsOf({ station: _s, agent: _a, provider: _p, model: _m, ...totals }: UsageRow): Sums {
  return totals;
}

function notNegative(totals: Sums): Sums {
  const { calls, failed, rate_limited, input_tokens, output_tokens, unpriced } = totals;
  return {
    calls,
    failed,
    rate_limited,
    input_tokens,
    output_tokens,
    usd: cents(totals.usd),
    estimated_usd: cents(totals.estimated_usd),
    estimated_tokens: Math.max(0, totals.estimated_tokens),
    unpriced,
  };
}

/** Millionths of a dollar, so that sums of many small prices do not carry noise. */
function cents(usd: number): number {
  return Math.max(0, Number(usd.toFixed(6)));
}

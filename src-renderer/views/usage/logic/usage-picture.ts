import type { UsageShareRow } from '../../../../src-shared/protocol/usage.ts';
import { addTotals, dayOf, noTotals, type Totals } from '../../../../src-shared/routing/usage.ts';
import type { UsageDayView } from '../../../../src-shared/views/usage.ts';
import { looksOf } from './looks.ts';

export type Measure = 'money' | 'tokens' | 'calls';
export type Grouping = 'agent' | 'model' | 'provider' | 'station';

export interface UsageQuery {
  /** ms since 1970 */
  now: number;
  /** Days back, today included. */
  days: number;
  measure: Measure;
  by: Grouping;
  /** Groups whose name holds this text. */
  text: string;
}

/** The sums of one agent, model, provider or station. */
export interface UsageGroup {
  readonly name: string;
  readonly sum: Totals;
  /** Of the measure, 0 to 1. */
  readonly share: number;
  /** Which of the six looks it has; see `looksOf`. */
  readonly look: number;
  /** Sums by day, in the order of the days. */
  readonly byDay: readonly Totals[];
}

/** What the page shows: days from left to right, and groups with the largest first. */
export interface UsagePicture {
  readonly days: readonly string[];
  readonly groups: readonly UsageGroup[];
  readonly total: Totals;
  /** Groups that the filter hid. */
  readonly hidden: number;
}

/** The names of the last `count` days up to now, the oldest first. */
export function lastDays(now: number, count: number): string[] {
  const at = new Date(now);
  return Array.from({ length: count }, (_, index) =>
    dayOf(new Date(at.getFullYear(), at.getMonth(), at.getDate() - (count - 1 - index)).getTime()),
  );
}

/** A sum in a measure: dollars, tokens or calls. */
export function measured(sum: Totals, measure: Measure): number {
  switch (measure) {
    case 'money':
      return sum.usd;
    case 'tokens':
      return sum.input_tokens + sum.output_tokens;
    case 'calls':
      return sum.calls;
  }
}

/** How much of a sum in a measure is an estimate. */
export function estimatedPart(sum: Totals, measure: Measure): number {
  if (measure === 'calls') return 0;
  return measure === 'money' ? sum.estimated_usd : sum.estimated_tokens;
}

/** Groups and sums what the stations told. */
export function usagePicture(records: Iterable<UsageDayView>, query: UsageQuery): UsagePicture {
  const days = lastDays(query.now, query.days);
  const place = new Map(days.map((day, index) => [day, index]));
  const found = new Map<string, Totals[]>();
  for (const record of records) {
    const index = place.get(record.day);
    if (index === undefined) continue;
    for (const row of record.rows) {
      const name = nameOf(row, record, query.by);
      const sums = found.get(name) ?? days.map(() => noTotals);
      sums[index] = addTotals(sums[index] ?? noTotals, row);
      found.set(name, sums);
    }
  }
  const looks = looksOf([...found.keys()]);
  const wanted = query.text.trim().toLowerCase();
  const shown = [...found].filter(([name]) => name.toLowerCase().includes(wanted));
  const sums = shown.map(([name, byDay]) => ({ name, byDay, sum: byDay.reduce(addTotals, noTotals) }));
  const total = sums.map((each) => each.sum).reduce(addTotals, noTotals);
  const whole = measured(total, query.measure);
  const groups = sums
    .map((each) => ({
      ...each,
      look: looks.get(each.name) ?? 0,
      share: whole === 0 ? 0 : measured(each.sum, query.measure) / whole,
    }))
    .sort((a, b) => b.share - a.share || b.sum.calls - a.sum.calls || a.name.localeCompare(b.name));
  return { days, groups, total, hidden: found.size - shown.length };
}

function nameOf(row: UsageShareRow, record: UsageDayView, by: Grouping): string {
  return by === 'station' ? record.station_name : row[by];
}

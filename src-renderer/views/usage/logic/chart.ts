import { addTotals, noTotals, type Totals } from '../../../../src-shared/routing/usage.ts';
import { type Measure, measured, type UsagePicture } from './usage-picture.ts';

/** Groups that have a bar of their own; the rest share one. */
const DRAWN = 5;

/** A part of the bars: a group, or all that are too small for one. */
export interface Series {
  readonly name: string;
  /** Undefined for the rest, which has no look of its own. */
  readonly look: number | undefined;
  readonly byDay: readonly Totals[];
  readonly sum: Totals;
}

/** What is drawn from the bottom up: the largest groups, then the rest. */
export function seriesOf(picture: UsagePicture, only: string | undefined): Series[] {
  const groups = picture.groups.filter((group) => only === undefined || group.name === only);
  const own = groups.slice(0, groups.length > DRAWN + 1 ? DRAWN : DRAWN + 1);
  const rest = groups.slice(own.length);
  if (rest.length === 0) return own;
  const byDay = picture.days.map((_, day) =>
    rest.map((group) => group.byDay[day] ?? noTotals).reduce(addTotals, noTotals),
  );
  const sum = byDay.reduce(addTotals, noTotals);
  return [...own, { name: `${rest.length} others`, look: undefined, byDay, sum }];
}

/** The sum of all series on each day. */
export function dayTotals(days: readonly string[], series: readonly Series[]): Totals[] {
  return days.map((_, day) => series.map((each) => each.byDay[day] ?? noTotals).reduce(addTotals, noTotals));
}

const STEPS = [1, 2, 4, 6, 8, 10];

/** The top of the axis, at or above the largest value, so that its half is a plain number; `whole` for what is counted. */
export function axisTop(largest: number, whole = false): number {
  if (!(largest > 0)) return whole ? 2 : 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = STEPS.find((each) => each * power >= largest * (1 - 1e-9)) ?? 10;
  return whole ? Math.max(2, step * power) : step * power;
}

/** A part of a bar, in shares of the height of the axis. */
export interface Segment {
  readonly series: Series;
  readonly from: number;
  readonly to: number;
}

/** The bar of one day from the bottom up. */
export function barOf(series: readonly Series[], day: number, measure: Measure, top: number): Segment[] {
  let from = 0;
  return series.flatMap((each) => {
    const value = Math.max(0, measured(each.byDay[day] ?? noTotals, measure));
    if (value === 0) return [];
    const segment = { series: each, from: from / top, to: (from + value) / top };
    from += value;
    return [segment];
  });
}

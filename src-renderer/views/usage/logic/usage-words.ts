import { dollars } from '../../../../src-shared/routing/money.ts';
import type { Totals } from '../../../../src-shared/routing/usage.ts';
import type { BudgetView } from '../../../../src-shared/views/usage.ts';
import { count, plural, shortCount } from '../../../ui/format.ts';
import { estimatedPart, type Grouping, type Measure, measured } from './usage-picture.ts';

/** Money that may be a guess; blank when calls were made and none has a price. */
export function moneyText(sum: Totals): string {
  if (sum.usd === 0 && sum.unpriced > 0 && sum.unpriced >= sum.calls) return '';
  return `${sum.estimated_usd > 0 ? 'about ' : ''}${dollars(sum.usd)}`;
}

/** A number in a measure: `$0.18`, `61.7 K tokens`, `12 calls`. */
export function amountText(value: number, measure: Measure): string {
  switch (measure) {
    case 'money':
      return dollars(value);
    case 'tokens':
      return `${shortCount(value)} tokens`;
    case 'calls':
      return plural(value, 'call');
  }
}

/** A sum in a measure, with *about* where a part of it is a guess. */
export function sumText(sum: Totals, measure: Measure): string {
  if (measure === 'money') return moneyText(sum);
  const about = estimatedPart(sum, measure) > 0 ? 'about ' : '';
  return about + amountText(measured(sum, measure), measure);
}

/** Money of one call on average; blank while no call has a price. */
export function averageText(sum: Totals): string {
  const priced = sum.calls - sum.unpriced;
  if (priced <= 0) return '';
  return `${sum.estimated_usd > 0 ? 'about ' : ''}${dollars(sum.usd / priced)}`;
}

/** What went wrong in a sum: `2 failed, 1 rate limited`. */
export function troubleText(sum: Totals): string | undefined {
  const parts = [
    sum.failed > 0 && `${count(sum.failed)} failed`,
    sum.rate_limited > 0 && `${count(sum.rate_limited)} rate limited`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : parts.join(', ');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day as an axis says it: `21 Nov`. */
export function dayText(day: string): string {
  const [, month, date] = day.split('-').map(Number);
  return `${date} ${MONTHS[(month ?? 1) - 1]}`;
}

export const GROUP_WORDS: Readonly<Record<Grouping, { title: string; one: string }>> = {
  agent: { title: 'Agents', one: 'Agent' },
  model: { title: 'Models', one: 'Model' },
  provider: { title: 'Providers', one: 'Provider' },
  station: { title: 'Stations', one: 'Station' },
};

/** What is used of a budget: `$3.10 of $10.00`, `1 of 2 calls`. */
export function budgetText({ unit, used, limit, estimated }: BudgetView): string {
  if (unit === 'calls') return `${count(used)} of ${plural(limit, 'call')}`;
  return `${estimated > 0 ? 'about ' : ''}${dollars(used)} of ${dollars(limit)}`;
}

/** How often a budget begins again. */
export function periodText({ per }: BudgetView): string {
  return per === 'day' ? 'per day' : 'per month';
}

/** What a budget stopped: `3 calls`; undefined when nothing. */
export function stoppedText({ stopped }: BudgetView): string | undefined {
  return stopped === 0 ? undefined : plural(stopped, 'call');
}

import { dollars } from '../../../src-shared/routing/money.ts';
import type { UsageDayView } from '../../../src-shared/views/usage.ts';

/** What the models of a station cost over all days that are kept, or nothing when none was called. */
export function dollarsOf(days: readonly UsageDayView[], station: string): string | undefined {
  const rows = days.filter((day) => day.station_id === station).flatMap((day) => day.rows);
  if (rows.length === 0) return undefined;
  const usd = rows.reduce((sum, row) => sum + row.usd, 0);
  return `${rows.some((row) => row.estimated_usd > 0) ? 'About ' : ''}${dollars(usd)}`;
}

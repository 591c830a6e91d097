import { dayOf, distinctCalls, type UsageEntry } from '../../src-shared/routing/usage.ts';
import type { UsageLog } from './usage-log.ts';

const MOST_DAYS = 60;

/** The last `limit` calls of the log, at most 60 days back from `now` (ms since 1970), the oldest first. */
export function lastCalls(usage: Pick<UsageLog, 'entries'>, limit: number, now: number): UsageEntry[] {
  const today = new Date(now);
  const days: UsageEntry[][] = [];
  for (let back = 0, found = 0; back < MOST_DAYS && found < limit; back++) {
    const day = new Date(today.getFullYear(), today.getMonth(), today.getDate() - back);
    const calls = distinctCalls(usage.entries(dayOf(day.getTime())));
    found += calls.length;
    days.unshift(calls);
  }
  return days.flat().slice(-limit);
}

import { duration } from '../src-shared/duration.ts';
import type { StationStatus } from '../src-shared/protocol/station.ts';
import { paint } from './output.ts';

/** A state with its sign and colour; the word alone carries the meaning. */
export function statusWord(status: StationStatus): string {
  switch (status) {
    case 'online':
      return paint('green', '● online');
    case 'late':
      return paint('yellow', '◐ late');
    case 'offline':
      return paint('gray', '⊘ offline');
    default:
      return status satisfies never;
  }
}

/** One or many of something: `1 error`, `2 errors`. */
export function plural(amount: number, one: string): string {
  return `${amount} ${one}${amount === 1 ? '' : 's'}`;
}

/** How long ago a time was, or nothing when there is none. */
export function ago(time: string | undefined): string {
  return time === undefined ? '' : `${duration(Date.now() - Date.parse(time))} ago`;
}

/** Where a call ran and how long it took, for the end of a watched run. */
export function durationLine(done: { stationName: string; durationMs: number }): string {
  return paint('dim', `on ${done.stationName} in ${duration(done.durationMs)}`);
}

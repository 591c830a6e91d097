import type { ReactNode } from 'react';
import { clock, duration, exact, moment, roughDuration } from './format.ts';
import { useNow } from './now.ts';
import { Tip } from './tooltip.tsx';

export interface TimeProps {
  /** RFC 3339. */
  at: string;
  /**
   * `ago` in prose (*3 min ago*), `age` how long since (*3 min*), `exact-age` with two units (*1 min 31 s*),
   * `moment` the time of day, `clock` with seconds.
   */
  as?: 'ago' | 'age' | 'exact-age' | 'moment' | 'clock';
}

function words(at: string, as: NonNullable<TimeProps['as']>, now: number): string {
  const age = now - Date.parse(at);
  switch (as) {
    case 'ago':
      return age < 5_000 ? 'now' : `${roughDuration(age)} ago`;
    case 'age':
      return roughDuration(age);
    case 'exact-age':
      return age < 60_000 ? roughDuration(age) : duration(age);
    case 'moment':
      return moment(at, now);
    case 'clock':
      return clock(at, true);
  }
}

/** A time that keeps itself right, with the exact one in UTC as its tooltip. */
export function Time({ at, as = 'ago' }: TimeProps): ReactNode {
  const now = Math.max(useNow(), Date.parse(at));
  return (
    <Tip text={<span className="font-mono text-mono-small text-1">{exact(at)}</span>}>
      <time dateTime={at} className="figures">
        {words(at, as, now)}
      </time>
    </Tip>
  );
}

/** How long something took or takes, in exact words; it counts on until `until` is known. */
export function Elapsed({ from, until }: { from: string; until?: string | undefined }): ReactNode {
  const now = useNow();
  const end = until === undefined ? Math.max(now, Date.parse(from)) : Date.parse(until);
  const ms = end - Date.parse(from);
  return (
    <span className="figures">{until === undefined && ms < 60_000 ? roughDuration(ms) : duration(ms)}</span>
  );
}

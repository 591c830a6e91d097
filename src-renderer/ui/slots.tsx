import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** More than these are said in figures only. */
const PLACES = Array.from({ length: 16 }, (_, index) => `slot-${index + 1}`);

export interface SlotsProps {
  busy: number;
  capacity: number;
  /** How many of the busy ones wait for a person; they stand first. */
  asking?: number;
  /** Squares of 8 instead of 10. */
  small?: boolean;
}

/** The slots of a station as squares: busy ones filled, free ones outlined; figures alone above 16. */
export function Slots({ busy, capacity, asking = 0, small = false }: SlotsProps): ReactNode {
  if (capacity > PLACES.length) return null;
  return (
    <span aria-hidden className={cx('inline-flex shrink-0', small ? 'gap-2' : 'gap-3')}>
      {PLACES.slice(0, capacity).map((place, index) => (
        <span
          key={place}
          className={cx(
            small ? 'size-8 rounded-[2px]' : 'size-10 rounded-bar',
            index < asking && 'bg-ask-fill',
            index >= asking && index < busy && 'bg-run-fill',
            index >= busy && 'border-[1.5px] border-control',
          )}
        />
      ))}
    </span>
  );
}

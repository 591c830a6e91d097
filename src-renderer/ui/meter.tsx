import { Meter as BaseMeter } from '@base-ui/react/meter';
import { Progress as BaseProgress } from '@base-ui/react/progress';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

const TRACK = 'block h-4 overflow-hidden rounded-[2px] bg-track';

export interface MeterProps {
  /** What is measured, for a screen reader. */
  label: string;
  /** 0 to 1. */
  value: number;
  className?: string;
}

/** A quiet bar for a level: CPU, memory, how full a stream is. */
export function Meter({ label, value, className }: MeterProps): ReactNode {
  return (
    <BaseMeter.Root
      aria-label={label}
      min={0}
      max={1}
      value={Math.min(Math.max(value, 0), 1)}
      className={className}
    >
      <BaseMeter.Track className={TRACK}>
        <BaseMeter.Indicator className="block h-full rounded-[2px] bg-quiet" />
      </BaseMeter.Track>
    </BaseMeter.Root>
  );
}

export interface ProgressProps {
  label: string;
  /** 0 to 100; while it is unknown there is no bar. */
  percent: number | undefined;
  className?: string;
}

/** How far a run is. */
export function Progress({ label, percent, className }: ProgressProps): ReactNode {
  if (percent === undefined) return null;
  return (
    <BaseProgress.Root aria-label={label} value={Math.min(Math.max(percent, 0), 100)} className={className}>
      <BaseProgress.Track className={cx(TRACK)}>
        <BaseProgress.Indicator className="block h-full rounded-[2px] bg-run-fill" />
      </BaseProgress.Track>
    </BaseProgress.Root>
  );
}

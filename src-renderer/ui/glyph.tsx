import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { STATUSES, type Status, TONE_FILL } from './status.ts';

const RING = { cx: 8, cy: 8, r: 5.75, fill: 'none', stroke: 'currentColor', strokeWidth: 1.75 } as const;
const LINE = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.75, strokeLinecap: 'round' } as const;
const CUT = {
  fill: 'none',
  stroke: 'var(--color-cutout)',
  strokeWidth: 1.75,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

const SHAPES: Record<Exclude<Status, 'running'>, ReactNode> = {
  online: <circle cx="8" cy="8" r="4.75" fill="currentColor" />,
  late: (
    <>
      <circle {...RING} />
      <path d="M8 2.25a5.75 5.75 0 0 0 0 11.5z" fill="currentColor" />
    </>
  ),
  offline: (
    <>
      <circle {...RING} />
      <path {...LINE} d="m4.6 11.4 6.8-6.8" />
    </>
  ),
  queued: <circle {...RING} strokeDasharray="2.5 2.016" strokeDashoffset="1.25" />,
  escalated: (
    <>
      <rect
        x="3.1"
        y="3.1"
        width="9.8"
        height="9.8"
        rx="1.5"
        transform="rotate(45 8 8)"
        fill="currentColor"
      />
      <path {...CUT} d="M8 4.9v3.4" />
      <circle cx="8" cy="11" r="1" fill="var(--color-cutout)" />
    </>
  ),
  failed: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="3" fill="currentColor" />
      <path {...CUT} d="m5.75 5.75 4.5 4.5m0-4.5-4.5 4.5" />
    </>
  ),
  completed: (
    <>
      <circle cx="8" cy="8" r="6.5" fill="currentColor" />
      <path {...CUT} d="m5.25 8.25 1.9 1.9 3.6-4" />
    </>
  ),
  cancelled: (
    <>
      <circle {...RING} />
      <path {...LINE} d="M5.6 8h4.8" />
    </>
  ),
  expired: (
    <>
      <circle {...RING} />
      <path {...LINE} d="M8 5v3.1l2 1.2" strokeWidth={1.5} strokeLinejoin="round" />
    </>
  ),
};

function RunningShape({ percent }: { percent: number | undefined }): ReactNode {
  const share = percent === undefined ? 75 : Math.min(Math.max(percent, 0), 100);
  return (
    <>
      <circle {...RING} opacity="0.32" />
      <circle cx="8" cy="8" r="2" fill="currentColor" />
      <g className={percent === undefined ? 'origin-center animate-turn' : undefined}>
        <circle {...RING} pathLength="100" strokeDasharray={`${share} 100`} transform="rotate(-90 8 8)" />
      </g>
    </>
  );
}

export interface GlyphProps {
  status: Status;
  /** Edge in pixels: 12 to 16. */
  size?: 12 | 13 | 14 | 16;
  /** Share that is done, 0 to 100; only `running` shows it. */
  percent?: number | undefined;
  /** Says the state to a screen reader; leave it out where a word stands beside the glyph. */
  label?: string | undefined;
  className?: string;
}

/** The shape of a state in its colour. */
export function Glyph({ status, size = 14, percent, label, className }: GlyphProps): ReactNode {
  const shape = status === 'running' ? <RunningShape percent={percent} /> : SHAPES[status];
  return (
    <svg
      role="img"
      aria-label={label}
      aria-hidden={label === undefined}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      className={cx('shrink-0', TONE_FILL[STATUSES[status].tone], className)}
    >
      {shape}
    </svg>
  );
}

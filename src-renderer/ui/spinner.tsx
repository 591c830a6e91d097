import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** An open ring that turns while something is on its way; it stands still with reduced motion. */
export function Spinner({ size = 14, className }: { size?: number; className?: string }): ReactNode {
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      viewBox="0 0 16 16"
      className={cx('shrink-0 animate-spin', className)}
    >
      <path
        d="M8 2a6 6 0 1 0 6 6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
    </svg>
  );
}

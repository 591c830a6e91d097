import type { ReactNode } from 'react';
import { cx } from '../../../ui/cx.ts';
import { priorityRank } from '../logic/columns.ts';
import { readableWord } from '../logic/words.ts';

const BARS = [
  { x: 1, y: 8, height: 4 },
  { x: 5, y: 5, height: 7 },
  { x: 9, y: 2, height: 10 },
];

/** How urgent: three bars, or a filled square with ! when it is critical. */
export function PriorityMark({ priority, named = false }: { priority: string; named?: boolean }): ReactNode {
  const label = named ? undefined : `${readableWord(priority)} priority`;
  const rank = priorityRank(priority);
  if (rank === 0)
    return (
      <svg
        role="img"
        aria-label={label}
        aria-hidden={named}
        width={13}
        height={13}
        viewBox="0 0 13 13"
        className="shrink-0 text-ask-fill"
      >
        <rect x="0.5" y="0.5" width="12" height="12" rx="3" fill="currentColor" />
        <path d="M6.5 3.2v3.6" stroke="var(--color-cutout)" strokeWidth="1.75" strokeLinecap="round" />
        <circle cx="6.5" cy="9.4" r="1" fill="var(--color-cutout)" />
      </svg>
    );
  return (
    <svg
      role="img"
      aria-label={label}
      aria-hidden={named}
      width={13}
      height={13}
      viewBox="0 0 13 13"
      className="shrink-0"
    >
      {BARS.map((bar, index) => (
        <rect
          key={bar.x}
          {...bar}
          width="3"
          rx="0.75"
          className={cx(index < 4 - rank ? 'fill-(--text-color-2)' : 'fill-(--color-strong)')}
        />
      ))}
    </svg>
  );
}

import type { ReactNode } from 'react';

/** The mark of Lattice: four stations around a hub. */
export function Mark({ size = 22 }: { size?: number }): ReactNode {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 40 40" className="shrink-0 text-1">
      <path d="M20 5.5 34.5 20 20 34.5 5.5 20Z" fill="none" stroke="currentColor" strokeWidth="3" />
      <path d="M20 5v30M5 20h30" stroke="currentColor" strokeWidth="2" opacity="0.45" />
      <circle
        cx="20"
        cy="20"
        r="6.75"
        className="fill-accent-text"
        stroke="var(--color-page)"
        strokeWidth="1.5"
      />
      <g fill="currentColor">
        <circle cx="20" cy="5" r="4.25" />
        <circle cx="35" cy="20" r="4.25" />
        <circle cx="20" cy="35" r="4.25" />
        <circle cx="5" cy="20" r="4.25" />
      </g>
    </svg>
  );
}

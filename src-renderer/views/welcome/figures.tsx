import type { ReactNode } from 'react';

const STATION = { width: 32, height: 24, rx: 6, strokeWidth: 1.5 } as const;

function Station({ x, y, own = false }: { x: number; y: number; own?: boolean }): ReactNode {
  return (
    <g>
      <rect
        {...STATION}
        x={x - 16}
        y={y - 12}
        className={own ? 'fill-page stroke-accent-text' : 'fill-surface stroke-strong'}
      />
      <rect x={x - 10} y={y - 3} width="5.5" height="5.5" rx="1.25" className="fill-run-fill" />
      <rect x={x - 2.5} y={y - 2.5} width="5" height="5" rx="1.25" className="fill-none stroke-strong" />
    </g>
  );
}

function Hub({ x, y }: { x: number; y: number }): ReactNode {
  return (
    <g>
      <rect
        x={x - 17.5}
        y={y - 17.5}
        width="35"
        height="35"
        rx="10"
        strokeWidth="1.75"
        className="fill-surface stroke-accent-text"
      />
      <circle cx={x} cy={y} r="5.5" className="fill-accent-fill" />
    </g>
  );
}

function Figure({ children }: { children: ReactNode }): ReactNode {
  return (
    <svg aria-hidden viewBox="0 0 304 132" width="304" height="132" className="block fill-none">
      {children}
    </svg>
  );
}

/** A hub with room for others. */
export function HostFigure(): ReactNode {
  return (
    <Figure>
      <g className="stroke-strong" strokeWidth="1.5" strokeDasharray="4 3.5">
        <path d="M88 50v7a10 10 0 0 0 10 10h36M88 84v-7a10 10 0 0 1 10-10" />
        <path d="M216 50v7a10 10 0 0 1-10 10h-36M216 84v-7a10 10 0 0 0-10-10" />
      </g>
      <Station x={88} y={36} />
      <Station x={88} y={98} />
      <Station x={216} y={36} />
      <Station x={216} y={98} />
      <Hub x={152} y={67} />
    </Figure>
  );
}

/** This machine on its way to a hub that others use. */
export function JoinFigure(): ReactNode {
  return (
    <Figure>
      <g className="stroke-strong" strokeWidth="1.5">
        <path d="M190 49v-6a10 10 0 0 1 10-10h12M190 85v6a10 10 0 0 0 10 10h12" />
      </g>
      <path d="M114 67h24m12 0h22" className="stroke-accent-text" strokeWidth="1.75" />
      <circle cx="144" cy="67" r="3.5" className="fill-accent-fill" />
      <Station x={98} y={67} own />
      <Station x={228} y={33} />
      <Station x={228} y={101} />
      <Hub x={190} y={67} />
    </Figure>
  );
}

/** One machine with its slots. */
export function AloneFigure(): ReactNode {
  return (
    <Figure>
      <rect
        x="98"
        y="31"
        width="108"
        height="66"
        rx="8"
        strokeWidth="1.5"
        className="fill-surface stroke-strong"
      />
      <path d="M85 106.5h134" strokeWidth="2" strokeLinecap="round" className="stroke-strong" />
      <rect x="119" y="57" width="12" height="12" rx="3" className="fill-run-fill" />
      <rect x="137" y="57" width="12" height="12" rx="3" className="fill-run-fill" />
      <rect
        x="155.75"
        y="57.75"
        width="10.5"
        height="10.5"
        rx="3"
        strokeWidth="1.5"
        className="stroke-strong"
      />
      <rect
        x="173.75"
        y="57.75"
        width="10.5"
        height="10.5"
        rx="3"
        strokeWidth="1.5"
        className="stroke-strong"
      />
    </Figure>
  );
}

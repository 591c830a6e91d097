import type { ReactNode } from 'react';

const HUES = ['hue-1', 'hue-2', 'hue-3', 'hue-4', 'hue-5', 'hue-6'] as const;
/** Lines in a tile of 6 by 6; the first look is plain. */
const LINES = [undefined, 'M0 6L6 0', 'M0 3H6', 'M3 0V6', 'M0 0L6 6', 'M0 6L6 0M0 0L6 6'] as const;

/** The colour of a look as a CSS value. */
export function lookColour(look: number): string {
  return `var(--color-${HUES[look] ?? HUES[0]})`;
}

/** The pattern of a look as an SVG fill; undefined for the plain one. */
export function lookPattern(look: number): string | undefined {
  return LINES[look] === undefined ? undefined : `url(#usage-look-${look})`;
}

/** The patterns of all looks; stands once where looks are used. */
export function LookPatterns(): ReactNode {
  return (
    <svg aria-hidden width="0" height="0" className="absolute">
      <defs>
        {LINES.map(
          (line, look) =>
            line !== undefined && (
              <pattern
                key={line}
                id={`usage-look-${look}`}
                width="6"
                height="6"
                patternUnits="userSpaceOnUse"
              >
                <path d={line} fill="none" stroke="var(--color-page)" strokeWidth="1.25" />
              </pattern>
            ),
        )}
      </defs>
    </svg>
  );
}

/** A square of 10 in a look, before the name it stands for. */
export function Swatch({ look }: { look: number }): ReactNode {
  const pattern = lookPattern(look);
  return (
    <svg aria-hidden width="10" height="10" className="shrink-0">
      <rect width="10" height="10" rx="2" fill={lookColour(look)} />
      {pattern !== undefined && <rect width="10" height="10" rx="2" fill={pattern} />}
    </svg>
  );
}

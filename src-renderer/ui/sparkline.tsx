import type { ReactNode } from 'react';

const WIDTH = 100;
const HEIGHT = 32;
/** Room for half the line at the top. */
const PAD = 1;

/** Line and area of a row of values, in a box of 100 by 32 that starts at zero. */
export function sparkPath(values: readonly number[]): { line: string; area: string } {
  if (values.length === 0) return { line: '', area: '' };
  const series = values.length === 1 ? [...values, ...values] : values;
  const top = Math.max(...series, Number.EPSILON);
  const points = series.map((value, index) => {
    const x = (index / (series.length - 1)) * WIDTH;
    const y = HEIGHT - (Math.max(value, 0) / top) * (HEIGHT - PAD);
    return `${x.toFixed(2)} ${y.toFixed(2)}`;
  });
  const line = `M${points.join('L')}`;
  return { line, area: `${line}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z` };
}

export interface SparklineProps {
  values: readonly number[];
  /** What it shows, for a screen reader. */
  label: string;
  tone?: 'run' | 'quiet';
}

/** The recent course of a figure; as wide as its place, 32 high. */
export function Sparkline({ values, label, tone = 'quiet' }: SparklineProps): ReactNode {
  const { line, area } = sparkPath(values);
  const colour = tone === 'run' ? 'text-run-fill' : 'text-quiet';
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={`block h-32 w-full ${colour}`}
    >
      <path d={area} fill="currentColor" opacity="0.13" />
      <path d={line} fill="none" stroke="currentColor" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

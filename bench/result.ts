/** One figure with the baseline of the same run; `ratio` is value over baseline. */
export interface BenchResult {
  name: string;
  unit: string;
  value: number;
  baseline?: { name: string; value: number };
  ratio?: number;
  /** What DESIGN promises, for a person to compare with; nothing fails by it. */
  bar?: string;
}

/** The value at a share of the sorted samples: 0.5 is the median. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A figure beside its baseline. */
export function compared(
  figure: Omit<BenchResult, 'ratio'> & { baseline: { name: string; value: number } },
): BenchResult {
  return { ...figure, ratio: Number((figure.value / figure.baseline.value).toFixed(2)) };
}

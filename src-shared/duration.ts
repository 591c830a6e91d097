/** A duration as a person says it: `3.1 s`, `41 s`, `1 min 31 s`, `2 h 4 min`, `6 d 4 h` (look.md §5, Time). */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3_600) return pair(seconds, 60, 'min', 1, 's', 10);
  if (seconds < 86_400) return pair(seconds, 3_600, 'h', 60, 'min');
  return pair(seconds, 86_400, 'd', 3_600, 'h');
}

function pair(
  seconds: number,
  unit: number,
  name: string,
  minor: number,
  minorName: string,
  below = Infinity,
): string {
  const whole = Math.floor(seconds / unit);
  const rest = Math.floor((seconds % unit) / minor);
  return rest === 0 || whole >= below ? `${whole} ${name}` : `${whole} ${name} ${rest} ${minorName}`;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds from `90`, `90s`, `5m`, `1h30m` or `250ms` (a bare number counts seconds); undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  if (!/^(\d{1,9}(\.\d{1,3})?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (UNITS[unit ?? ''] ?? 0);
  }
  return Math.round(total);
}

/** Dollars as a person reads them: `$12.50`, `$0.57`, `$0.041`, `$0.0012`. */
export function dollars(usd: number): string {
  if (!Number.isFinite(usd)) return '$?';
  if (usd === 0 || Math.abs(usd) >= 0.1) return `$${usd.toFixed(2)}`;
  if (Math.abs(usd) >= 0.01) return `$${usd.toFixed(3)}`;
  return Math.abs(usd) < 0.000_001
    ? 'less than $0.000001'
    : `$${Number(usd.toPrecision(2)).toFixed(6).replace(/0+$/, '')}`;
}

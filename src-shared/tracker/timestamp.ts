/** A moment as boards write it: `2026-11-21T02:23:11Z`, UTC, whole seconds. */
export function formatTimestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since 1970 of a timestamp; undefined when it is no moment. */
export function timestampMs(timestamp: string): number | undefined {
  const ms = Date.parse(timestamp);
  return Number.isNaN(ms) ? undefined : ms;
}

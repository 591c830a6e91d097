/** Why a provider or model is left alone for a while. */
export type CoolDownCause = 'rate_limit' | 'down';

/** A pause after a failure, or one that a hook asked for. Each failure in a row makes the next pause longer. All times in ms since 1970. */
export interface CoolDown {
  readonly cause: CoolDownCause | 'skipped';
  /** When the first failure of the row was seen. */
  readonly since: number;
  /** When the last one was seen. */
  readonly last: number;
  /** When it may be tried again. */
  readonly until: number;
  /** Failures in a row. */
  readonly strikes: number;
}

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 10 * 60_000;
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;

/** A failure of a call: when it was seen and when the call began (ms since 1970), and how long the provider asked to wait. */
export interface Failure {
  cause: CoolDownCause;
  now: number;
  startedAt?: number | undefined;
  retryAfterMs?: number | undefined;
}

/**
 * The pause after one more failure: 5 s, then twice as long each time up to 10 min. When the provider says how long,
 * that holds instead, up to a day. A call that began before the last failure was seen is an echo of it: many calls
 * at once that fail together count once.
 */
export function coolDownAfter(previous: CoolDown | undefined, failure: Failure): CoolDown {
  const { cause, now, startedAt = now, retryAfterMs } = failure;
  const echo = previous !== undefined && startedAt < previous.last;
  const strikes = previous === undefined ? 1 : previous.strikes + (echo ? 0 : 1);
  const wait =
    retryAfterMs === undefined || !(retryAfterMs >= 0)
      ? echo
        ? 0
        : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(strikes - 1, 30))
      : Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
  return {
    cause,
    since: previous?.since ?? now,
    last: now,
    until: Math.max(previous?.until ?? 0, now + wait),
    strikes,
  };
}

/**
 * Milliseconds from a `Retry-After` header: seconds or an HTTP date. Undefined for anything else.
 * @param now ms since 1970
 */
export function parseRetryAfter(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}(\.\d{1,3})?$/.test(text)) return Math.round(Number(text) * 1_000);
  if (!/^[A-Za-z]{3}/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}

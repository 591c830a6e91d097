import type { NoDecision } from '../../src-shared/routing/decision.ts';

/** Why a call gets no answer: the status says to a client whether to come back. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code?: string | undefined;
  /** When to come back, in ms. */
  readonly retryAfterMs?: number | undefined;
}

/** Turns a decision without a model into what the client is told. `now` in ms since 1970. */
export function describeRefusal(
  decision: NoDecision,
  passedOver: ReadonlyMap<string, string>,
  now: number,
): Refusal {
  const codes = new Set(decision.candidates.map((each) => each.code));
  const message = `${decision.why}${listed(passedOver)}`;
  const wait = decision.retry_at === undefined ? undefined : Math.max(0, decision.retry_at - now);
  const spent = codes.has('budget') || codes.has('call_limit');
  if (codes.has('rate_limited')) return { status: 429, message, code: 'rate_limited', retryAfterMs: wait };
  if (codes.has('provider_down')) {
    return { status: 503, message, code: 'provider_down', ...(spent ? {} : { retryAfterMs: wait }) };
  }
  // 402 is a status that no runtime tries again by itself.
  if (spent) return { status: 402, message, code: 'budget_exceeded' };
  return { status: 404, message, code: 'no_model' };
}

/** What the client is told when every model that was tried failed. */
export function unanswered(passedOver: ReadonlyMap<string, string>): string {
  return `No model answered.${listed(passedOver)}`;
}

function listed(passedOver: ReadonlyMap<string, string>): string {
  return [...passedOver].map(([model, reason]) => ` ${model}: ${reason}.`).join('');
}

import type { ModelRef } from './model-ref.ts';
import { dollars } from './money.ts';

/** A limit on what a provider, a model or an agent may use in a period, and how much of it is used. */
export interface Cap {
  readonly scope: 'provider' | 'model' | 'agent';
  /** Who is capped: the name of the provider, `provider/model`, or the agent. */
  readonly name: string;
  readonly unit: 'usd' | 'calls';
  readonly per: 'day' | 'month';
  readonly limit: number;
  /** Used up in this period, what running calls have reserved included. */
  readonly used: number;
  /** Whether a part of `used` is estimated because the provider did not report it. */
  readonly estimated?: boolean;
}

/** Whether a cap counts calls of this model by this agent. */
export function capApplies(cap: Cap, ref: ModelRef, agent: string | undefined): boolean {
  switch (cap.scope) {
    case 'provider':
      return cap.name === ref.provider;
    case 'model':
      return cap.name === ref.name;
    case 'agent':
      return cap.name === agent;
    default:
      return cap.scope satisfies never;
  }
}

/** Names a cap among all caps of a machine. */
export function capKey(cap: Pick<Cap, 'scope' | 'name' | 'unit' | 'per'>): string {
  return [cap.scope, cap.name, cap.unit, cap.per].join(' ');
}

/** The period of a cap that a day lies in: the day itself, or its calendar month `2026-11`. */
export function capPeriod(per: Cap['per'], day: string): string {
  return per === 'day' ? day : day.slice(0, 7);
}

/** A hundredth of a cent: sums of many small prices do not trip a budget by rounding. */
const TOLERANCE_USD = 0.0001;

/** Why one more call does not fit under a cap; undefined when it does. `expectedUsd` is what the call is thought to cost. */
export function capExceeded(cap: Cap, expectedUsd: number | undefined): string | undefined {
  const period = cap.per === 'day' ? 'today' : 'this month';
  if (cap.unit === 'calls') {
    return cap.used >= cap.limit ? `${cap.name} had ${cap.used} of ${cap.limit} calls ${period}` : undefined;
  }
  if (expectedUsd === 0) return undefined;
  const about = cap.estimated ? 'about ' : '';
  if (cap.used >= cap.limit) {
    return `${cap.name} has spent ${about}${dollars(cap.used)} of ${dollars(cap.limit)} ${period}`;
  }
  if (expectedUsd === undefined || cap.used + expectedUsd <= cap.limit + TOLERANCE_USD) return undefined;
  return `${cap.name} has ${about}${dollars(cap.limit - cap.used)} of ${dollars(cap.limit)} left ${period}, and a call costs about ${dollars(expectedUsd)}`;
}

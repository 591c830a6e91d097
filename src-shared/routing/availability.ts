import { duration } from '../duration.ts';
import { type Cap, capApplies, capExceeded } from './caps.ts';
import type { CoolDown } from './cool-down.ts';
import type { ModelRef } from './model-ref.ts';
import { own } from './own.ts';

/** Why a model cannot be used now. */
export type UnavailableCode =
  | 'malformed'
  | 'unknown_provider'
  | 'missing_key'
  | 'not_installed'
  | 'skipped'
  | 'provider_down'
  | 'rate_limited'
  | 'budget'
  | 'call_limit';

/** Whether a model can be used, and if not, why in words and when it may be tried again (ms since 1970). */
export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: UnavailableCode; readonly text: string; readonly retry_at?: number };

/** What is known of one provider. */
export interface ProviderFacts {
  /** The environment variable of its key and whether it is set; absent where no key is needed. */
  readonly key?: { readonly name: string; readonly present: boolean };
  /** The models that are there, for a provider on this machine; absent when it has what it is asked for. */
  readonly installed?: readonly string[];
  /** Why a hook or a person left this provider out. */
  readonly skipped?: string;
}

/** All that availability depends on. Plain data, so that a window can change a fact and look at the plan under stress. */
export interface AvailabilityFacts {
  /** The time the facts hold for, in ms since 1970. */
  readonly now: number;
  /** Who calls, for caps per agent. */
  readonly agent?: string;
  readonly providers: Readonly<Record<string, ProviderFacts>>;
  /** Pauses by provider or by `provider/model`. */
  readonly cool_downs: Readonly<Record<string, CoolDown>>;
  readonly caps: readonly Cap[];
  /** What one call is thought to cost in dollars, by `provider/model`; local models cost 0. */
  readonly costs: Readonly<Record<string, number>>;
  /** What is set aside for this very call, where more is known of it than of calls in general, by `provider/model`. */
  readonly reserves?: Readonly<Record<string, number>>;
  /** Milliseconds to an answer as measured lately, by `provider/model`. */
  readonly latencies: Readonly<Record<string, number>>;
}

/** Answers for each model whether it can be used. Immutable: a call made gives a new one. */
export interface Availability {
  check(ref: ModelRef): Verdict;
  /** Dollars one call is thought to cost; undefined when no price is known. */
  cost(ref: ModelRef): number | undefined;
  /** Milliseconds to an answer; undefined when not measured yet. */
  latency(ref: ModelRef): number | undefined;
  /** What would hold after one call of this model at its expected cost. */
  afterCall(ref: ModelRef): Availability;
}

const OK: Verdict = { ok: true };

/** Every model that can be read can be used, and nothing has a price: for questions about the order alone. */
export const allAvailable: Availability = {
  check: (ref) => (ref.valid ? OK : malformed(ref)),
  cost: () => undefined,
  latency: () => undefined,
  afterCall: () => allAvailable,
};

/** Judges models by facts. Each model is judged once; the facts must not change afterwards. */
export function availabilityOf(facts: AvailabilityFacts): Availability {
  const verdicts = new Map<string, Verdict>();
  const availability: Availability = {
    check(ref) {
      const known = verdicts.get(ref.name);
      if (known !== undefined) return known;
      const verdict = judge(facts, ref);
      verdicts.set(ref.name, verdict);
      return verdict;
    },
    cost: (ref) => own(facts.costs, ref.name),
    latency: (ref) => own(facts.latencies, ref.name),
    afterCall(ref) {
      const expected = own(facts.costs, ref.name) ?? 0;
      if (!facts.caps.some((cap) => capApplies(cap, ref, facts.agent))) return availability;
      const caps = facts.caps.map((cap) =>
        capApplies(cap, ref, facts.agent)
          ? { ...cap, used: cap.used + (cap.unit === 'calls' ? 1 : expected) }
          : cap,
      );
      return availabilityOf({ ...facts, caps });
    },
  };
  return availability;
}

/** The same, with models left out that failed within this call; the value is the end of a sentence that says how. */
export function leavingOut(
  availability: Availability,
  failed: ReadonlyMap<string, string> | undefined,
): Availability {
  if (failed === undefined || failed.size === 0) return availability;
  return {
    check(ref) {
      const text = failed.get(ref.name);
      const verdict = availability.check(ref);
      if (text === undefined) return verdict;
      return verdict.ok ? no('provider_down', text) : { ...verdict, text };
    },
    cost: (ref) => availability.cost(ref),
    latency: (ref) => availability.latency(ref),
    afterCall: (ref) => leavingOut(availability.afterCall(ref), failed),
  };
}

function judge(facts: AvailabilityFacts, ref: ModelRef): Verdict {
  if (!ref.valid) return malformed(ref);
  const provider = own(facts.providers, ref.provider);
  if (provider === undefined)
    return no('unknown_provider', `there is no provider ${ref.provider} in lattice.yaml`);
  if (provider.skipped !== undefined)
    return no('skipped', `${ref.provider} is left out: ${provider.skipped}`);
  if (provider.key?.present === false) return no('missing_key', `${provider.key.name} is not set`);
  if (provider.installed !== undefined && !provider.installed.includes(ref.model)) {
    return no('not_installed', `${ref.model} is not installed in ${ref.provider}`);
  }
  return cooling(facts, ref.provider) ?? cooling(facts, ref.name) ?? capped(facts, ref) ?? OK;
}

function malformed(ref: ModelRef): Verdict {
  return no(
    'malformed',
    ref.name === '' ? 'no model is named' : `"${ref.name}" is not written as provider/model`,
  );
}

function cooling(facts: AvailabilityFacts, name: string): Verdict | undefined {
  const pause = own(facts.cool_downs, name);
  if (pause === undefined || pause.until <= facts.now) return undefined;
  const wait = duration(pause.until - facts.now);
  if (pause.cause === 'skipped')
    return no('skipped', `${name} is left out by a hook, free again in ${wait}`, pause.until);
  return pause.cause === 'rate_limit'
    ? no('rate_limited', `${name} limits its rate, free again in ${wait}`, pause.until)
    : no(
        'provider_down',
        `${name} has not answered for ${duration(facts.now - pause.since)}, tried again in ${wait}`,
        pause.until,
      );
}

function capped(facts: AvailabilityFacts, ref: ModelRef): Verdict | undefined {
  const expected = reserveOf(facts, ref.name);
  for (const cap of facts.caps) {
    if (!capApplies(cap, ref, facts.agent)) continue;
    const why = capExceeded(cap, expected);
    if (why !== undefined) {
      return no(cap.unit === 'usd' ? 'budget' : 'call_limit', why, endOfPeriod(facts.now, cap.per));
    }
  }
  return undefined;
}

/** Dollars to set aside for a call of a model; undefined when no price is known. */
export function reserveOf(facts: AvailabilityFacts, model: string): number | undefined {
  return own(facts.reserves ?? {}, model) ?? own(facts.costs, model);
}

function no(code: UnavailableCode, text: string, retryAt?: number): Verdict {
  return { ok: false, code, text, ...(retryAt === undefined ? {} : { retry_at: retryAt }) };
}

/** When a day or month of the calendar of this machine ends, in ms since 1970. */
function endOfPeriod(now: number, per: Cap['per']): number {
  const date = new Date(now);
  return per === 'day'
    ? new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime()
    : new Date(date.getFullYear(), date.getMonth() + 1, 1).getTime();
}

import type { AvailabilityFacts } from '../routing/availability.ts';

/** What a person supposes, to see the plan under stress. */
export interface Stress {
  /** Providers that are down. */
  readonly down: readonly string[];
  /** Calls until the budget of a provider ends; 0 when it has ended. */
  readonly budget: Readonly<Record<string, number>>;
  /** Providers that limit their rate. */
  readonly limited: readonly string[];
}

export const noStress: Stress = { down: [], budget: {}, limited: [] };

const MINUTE_MS = 60_000;

/** The facts with what is supposed laid over them. */
export function underStress(facts: AvailabilityFacts, stress: Stress): AvailabilityFacts {
  const down = Object.fromEntries(
    stress.down.map((name) => [name, { ...facts.providers[name], skipped: 'you suppose that it is down' }]),
  );
  const limited = Object.fromEntries(
    stress.limited.map((name) => [
      name,
      {
        cause: 'rate_limit' as const,
        since: facts.now,
        last: facts.now,
        until: facts.now + MINUTE_MS,
        strikes: 1,
      },
    ]),
  );
  const caps = Object.entries(stress.budget).map(([name, limit]) => ({
    scope: 'provider' as const,
    name,
    unit: 'calls' as const,
    per: 'day' as const,
    limit,
    used: 0,
  }));
  return {
    ...facts,
    providers: { ...facts.providers, ...down },
    cool_downs: { ...facts.cool_downs, ...limited },
    caps: [...facts.caps, ...caps],
  };
}

import { capsWithUse } from '../../src-shared/routing/cap-use.ts';
import type { Cap } from '../../src-shared/routing/caps.ts';
import type { RoutingDocument } from '../../src-shared/routing/document.ts';
import { own } from '../../src-shared/routing/own.ts';
import { noTotals, type Totals } from '../../src-shared/routing/usage.ts';
import type { OpenRouting } from './open-routing.ts';

/** What a provider may use, and what it used. */
export interface ProviderStatus {
  name: string;
  /** The variable of its key and whether it has a value; nothing when it asks for none. */
  key: { name: string; present: boolean } | undefined;
  /** The models it has, where the configuration lists them. */
  models: readonly string[] | undefined;
  /** Its limits and those of its models. */
  caps: Cap[];
  today: Totals;
  month: Totals;
  /** ms since 1970; set while it, or one of its models, limits its rate or does not answer. */
  pausedUntil: number | undefined;
}

/** Every provider of a configuration with what it used up to `now`, in ms since 1970. */
export function providerStatus(
  { store, usage }: Pick<OpenRouting, 'store' | 'usage'>,
  document: RoutingDocument,
  hasKey: (name: string) => boolean,
  now: number,
): ProviderStatus[] {
  const figures = usage.figures(now);
  const { cool_downs: pauses, reservations } = store.read();
  return document.providers.map(({ name, keyName, models, caps }) => {
    const ends = Object.entries(pauses)
      .filter(([paused, { until }]) => (paused === name || paused.startsWith(`${name}/`)) && until > now)
      .map(([, { until }]) => until);
    return {
      name,
      key: keyName === undefined ? undefined : { name: keyName, present: hasKey(keyName) },
      models,
      caps: capsWithUse(caps, figures, Object.values(reservations), now),
      today: own(figures.today.by_provider, name) ?? noTotals,
      month: own(figures.month.by_provider, name) ?? noTotals,
      pausedUntil: ends.length === 0 ? undefined : Math.max(...ends),
    };
  });
}

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { noTotals, type UsageEntry } from '../../../../src-shared/routing/usage.ts';
import type { DraftReading } from '../../../../src-shared/routing-editor/draft-reading.ts';
import type { PreviewBasis } from '../../../../src-shared/routing-editor/preview.ts';
import type { RoutingKnown, RoutingStand } from '../../../../src-shared/views/routing.ts';
import { useLivePart } from '../../../data/live.ts';
import { call } from '../../../data/queries.ts';
import { useDraft } from './draft-store.ts';
import { shareHues } from './model-hues.ts';

const noUsage = { all: noTotals, by_provider: {}, by_model: {}, by_agent: {}, by_day: {} };
const NO_STAND: RoutingStand = {
  state: { routing_state: {}, cool_downs: {}, reservations: {} },
  figures: { today: noUsage, month: noUsage },
  latencies: {},
  at: 0,
};
const NOTHING_KNOWN: RoutingKnown = { prices: {}, keys: {} };

/** Every model that the draft names, in the order of the file. */
export function modelsOfReading(reading: DraftReading | undefined): string[] {
  const { agents = [], defaults, document } = reading ?? {};
  const plans = [...agents.map(({ plan }) => plan), ...(defaults === undefined ? [] : [defaults])];
  const named = plans.flatMap((plan) => [...plan.models, ...plan.fallbackModels].map(({ name }) => name));
  const listed = (document?.providers ?? []).flatMap(({ name, models = [] }) =>
    models.map((model) => `${name}/${model}`),
  );
  return [...new Set([...named, ...listed])].filter((model) => model !== '');
}

/** What the previews of the draft are made from. */
export function useBasis(): PreviewBasis | undefined {
  const reading = useDraft((state) => state.reading);
  const stand = useLivePart('routing.stand', (state) => state.items.get('stand')) ?? NO_STAND;
  const models = useMemo(() => {
    shareHues((reading?.agents ?? []).map(({ plan }) => plan.models.map(({ name }) => name)));
    return modelsOfReading(reading).slice(0, 500);
  }, [reading]);
  const keys = useMemo(
    () =>
      (reading?.document.providers ?? []).flatMap(({ keyName }) =>
        keyName !== undefined && /^[A-Za-z_][A-Za-z0-9_]*$/.test(keyName) ? [keyName] : [],
      ),
    [reading],
  );
  const { data: known = NOTHING_KNOWN } = useQuery({
    queryKey: ['routing.lookup', models, keys],
    queryFn: () => call('routing.lookup', { models, keys }),
    placeholderData: (before) => before,
  });
  return useMemo(
    () => (reading === undefined ? undefined : { document: reading.document, stand, known }),
    [reading, stand, known],
  );
}

const RECENT_CALLS = 2_000;
const WEEK_MS = 7 * 86_400_000;

/** The calls of an agent in the last seven days, by model. */
export function useRecentShares(agent: string | undefined): {
  calls: number;
  models: ReadonlyMap<string, number>;
} {
  const { data } = useQuery({
    queryKey: ['routing.history', RECENT_CALLS],
    queryFn: () => call('routing.history', { limit: RECENT_CALLS }),
    staleTime: 30_000,
  });
  return useMemo(() => sharesOf(data?.calls ?? [], agent), [data, agent]);
}

function sharesOf(calls: readonly UsageEntry[], agent: string | undefined) {
  const since = Date.now() - WEEK_MS;
  const models = new Map<string, number>();
  let count = 0;
  for (const entry of calls) {
    if (entry.agent !== agent || Date.parse(entry.time) < since) continue;
    count++;
    models.set(entry.model, (models.get(entry.model) ?? 0) + 1);
  }
  return { calls: count, models };
}

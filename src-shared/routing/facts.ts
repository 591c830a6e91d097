import type { AvailabilityFacts, ProviderFacts } from './availability.ts';
import { capsWithUse, type ReservedCall } from './cap-use.ts';
import type { CoolDown } from './cool-down.ts';
import type { AgentRouting, ProviderRouting, RoutingDocument } from './document.ts';
import type { ModelRef } from './model-ref.ts';
import { own } from './own.ts';
import type { PriceTable, TokenCounts } from './price-table.ts';
import { noTotals, type Totals, type UsageFigures } from './usage.ts';

/** What the facts of a decision are gathered from. */
export interface FactSources {
  document: RoutingDocument;
  state: {
    readonly cool_downs: Readonly<Record<string, CoolDown>>;
    readonly reservations: Readonly<Record<string, ReservedCall>>;
  };
  figures: UsageFigures;
  latencies: Readonly<Record<string, number>>;
  prices: PriceTable;
  /** Whether the key of a provider is there, by the name of its variable. */
  hasKey: (name: string) => boolean;
  /** The models a local provider says it has; undefined when it was not asked. */
  installedModels: (provider: string) => readonly string[] | undefined;
  /** Providers that a hook or a person left out, with the reason. */
  skipped: ReadonlyMap<string, string>;
  /** What one call will use at least, where facts are for a call and not for a look. */
  expected?: TokenCounts | undefined;
  /** ms since 1970 */
  now: number;
}

/** Gathers all that a decision for one agent depends on. */
export function gatherFacts(agent: AgentRouting, sources: FactSources): AvailabilityFacts {
  const { document, state, figures, now } = sources;
  const models = [...agent.plan.models, ...agent.plan.fallbackModels];
  const limits = [...document.providers.flatMap((provider) => provider.caps), ...agent.caps];
  return {
    now,
    agent: agent.name,
    providers: Object.fromEntries(
      document.providers.map((provider) => [provider.name, providerFacts(provider, sources)]),
    ),
    cool_downs: state.cool_downs,
    caps: capsWithUse(limits, figures, Object.values(state.reservations), now),
    costs: expectedCosts(agent.name, models, sources),
    ...(sources.expected === undefined
      ? {}
      : { reserves: reserves(agent.name, models, sources.expected, sources) }),
    latencies: sources.latencies,
  };
}

function providerFacts(provider: ProviderRouting, sources: FactSources): ProviderFacts {
  const { name, keyName } = provider;
  const installed = provider.local ? installedOf(provider, sources.installedModels(name)) : undefined;
  const skipped = sources.skipped.get(name);
  return {
    ...(keyName === undefined ? {} : { key: { name: keyName, present: sources.hasKey(keyName) } }),
    ...(installed === undefined ? {} : { installed }),
    ...(skipped === undefined ? {} : { skipped }),
  };
}

/** A model of a local provider has to be on the machine, and in the list where the configuration has one. */
function installedOf(
  provider: ProviderRouting,
  found: readonly string[] | undefined,
): readonly string[] | undefined {
  if (found === undefined || provider.models === undefined) return found ?? provider.models;
  return provider.models.filter((model) => found.includes(model));
}

const UNKNOWN_CALL: TokenCounts = { input_tokens: 6_000, output_tokens: 800 };

function expectedCosts(
  agent: string,
  models: readonly ModelRef[],
  sources: FactSources,
): Record<string, number> {
  const tokens = meanTokens(sources.figures.month.by_agent, agent) ?? UNKNOWN_CALL;
  return pricesOf(models, () => tokens, sources);
}

/** What is set aside: the largest of the mean call of the agent, that of the model, and what the request shows. */
function reserves(
  agent: string,
  models: readonly ModelRef[],
  expected: TokenCounts,
  sources: FactSources,
): Record<string, number> {
  const { by_agent, by_model } = sources.figures.month;
  const ofAgent = meanTokens(by_agent, agent) ?? UNKNOWN_CALL;
  const largest = (ref: ModelRef) => {
    const counts = [ofAgent, meanTokens(by_model, ref.name) ?? UNKNOWN_CALL, expected];
    return {
      input_tokens: rounded(Math.max(...counts.map((each) => each.input_tokens))),
      output_tokens: rounded(Math.max(...counts.map((each) => each.output_tokens))),
    };
  };
  return pricesOf(models, largest, sources);
}

function pricesOf(
  models: readonly ModelRef[],
  tokens: (ref: ModelRef) => TokenCounts,
  { prices, now }: FactSources,
): Record<string, number> {
  return Object.fromEntries(
    models.flatMap((ref) => {
      const usd = prices.price(ref.name, tokens(ref), now);
      return usd === undefined ? [] : [[ref.name, usd]];
    }),
  );
}

/** The mean answered call of this month, rounded so that equal guesses have equal prices; undefined before the first. */
function meanTokens(by: Readonly<Record<string, Totals>>, name: string): TokenCounts | undefined {
  const totals = own(by, name) ?? noTotals;
  const answered = totals.calls - totals.failed - totals.rate_limited;
  if (answered <= 0 || totals.input_tokens + totals.output_tokens === 0) return undefined;
  return {
    input_tokens: rounded(totals.input_tokens / answered),
    output_tokens: rounded(totals.output_tokens / answered),
  };
}

function rounded(tokens: number): number {
  return Math.round(Number(tokens.toPrecision(2)));
}

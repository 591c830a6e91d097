import { type CoolDownCause, coolDownAfter } from '../../src-shared/routing/cool-down.ts';
import type { ChosenDecision } from '../../src-shared/routing/decision.ts';
import type { AgentRouting } from '../../src-shared/routing/document.ts';
import { own } from '../../src-shared/routing/own.ts';
import type { PriceTable, TokenCounts } from '../../src-shared/routing/price-table.ts';
import { type AgentRoutingState, giveBack } from '../../src-shared/routing/state.ts';
import { dayOf, noTotals, type UsageEntry } from '../../src-shared/routing/usage.ts';
import { release } from './budget.ts';
import type { StateFile } from './state-file.ts';
import type { StateStore } from './state-store.ts';
import type { UsageLog } from './usage-log.ts';

/** What a call used. What the provider reported wins; what is missing is taken from the price table and marked. */
export interface CallUse extends TokenCounts {
  /** True when the tokens were counted by us. */
  readonly estimated?: boolean;
  /** Dollars as the provider reported them. */
  readonly usd?: number;
  readonly outcome?: 'ok' | 'cancelled';
}

/** How a call failed. */
export interface CallFailure {
  /** `error` is a failure of this request alone, which does not pause anything. */
  readonly cause: CoolDownCause | 'error';
  /** What the provider asked for, in ms. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the whole provider is paused or only the model, which is the default. */
  readonly scope?: 'model' | 'provider';
  /** What it used before it failed. */
  readonly use?: Omit<CallUse, 'outcome'>;
  /** The call goes on with another model, so its slot is given back under every `on_unavailable`. */
  readonly goesOn?: boolean;
}

export interface RoutedCallOptions {
  store: StateStore;
  usage: UsageLog;
  prices: PriceTable;
  id: string;
  agent: AgentRouting;
  decision: ChosenDecision;
  /** Where the agent's routing stood before. */
  before: AgentRoutingState;
  session: string | undefined;
  /** ms since 1970 */
  now: () => number;
}

/** A model call under way. Ends once: with {@link settle}, {@link fail} or {@link drop}; what comes later is ignored. */
export class RoutedCall {
  readonly #options: RoutedCallOptions;
  readonly #startedAt: number;
  #ended = false;

  constructor(options: RoutedCallOptions) {
    this.#options = options;
    this.#startedAt = options.now();
  }

  get id(): string {
    return this.#options.id;
  }

  /**
   * Counts what the call used and gives its reservation back; gives what was counted, nothing when it had ended before.
   * @throws what the log and the store throw.
   */
  async settle(use: CallUse): Promise<UsageEntry | undefined> {
    if (this.#ended) return undefined;
    this.#ended = true;
    const outcome = use.outcome ?? 'ok';
    const entry = this.#entry(outcome, use);
    await this.#options.usage.append(entry);
    await this.#finish((state) => (outcome === 'ok' ? this.#withoutPauses(state) : state));
    return entry;
  }

  /**
   * Counts a failure, pauses what failed, and with `on_unavailable: retry` gives the slot back; gives what was counted.
   * @throws what the log and the store throw.
   */
  async fail(failure: CallFailure): Promise<UsageEntry | undefined> {
    if (this.#ended) return undefined;
    this.#ended = true;
    const { agent, decision, before, usage, now } = this.#options;
    const outcome = failure.cause === 'rate_limit' ? 'rate_limited' : 'failed';
    const entry = this.#entry(outcome, failure.use ?? { input_tokens: 0, output_tokens: 0 });
    await usage.append(entry);
    await this.#finish((state) => {
      const paused =
        failure.cause === 'error'
          ? state
          : this.#withPause(state, { ...failure, cause: failure.cause }, now());
      const current = own(paused.routing_state, agent.name);
      const goesBack = agent.plan.onUnavailable === 'retry' || failure.goesOn === true;
      if (!goesBack || current === undefined) return paused;
      const restored = giveBack(current, before, decision.state);
      return { ...paused, routing_state: { ...paused.routing_state, [agent.name]: restored } };
    });
    return entry;
  }

  /** Ends a call that was routed and never made: its reservation is free again and nothing is counted. */
  async drop(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const { store, id } = this.#options;
    await store.update((state) => ({ state: release(state, id), result: undefined }));
  }

  async #finish(change: (state: StateFile) => StateFile): Promise<void> {
    const { store, id } = this.#options;
    await store.update((state) => ({
      state: this.#withProviderUsage(change(release(state, id))),
      result: undefined,
    }));
  }

  #entry(outcome: UsageEntry['outcome'], use: CallUse): UsageEntry {
    const { id, agent, decision, prices, session, now } = this.#options;
    const at = now();
    const priced = use.usd ?? prices.price(decision.model, use, at);
    return {
      id,
      time: new Date(at).toISOString(),
      agent: agent.name,
      provider: decision.provider,
      model: decision.model,
      outcome,
      input_tokens: use.input_tokens,
      output_tokens: use.output_tokens,
      ...(use.cache_read_tokens === undefined ? {} : { cache_read_tokens: use.cache_read_tokens }),
      ...(use.cache_write_tokens === undefined ? {} : { cache_write_tokens: use.cache_write_tokens }),
      ...(use.estimated ? { tokens_estimated: true } : {}),
      ...(priced === undefined ? {} : { usd: priced }),
      ...(priced !== undefined && use.usd === undefined && priced > 0 ? { usd_estimated: true } : {}),
      latency_ms: Math.max(0, at - this.#startedAt),
      ...(session === undefined ? {} : { session: session.slice(0, 256) }),
    };
  }

  #withPause(state: StateFile, failure: CallFailure & { cause: CoolDownCause }, now: number): StateFile {
    const { decision } = this.#options;
    const name = failure.scope === 'provider' ? decision.provider : decision.model;
    const pause = coolDownAfter(own(state.cool_downs, name), {
      cause: failure.cause,
      now,
      startedAt: this.#startedAt,
      retryAfterMs: failure.retryAfterMs,
    });
    return { ...state, cool_downs: { ...state.cool_downs, [name]: pause } };
  }

  /** An answer ends a row of failures, but not of failures that were seen after the call began. */
  #withoutPauses(state: StateFile): StateFile {
    const { model, provider } = this.#options.decision;
    const kept = Object.entries(state.cool_downs).filter(
      ([name, pause]) => (name !== model && name !== provider) || pause.last > this.#startedAt,
    );
    if (kept.length === Object.keys(state.cool_downs).length) return state;
    return { ...state, cool_downs: Object.fromEntries(kept) };
  }

  /** The summary is taken from the log each time, so a crash between the two cannot leave it wrong for long. */
  #withProviderUsage(state: StateFile): StateFile {
    const { usage, decision, now } = this.#options;
    const at = now();
    const { today, month } = usage.figures(at);
    const of = (totals: typeof today) => own(totals.by_provider, decision.provider) ?? noTotals;
    const summary = {
      ...own(state.provider_usage, decision.provider),
      day: dayOf(at),
      calls_today: of(today).calls,
      estimated_tokens: of(today).input_tokens + of(today).output_tokens,
      estimated_spend: Number(Math.max(0, of(month).usd).toFixed(6)),
    };
    return { ...state, provider_usage: { ...state.provider_usage, [decision.provider]: summary } };
  }
}

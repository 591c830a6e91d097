import { Emitter } from '../../src-shared/emitter.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import {
  type AvailabilityFacts,
  availabilityOf,
  leavingOut,
  reserveOf,
} from '../../src-shared/routing/availability.ts';
import { capKey, capPeriod } from '../../src-shared/routing/caps.ts';
import { decide, type RouteRequest } from '../../src-shared/routing/decide.ts';
import type { ChosenDecision, Decision, NoDecision } from '../../src-shared/routing/decision.ts';
import type { AgentRouting, RoutingDocument } from '../../src-shared/routing/document.ts';
import { gatherFacts } from '../../src-shared/routing/facts.ts';
import { own } from '../../src-shared/routing/own.ts';
import { configuredPrices, type PriceTable, type TokenCounts } from '../../src-shared/routing/price-table.ts';
import type { Random } from '../../src-shared/routing/random.ts';
import { simulate } from '../../src-shared/routing/simulate.ts';
import { type AgentRoutingState, initialState } from '../../src-shared/routing/state.ts';
import { dayOf } from '../../src-shared/routing/usage.ts';
import { newId } from '../work/ids.ts';
import { type BudgetExceeded, capsInTheWay, countStops, reserve } from './budget.ts';
import { RoutedCall } from './routed-call.ts';
import type { StateFile } from './state-file.ts';
import type { StateStore } from './state-store.ts';
import type { UsageLog } from './usage-log.ts';

export interface ModelRouterOptions {
  /** What lattice.yaml says now; a new document holds from the next call on. */
  document: () => RoutingDocument;
  store: StateStore;
  usage: UsageLog;
  prices: PriceTable;
  /** Whether the key of a provider is there, by the name of its variable. */
  hasKey: (name: string) => boolean;
  /** The models a local provider says it has; undefined when it was not asked. */
  installedModels?: (provider: string) => readonly string[] | undefined;
  random?: Random;
  /** ms since 1970 */
  now?: () => number;
}

/** A call that has its model, or the reason why it has none. */
export type Routed =
  | { readonly decision: ChosenDecision; readonly call: RoutedCall }
  | { readonly decision: NoDecision; readonly call?: never };

/** What is known of one call beside its request. */
export interface CallFacts {
  /** Models that failed within this call already, with the end of a sentence that says how; they are passed over. */
  readonly failed?: ReadonlyMap<string, string>;
  /** What it will use at least; the mean call of the agent or the model is set aside where that is more. */
  readonly expected?: TokenCounts;
}

interface Decided {
  readonly decision: Decision;
  /** The caps that were in its way. */
  readonly stops: readonly BudgetExceeded[];
  /** Where the agent's routing stood before. */
  readonly before: AgentRoutingState;
}

/** Where the routing of one agent stands. */
export interface AgentPosition {
  readonly agent: AgentRouting;
  readonly state: AgentRoutingState;
  readonly next: Decision;
  readonly callsToday: number;
}

/** Money for a call that nobody settles is free again after this time. */
const RESERVATION_MS = 15 * 60_000;

/** Chooses models for calls: decides, sets money aside, counts what was used and pauses what fails. */
export class ModelRouter {
  readonly #options: ModelRouterOptions;
  readonly #skipped = new Map<string, string>();
  readonly #told = new Set<string>();
  #pricesOf: { document: RoutingDocument; prices: PriceTable } | undefined;
  /** Fires once per cap and period, when the cap first keeps a call from a model. */
  readonly budgetExceeded = new Emitter<BudgetExceeded>();

  constructor(options: ModelRouterOptions) {
    this.#options = options;
  }

  /**
   * Decides the model of a call and sets its expected cost aside. Settle or fail the call when it ended.
   * @throws LatticeError `not_found` for an agent without routing, and what the store throws.
   */
  async route(agentName: string, request?: RouteRequest, known: CallFacts = {}): Promise<Routed> {
    const agent = this.#agent(agentName);
    const id = newId();
    // A call that goes on after a failure was counted when it began.
    const goesOn = known.failed !== undefined && known.failed.size > 0;
    const decided = await this.#options.store.update<Decided>((current) => {
      const now = this.#now();
      const facts = this.#facts(agent, current, now, known.expected);
      const before = stateOf(current, agent);
      const availability = leavingOut(availabilityOf(facts), known.failed);
      const decision = decide(agent.plan, before, availability, this.#random(), request);
      const stops = capsInTheWay(agent.name, decision, facts);
      const state = goesOn ? current : countStops(current, stops, now);
      const result = { decision, stops, before };
      if (decision.outcome !== 'chosen') return { state, result };
      const { model, provider } = decision;
      const usd = reserveOf(facts, model) ?? 0;
      const reserved = reserve(
        state,
        id,
        { agent: agent.name, provider, model, usd, until: now + RESERVATION_MS },
        now,
      );
      const next = { ...reserved, routing_state: { ...state.routing_state, [agent.name]: decision.state } };
      return { state: next, result };
    });
    const { decision, stops, before } = decided;
    this.#tellExceeded(stops);
    if (decision.outcome !== 'chosen') return { decision };
    const call = new RoutedCall({
      ...this.#options,
      prices: this.#prices(),
      id,
      agent,
      decision,
      before,
      session: request?.session,
      now: () => this.#now(),
    });
    return { decision, call };
  }

  /** The next `count` decisions of an agent as they would go now; nothing changes. */
  preview(agentName: string, count: number, request?: RouteRequest): Decision[] {
    const agent = this.#agent(agentName);
    const state = this.#options.store.read();
    const availability = availabilityOf(this.#facts(agent, state, this.#now()));
    return simulate(agent.plan, stateOf(state, agent), availability, count, this.#random(), request);
  }

  /** All that the decisions of an agent depend on now: a window changes single facts and looks at the plan under stress. */
  facts(agentName: string): AvailabilityFacts {
    return this.#facts(this.#agent(agentName), this.#options.store.read(), this.#now());
  }

  /** Where the routing of every agent stands. */
  positions(): AgentPosition[] {
    const state = this.#options.store.read();
    const now = this.#now();
    const { by_agent } = this.#options.usage.figures(now).today;
    return this.#options.document().agents.map((agent) => {
      const current = stateOf(state, agent);
      const next = decide(
        agent.plan,
        current,
        availabilityOf(this.#facts(agent, state, now)),
        this.#random(),
      );
      return { agent, state: current, next, callsToday: own(by_agent, agent.name)?.calls ?? 0 };
    });
  }

  /** Budgets that cannot hold what they promise, as calls of this month have no known price; in words. */
  blindBudgets(): string[] {
    const { month } = this.#options.usage.figures(this.#now());
    return this.#options.document().providers.flatMap(({ name, caps }) => {
      const unpriced = own(month.by_provider, name)?.unpriced ?? 0;
      if (unpriced === 0 || !caps.some((cap) => cap.unit === 'usd')) return [];
      const which = unpriced === 1 ? 'One call' : `${unpriced} calls`;
      return [
        `${which} of ${name} this month had no known price and cannot count against its budget. Set prices: there.`,
      ];
    });
  }

  /**
   * Puts one agent, or all of them, back to the first position; gives the names. Usage and pauses stay.
   * @throws LatticeError `not_found` for an agent that neither the document nor the state knows.
   */
  async reset(agentName?: string): Promise<string[]> {
    return this.#options.store.update((state) => {
      if (agentName !== undefined && own(state.routing_state, agentName) === undefined) {
        return { state, result: [this.#agent(agentName).name] };
      }
      const names = agentName === undefined ? Object.keys(state.routing_state) : [agentName];
      const kept = Object.entries(state.routing_state).filter(([name]) => !names.includes(name));
      return { state: { ...state, routing_state: Object.fromEntries(kept) }, result: names };
    });
  }

  /** Leaves a provider out until this process ends: what the hook action `route.skip_provider` does. */
  skipProvider(provider: string, reason: string): void {
    this.#skipped.set(provider, reason);
  }

  /** Leaves a provider out for `ms`, in every process of this user. @throws what the store throws. */
  async pauseProvider(provider: string, ms: number): Promise<void> {
    const now = this.#now();
    const pause = { cause: 'skipped', since: now, last: now, until: now + ms, strikes: 1 } as const;
    await this.#options.store.update((state) => ({
      state: { ...state, cool_downs: { ...state.cool_downs, [provider]: pause } },
      result: undefined,
    }));
  }

  #agent(name: string): AgentRouting {
    const { agents } = this.#options.document();
    const agent = agents.find((each) => each.name === name);
    if (agent !== undefined) return agent;
    throw new LatticeError('not_found', `No agent ${name} with routing is in lattice.yaml.`, {
      hint:
        agents.length === 0
          ? 'There is none at all.'
          : `There are ${agents.map((each) => each.name).join(', ')}.`,
    });
  }

  #facts(agent: AgentRouting, state: StateFile, now: number, expected?: TokenCounts): AvailabilityFacts {
    const { usage, document, hasKey, installedModels = () => undefined } = this.#options;
    return gatherFacts(agent, {
      document: document(),
      state,
      figures: usage.figures(now),
      latencies: usage.latencies(now),
      prices: this.#prices(),
      hasKey,
      installedModels,
      skipped: this.#skipped,
      expected,
      now,
    });
  }

  #prices(): PriceTable {
    const document = this.#options.document();
    if (this.#pricesOf?.document !== document) {
      this.#pricesOf = { document, prices: configuredPrices(this.#options.prices, document.providers) };
    }
    return this.#pricesOf.prices;
  }

  #tellExceeded(stops: readonly BudgetExceeded[]): void {
    for (const stop of stops) {
      const key = `${capKey(stop.cap)} ${capPeriod(stop.cap.per, dayOf(this.#now()))}`;
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      this.budgetExceeded.emit(stop);
    }
  }

  #random(): Random {
    return this.#options.random ?? Math.random;
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

function stateOf(state: StateFile, agent: AgentRouting): AgentRoutingState {
  return own(state.routing_state, agent.name) ?? initialState(agent.plan.strategy);
}

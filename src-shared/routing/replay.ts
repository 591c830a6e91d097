import { type Availability, allAvailable } from './availability.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { modelRef } from './model-ref.ts';
import type { RoutingPlan } from './plan.ts';
import type { Random } from './random.ts';
import { type AgentRoutingState, initialState } from './state.ts';
import type { UsageEntry } from './usage.ts';

/** What a call of the past did and what other routing would have done with it. */
export interface ReplayedCall {
  readonly entry: UsageEntry;
  /** Absent where the routing has no plan for the agent. */
  readonly decision?: Decision;
  /** What it would have cost in dollars; absent when no price is known. */
  readonly usd?: number;
}

/** A replay of history: each call and the sums. Calls without a price count 0 on their side and are listed. */
export interface Replay {
  readonly calls: readonly ReplayedCall[];
  readonly was: {
    readonly usd: number;
    readonly unpriced: number;
    readonly models: Readonly<Record<string, number>>;
  };
  readonly would: {
    readonly usd: number;
    readonly unpriced: number;
    /** Calls that no model would have taken. */
    readonly refused: number;
    readonly models: Readonly<Record<string, number>>;
  };
}

/** What a replay needs beside history and plans. */
export interface ReplayOptions {
  random: Random;
  /** Which models can be used; all of them by default. */
  availability?: Availability;
  /** Dollars for the tokens of a call on another model; undefined when no price is known. */
  price?: (model: string, entry: UsageEntry) => number | undefined;
}

/** Runs calls of the past, in their order and from the first position, through other routing. */
export function replay(
  history: Iterable<UsageEntry>,
  planOf: (agent: string) => RoutingPlan | undefined,
  options: ReplayOptions,
): Replay {
  const replayer = new Replayer(planOf, options);
  const calls = Array.from(history, (entry) => replayer.add(entry));
  return { calls, ...replayer.sums() };
}

/** A replay that takes one call at a time, for histories that are too long for one go. */
export class Replayer {
  readonly #planOf: (agent: string) => RoutingPlan | undefined;
  readonly #options: ReplayOptions;
  readonly #availability: Availability;
  readonly #states = new Map<string, AgentRoutingState>();
  readonly #was = { usd: 0, unpriced: 0, models: new Map<string, number>() };
  readonly #would = { usd: 0, unpriced: 0, refused: 0, models: new Map<string, number>() };

  constructor(planOf: (agent: string) => RoutingPlan | undefined, options: ReplayOptions) {
    this.#planOf = planOf;
    this.#options = options;
    this.#availability = options.availability ?? allAvailable;
  }

  /** Routes the next call of the past. */
  add(entry: UsageEntry): ReplayedCall {
    count(this.#was, entry.model, entry.usd);
    const plan = this.#planOf(entry.agent);
    if (plan === undefined) return { entry };
    const state = this.#states.get(entry.agent) ?? initialState(plan.strategy);
    const { random } = this.#options;
    const decision = decide(plan, state, this.#availability, random, { session: entry.session });
    this.#states.set(entry.agent, decision.state);
    if (decision.outcome !== 'chosen') {
      this.#would.refused++;
      return { entry, decision };
    }
    const usd = priceOf(decision.model, entry, this.#availability, this.#options);
    count(this.#would, decision.model, usd);
    return { entry, decision, ...(usd === undefined ? undefined : { usd }) };
  }

  /** The sums of the calls so far. */
  sums(): Pick<Replay, 'was' | 'would'> {
    return {
      was: { ...this.#was, models: Object.fromEntries(this.#was.models) },
      would: { ...this.#would, models: Object.fromEntries(this.#would.models) },
    };
  }
}

function priceOf(
  model: string,
  entry: UsageEntry,
  availability: Availability,
  options: ReplayOptions,
): number | undefined {
  if (model === entry.model && entry.usd !== undefined) return entry.usd;
  return options.price === undefined ? availability.cost(modelRef(model)) : options.price(model, entry);
}

function count(
  side: { usd: number; unpriced: number; models: Map<string, number> },
  model: string,
  usd: number | undefined,
): void {
  side.models.set(model, (side.models.get(model) ?? 0) + 1);
  if (usd === undefined) side.unpriced++;
  else side.usd += usd;
}

import type { RoutingDocument } from '../routing/document.ts';
import { seededRandom } from '../routing/random.ts';
import { type ReplayedCall, Replayer } from '../routing/replay.ts';
import type { UsageEntry } from '../routing/usage.ts';
import type { RoutingKnown } from '../views/routing.ts';
import { draftPrices } from './preview.ts';

/** One side of a replay: what happened, or what would have. */
export interface ReplaySide {
  readonly usd: number;
  readonly unpriced: number;
  /** Calls by model, the most first. */
  readonly models: readonly { readonly model: string; readonly calls: number }[];
}

/** A call that would have gone to another model. */
export interface MovedCall {
  readonly time: string;
  readonly agent: string;
  readonly was: string;
  /** Nothing when no model would have taken it. */
  readonly would: string | undefined;
  readonly wasUsd: number | undefined;
  readonly wouldUsd: number | undefined;
}

export interface ReplayReport {
  readonly calls: number;
  /** Calls of agents that have no routing in the draft. */
  readonly left: number;
  readonly moved: number;
  readonly refused: number;
  readonly was: ReplaySide;
  readonly would: ReplaySide;
  /** The newest calls that would have gone elsewhere. */
  readonly examples: readonly MovedCall[];
}

const EXAMPLES = 200;
const CHUNK = 5_000;

/**
 * Runs real calls through the routing of a draft, from the first position on and with every model at hand. Yields the share
 * done after each 5,000 calls, so that the caller can stop or let others work.
 */
export function* replayDraft(
  calls: readonly UsageEntry[],
  document: RoutingDocument,
  known: Pick<RoutingKnown, 'prices'>,
): Generator<number, ReplayReport> {
  const plans = new Map(document.agents.map(({ name, plan }) => [name, plan]));
  const prices = draftPrices(document, known);
  const replayer = new Replayer((agent) => plans.get(agent), {
    random: seededRandom(1),
    price: (model, entry) => prices.price(model, entry, 0),
  });
  const examples: MovedCall[] = [];
  let moved = 0;
  let left = 0;
  for (const [index, entry] of calls.entries()) {
    if (index > 0 && index % CHUNK === 0) yield index / calls.length;
    const call = replayer.add(entry);
    if (call.decision === undefined) left++;
    else if (call.decision.outcome !== 'chosen' || call.decision.model !== entry.model) {
      moved++;
      examples.push(movedCall(call));
      if (examples.length > EXAMPLES * 2) examples.splice(0, EXAMPLES);
    }
  }
  const { was, would } = replayer.sums();
  return {
    calls: calls.length,
    left,
    moved,
    refused: would.refused,
    was: side(was),
    would: side(would),
    examples: examples.slice(-EXAMPLES).reverse(),
  };
}

function movedCall({ entry, decision, usd }: ReplayedCall): MovedCall {
  return {
    time: entry.time,
    agent: entry.agent,
    was: entry.model,
    would: decision?.outcome === 'chosen' ? decision.model : undefined,
    wasUsd: entry.usd,
    wouldUsd: usd,
  };
}

function side(sums: { usd: number; unpriced: number; models: Readonly<Record<string, number>> }): ReplaySide {
  const models = Object.entries(sums.models).map(([model, calls]) => ({ model, calls }));
  return { usd: sums.usd, unpriced: sums.unpriced, models: models.sort((a, b) => b.calls - a.calls) };
}

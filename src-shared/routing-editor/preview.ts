import { type AvailabilityFacts, availabilityOf, type UnavailableCode } from '../routing/availability.ts';
import type { Decision, Position } from '../routing/decision.ts';
import type { AgentRouting, ModelPrice, RoutingDocument } from '../routing/document.ts';
import { gatherFacts } from '../routing/facts.ts';
import { modelRef } from '../routing/model-ref.ts';
import { own } from '../routing/own.ts';
import { configuredPrices, type PriceTable, priceOfTokens } from '../routing/price-table.ts';
import { seededRandom } from '../routing/random.ts';
import { simulate } from '../routing/simulate.ts';
import { type AgentRoutingState, initialState } from '../routing/state.ts';
import type { RoutingKnown, RoutingStand } from '../views/routing.ts';
import { providerOf } from './model-words.ts';
import { noStress, type Stress, underStress } from './stress.ts';

/** All that the next calls of a draft depend on. */
export interface PreviewBasis {
  readonly document: RoutingDocument;
  readonly stand: RoutingStand;
  readonly known: RoutingKnown;
}

/** One call to come. */
export interface NextCall {
  /** From 1. */
  readonly number: number;
  /** Nothing when no model takes it. */
  readonly model: string | undefined;
  /** Where in the strategy it stands, or why it goes elsewhere. */
  readonly reason: string;
  /** Whether it goes elsewhere than the strategy alone would say. */
  readonly diverted: boolean;
  readonly usd: number | undefined;
  readonly decision: Decision;
}

export interface Preview {
  readonly calls: readonly NextCall[];
  /** Dollars of the calls that have a price. */
  readonly usd: number;
  readonly unpriced: number;
  /** The slot of the next call, from 0, where the strategy has slots. */
  readonly nextSlot: number | undefined;
}

/** What an agent's next decision depends on, as the draft has it. */
export function draftFacts(basis: PreviewBasis, agent: AgentRouting): AvailabilityFacts {
  const { document, stand, known } = basis;
  return gatherFacts(agent, {
    document,
    state: stand.state,
    figures: stand.figures,
    latencies: stand.latencies,
    prices: draftPrices(document, known),
    hasKey: (name) => own(known.keys, name) ?? true,
    installedModels: () => undefined,
    skipped: new Map(),
    now: stand.at,
  });
}

/** Prices as the draft sets them, over those of the price table. */
export function draftPrices(document: RoutingDocument, known: Pick<RoutingKnown, 'prices'>): PriceTable {
  const table: PriceTable = {
    price(model, tokens) {
      const price = own(known.prices, model) as ModelPrice | undefined;
      return price === undefined ? undefined : priceOfTokens(price, tokens);
    },
  };
  return configuredPrices(table, document.providers);
}

/** Where an agent's routing stands; the start for one that never called. */
export function standOf(stand: RoutingStand, agent: AgentRouting): AgentRoutingState {
  const state = own(stand.state.routing_state, agent.name) as AgentRoutingState | undefined;
  return state ?? initialState(agent.plan.strategy);
}

/** The next `count` calls of an agent as the draft would route them, under what is supposed. */
export function nextCalls(
  basis: PreviewBasis,
  agent: AgentRouting,
  options: { count?: number; stress?: Stress; seed?: number } = {},
): Preview {
  const { count = 20, stress = noStress, seed = 1 } = options;
  const facts = underStress(draftFacts(basis, agent), stress);
  const decisions = simulate(
    agent.plan,
    standOf(basis.stand, agent),
    availabilityOf(facts),
    count,
    seededRandom(seed),
  );
  const calls = decisions.map((decision, index) => nextCall(decision, index + 1));
  return {
    calls,
    usd: calls.reduce((sum, { usd = 0 }) => sum + usd, 0),
    unpriced: calls.filter(({ model, usd }) => model !== undefined && usd === undefined).length,
    nextSlot: nextSlot(agent, basis.stand),
  };
}

function nextSlot(agent: AgentRouting, stand: RoutingStand): number | undefined {
  const { plan } = agent;
  if (plan.strategy !== 'pattern' && plan.strategy !== 'round_robin') return undefined;
  const { pattern_index: pattern = 0, round_robin_index: turn = 0 } = standOf(stand, agent);
  return plan.slots.length === 0
    ? undefined
    : (plan.strategy === 'pattern' ? pattern : turn) % plan.slots.length;
}

function nextCall(decision: Decision, number: number): NextCall {
  const lost = decision.candidates.find(({ outcome }) => outcome === 'unavailable');
  if (decision.outcome !== 'chosen') {
    const words = lost === undefined ? decision.why : `${shortReason(lost.code)}: ${lost.model}`;
    const reason = decision.outcome === 'wait' ? `Waits, ${words}` : words;
    return { number, model: undefined, reason, diverted: true, usd: undefined, decision };
  }
  const diverted = lost !== undefined;
  return {
    number,
    model: decision.model,
    reason: diverted
      ? divertedReason(decision.skipped, decision.position, lost)
      : positionName(decision.position),
    diverted,
    usd: decision.expected_usd,
    decision,
  };
}

function divertedReason(
  skipped: readonly number[],
  position: Position,
  lost: { model: string; code?: UnavailableCode },
): string {
  const why = shortReason(lost.code);
  if (skipped.length > 0) return `${skipped.length > 1 ? 'Slots' : 'Slot'} ${skipped.join(', ')} ${why}`;
  if (position.kind === 'stand_in') return `Stands in, ${providerOf(lost.model)} ${why}`;
  return `${providerOf(lost.model) || lost.model} ${why}`;
}

function shortReason(code: UnavailableCode | undefined): string {
  switch (code) {
    case 'budget':
    case 'call_limit':
      return 'out of budget';
    case 'rate_limited':
      return 'limits its rate';
    case 'missing_key':
      return 'has no key';
    case 'not_installed':
      return 'not installed';
    case 'unknown_provider':
      return 'not known';
    case 'malformed':
      return 'has no provider';
    case 'skipped':
    case 'provider_down':
    case undefined:
      return 'down';
    default:
      return code satisfies never;
  }
}

function positionName(position: Position): string {
  switch (position.kind) {
    case 'slot':
      return `Slot ${position.slot}`;
    case 'place':
      return position.place === 1 ? 'First choice' : `Choice ${position.place}`;
    case 'share':
      return `Weight ${position.weight} of ${position.of}`;
    case 'iterate':
      return position.of === undefined
        ? `Iterate ${position.call}`
        : `Iterate ${position.call} of ${position.of}`;
    case 'final':
      return 'Final';
    case 'stand_in':
      return 'Stands in';
    case 'session':
      return 'Kept by its session';
    default:
      return position satisfies never;
  }
}

/** What the slots of a row hold while one provider is out: the model that takes the call, and whether it is another. */
export function slotsWithout(
  basis: PreviewBasis,
  agent: AgentRouting,
  provider: string,
): { model: string | undefined; replaced: boolean }[] {
  const { plan } = agent;
  if (plan.strategy !== 'pattern' && plan.strategy !== 'round_robin') return [];
  const facts = underStress(draftFacts(basis, agent), { ...noStress, down: [provider] });
  const availability = availabilityOf(facts);
  return plan.slots.map((slot, index) => {
    const key = plan.strategy === 'pattern' ? 'pattern_index' : 'round_robin_index';
    const state = { ...initialState(plan.strategy), [key]: index };
    const [decision] = simulate(plan, state, availability, 1, seededRandom(1));
    const model = decision?.outcome === 'chosen' ? modelRef(decision.model).name : undefined;
    return { model, replaced: model !== slot.name };
  });
}

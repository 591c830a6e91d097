import type { Availability } from './availability.ts';
import { pickBurst } from './burst.ts';
import type { Affinity, Candidate, Decision, Position } from './decision.ts';
import type { ModelRef } from './model-ref.ts';
import { own } from './own.ts';
import { candidate, type Pick, unavailable } from './pick.ts';
import type { RoutingPlan } from './plan.ts';
import type { Random } from './random.ts';
import { pickRanked } from './ranked.ts';
import { pickSlot } from './sequence.ts';
import { type AgentRoutingState, pinSession, positionOf } from './state.ts';
import { pickWeighted } from './weighted.ts';

/** What a decision may depend on beside the routing: the text of the request and the session it belongs to. */
export interface RouteRequest {
  /** Searched for the `final_trigger` of a burst. */
  readonly text?: string | undefined;
  /** Calls for the final model of a burst without any text. */
  readonly final?: boolean | undefined;
  /** The key of the session, for routing that is sticky. */
  readonly session?: string | undefined;
}

const NO_REQUEST: RouteRequest = {};

/**
 * Decides which model a call uses. Pure: the same arguments give the same decision, and `state` is not changed; the
 * decision carries the next one. Never throws: a plan that makes no sense gives a decision with the reason.
 */
export function decide(
  plan: RoutingPlan,
  state: AgentRoutingState,
  availability: Availability,
  random: Random,
  request: RouteRequest = NO_REQUEST,
): Decision {
  const session = plan.sticky && plan.strategy !== 'burst' ? request.session : undefined;
  if (session === undefined)
    return settle(plan, state, availability, pick(plan, state, availability, random, request));
  const pinned = pinnedModel(plan, state, session);
  if (pinned === undefined) {
    return settle(
      plan,
      state,
      availability,
      pick(plan, state, availability, random, request),
      session,
      'begun',
    );
  }
  const verdict = availability.check(pinned);
  if (verdict.ok) return keep(plan, state, availability, pinned);
  const lost = unavailable(pinned, verdict);
  const other = pick(plan, state, availability, random, request);
  const candidates = other.candidates.some(
    (each) => each.model === lost.model && each.outcome === 'unavailable',
  )
    ? other.candidates
    : [lost, ...other.candidates.filter((each) => each.model !== lost.model)];
  return settle(plan, state, availability, { ...other, candidates }, session, 'changed');
}

function pick(
  plan: RoutingPlan,
  state: AgentRoutingState,
  availability: Availability,
  random: Random,
  request: RouteRequest,
): Pick {
  switch (plan.strategy) {
    case 'pattern':
    case 'round_robin':
      return pickSlot(plan, state, availability);
    case 'weighted':
      return pickWeighted(plan, state, availability, random);
    case 'burst':
      return pickBurst(plan, state, availability, request);
    case 'fallback':
    case 'least_cost':
    case 'lowest_latency':
      return pickRanked(plan, availability);
    default:
      return plan satisfies never;
  }
}

/** Turns what the strategy found into a decision; where it found nothing, `on_unavailable` has its say. */
function settle(
  plan: RoutingPlan,
  state: AgentRoutingState,
  availability: Availability,
  found: Pick,
  session?: string,
  affinity?: Affinity,
): Decision {
  if (found.chosen !== undefined) {
    return chosen(plan, state, availability, found, found.chosen, found.position, session, affinity);
  }
  const { candidates } = found;
  if (candidates.length === 0 || plan.onUnavailable === 'next')
    return nothing(plan, state, candidates, 'none');
  if (plan.onUnavailable === 'retry') return nothing(plan, state, candidates, 'wait');
  const tried = [...candidates];
  for (const [index, ref] of plan.fallbackModels.entries()) {
    const verdict = availability.check(ref);
    if (!verdict.ok) {
      if (!tried.some((each) => each.model === ref.name)) tried.push(unavailable(ref, verdict));
      continue;
    }
    const position: Position = { kind: 'stand_in', place: index + 1, of: plan.fallbackModels.length };
    tried.push(candidate(ref, 'chosen', 'stands in for it'));
    for (const rest of plan.fallbackModels.slice(index + 1)) {
      if (!tried.some((each) => each.model === rest.name)) {
        tried.push(candidate(rest, 'passed', 'stands in only when those before it are out'));
      }
    }
    return chosen(
      plan,
      state,
      availability,
      { ...found, candidates: tried },
      ref,
      position,
      session,
      affinity,
    );
  }
  return nothing(plan, state, tried, 'none');
}

function chosen(
  plan: RoutingPlan,
  state: AgentRoutingState,
  availability: Availability,
  found: Pick,
  ref: ModelRef,
  position: Position,
  session: string | undefined,
  affinity: Affinity | undefined,
): Decision {
  const expected = availability.cost(ref);
  return {
    outcome: 'chosen',
    strategy: plan.strategy,
    model: ref.name,
    provider: ref.provider,
    position,
    skipped: found.skipped,
    candidates: found.candidates,
    state: nextState(plan, state, ref, found, session),
    ...(affinity === undefined ? undefined : { affinity }),
    ...(expected === undefined ? undefined : { expected_usd: expected }),
  };
}

/** A session that keeps its model uses up no slot and no draw: the strategy spreads sessions, not calls. */
function keep(
  plan: RoutingPlan,
  state: AgentRoutingState,
  availability: Availability,
  ref: ModelRef,
): Decision {
  const candidates = [candidate(ref, 'chosen', 'this session began with it and keeps it')];
  for (const other of plan.models) {
    if (other.name !== ref.name)
      candidates.push(candidate(other, 'passed', 'the session stays with its model'));
  }
  const found: Pick = { chosen: ref, position: { kind: 'session' }, candidates, skipped: [], advance: {} };
  return chosen(plan, state, availability, found, ref, found.position, undefined, 'kept');
}

function nextState(
  plan: RoutingPlan,
  state: AgentRoutingState,
  ref: ModelRef,
  found: Pick,
  session: string | undefined,
): AgentRoutingState {
  const counted = plan.track || plan.strategy === 'weighted';
  return {
    ...state,
    ...found.advance,
    strategy: plan.strategy,
    call_count: positionOf(state.call_count) + 1,
    last_model: ref.name,
    ...(counted
      ? {
          distribution: { ...state.distribution, [ref.name]: positionOf(state.distribution?.[ref.name]) + 1 },
        }
      : undefined),
    ...(session === undefined ? undefined : { sessions: pinSession(state.sessions, session, ref.name) }),
  };
}

function nothing(
  plan: RoutingPlan,
  state: AgentRoutingState,
  candidates: readonly Candidate[],
  outcome: 'wait' | 'none',
): Decision {
  const times = candidates.flatMap((each) => (each.retry_at === undefined ? [] : [each.retry_at]));
  const problem = plan.problems[0];
  const why =
    candidates.length === 0
      ? (problem ?? 'There is no model to choose from.')
      : outcome === 'wait'
        ? `${candidates[0]?.model} keeps its turn until it can be used.`
        : 'No model of this routing can be used now.';
  return {
    outcome,
    strategy: plan.strategy,
    why,
    candidates,
    state,
    ...(times.length === 0 ? undefined : { retry_at: Math.min(...times) }),
  };
}

function pinnedModel(plan: RoutingPlan, state: AgentRoutingState, session: string): ModelRef | undefined {
  const name = own(state.sessions, session);
  if (name === undefined) return undefined;
  return plan.models.find((ref) => ref.name === name) ?? plan.fallbackModels.find((ref) => ref.name === name);
}

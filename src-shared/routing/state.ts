import { z } from 'zod';
import { type Strategy, strategies } from './plan.ts';

const count = z.int().min(0);

/** Where an agent's routing stands, as `state.json` keeps it. Positions count from 0. */
export const agentRoutingStateSchema = z.looseObject({
  strategy: z.enum(strategies),
  call_count: count,
  last_model: z.string().optional(),
  pattern_index: count.optional(),
  round_robin_index: count.optional(),
  /** Calls of the cheap model since the final one. */
  burst_count: count.optional(),
  /** Calls by model. */
  distribution: z.record(z.string(), count).optional(),
  /** The model of each session that keeps its model, the oldest first. */
  sessions: z.record(z.string(), z.string()).optional(),
});

/**
 * Where an agent's routing stands. Never changed in place. Each strategy has a position of its own, so changing the
 * strategy and changing it back goes on where it was.
 */
export interface AgentRoutingState {
  readonly strategy: Strategy;
  readonly call_count: number;
  readonly last_model?: string | undefined;
  readonly pattern_index?: number | undefined;
  readonly round_robin_index?: number | undefined;
  readonly burst_count?: number | undefined;
  readonly distribution?: Readonly<Record<string, number>> | undefined;
  readonly sessions?: Readonly<Record<string, string>> | undefined;
}

/** The state of an agent that has made no call yet. */
export function initialState(strategy: Strategy): AgentRoutingState {
  return { strategy, call_count: 0 };
}

/** A position that is there and can be one; a state file is a file that people and crashes can change. */
export function positionOf(value: number | undefined): number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

/** Sessions remembered per agent; the oldest is forgotten first. */
export const MAX_SESSIONS = 256;

/** The sessions with one more pinned to a model. */
export function pinSession(
  sessions: Readonly<Record<string, string>> | undefined,
  session: string,
  model: string,
): Record<string, string> {
  const others = Object.entries(sessions ?? {}).filter(([key]) => key !== session);
  return Object.fromEntries([...others.slice(-(MAX_SESSIONS - 1)), [session, model]]);
}

/**
 * Takes a call back that was decided but never answered, so that its slot is free again. Only when nothing was decided
 * since: a later call already stands on the position, and taking that away would give its slot out twice.
 */
export function giveBack(
  current: AgentRoutingState,
  before: AgentRoutingState,
  after: AgentRoutingState,
): AgentRoutingState {
  const unmoved =
    current.call_count === after.call_count &&
    current.pattern_index === after.pattern_index &&
    current.round_robin_index === after.round_robin_index &&
    current.burst_count === after.burst_count;
  return unmoved ? before : current;
}

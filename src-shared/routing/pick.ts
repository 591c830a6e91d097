import type { Verdict } from './availability.ts';
import type { Candidate, Position } from './decision.ts';
import type { ModelRef } from './model-ref.ts';

/** What a strategy found: a model, or nothing that could be used, and how far it moves on when a call is made. */
export interface Pick {
  readonly chosen: ModelRef | undefined;
  readonly position: Position;
  readonly candidates: readonly Candidate[];
  /** Slots that were passed, counted from 1. */
  readonly skipped: readonly number[];
  readonly advance: Advance;
}

/** Positions as they are after a call; what a strategy does not use is absent. */
export interface Advance {
  readonly pattern_index?: number;
  readonly round_robin_index?: number;
  readonly burst_count?: number;
}

/** Most calls skip nothing; they share one list. */
export const NOTHING_SKIPPED: readonly number[] = [];

/** A model that was chosen or passed. */
export function candidate(ref: ModelRef, outcome: 'chosen' | 'passed', reason: string): Candidate {
  return { model: ref.name, provider: ref.provider, outcome, reason };
}

/** A model that cannot be used, with the words of its verdict. */
export function unavailable(ref: ModelRef, verdict: Verdict & { ok: false }, lead = ''): Candidate {
  return {
    model: ref.name,
    provider: ref.provider,
    outcome: 'unavailable',
    reason: `${lead}${verdict.text}`,
    code: verdict.code,
    ...(verdict.retry_at === undefined ? undefined : { retry_at: verdict.retry_at }),
  };
}

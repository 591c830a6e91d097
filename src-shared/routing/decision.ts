import type { UnavailableCode } from './availability.ts';
import type { Strategy } from './plan.ts';
import type { AgentRoutingState } from './state.ts';

/** Where in its strategy a call stands. Slots, places and calls count from 1. */
export type Position =
  | { readonly kind: 'slot'; readonly slot: number; readonly of: number }
  | { readonly kind: 'place'; readonly place: number; readonly of: number }
  | { readonly kind: 'share'; readonly weight: number; readonly of: number }
  | { readonly kind: 'iterate'; readonly call: number; readonly of: number | undefined }
  | { readonly kind: 'final' }
  | { readonly kind: 'stand_in'; readonly place: number; readonly of: number }
  | { readonly kind: 'session' };

/** One model that a decision looked at, and what became of it. */
export interface Candidate {
  readonly model: string;
  readonly provider: string;
  /** `passed` could have been used but another was; `unavailable` could not. */
  readonly outcome: 'chosen' | 'passed' | 'unavailable';
  /** Why, in words: the end of a sentence that begins with the model. */
  readonly reason: string;
  readonly code?: UnavailableCode;
  /** When it may be tried again, in ms since 1970. */
  readonly retry_at?: number;
}

/** Whether a session began with this model, kept it, or had to change to it. */
export type Affinity = 'begun' | 'kept' | 'changed';

interface DecisionBase {
  readonly strategy: Strategy;
  /** Every model in the order it was looked at; those that were not needed come last. */
  readonly candidates: readonly Candidate[];
  /** Where the routing stands after this call. The same object as before when no call was made. */
  readonly state: AgentRoutingState;
}

/** The model of a call. */
export interface ChosenDecision extends DecisionBase {
  readonly outcome: 'chosen';
  /** The whole name, `provider/model`. */
  readonly model: string;
  readonly provider: string;
  readonly position: Position;
  /** Slots that were passed because their model could not be used, counted from 1. */
  readonly skipped: readonly number[];
  readonly affinity?: Affinity;
  /** What the call is thought to cost in dollars. */
  readonly expected_usd?: number;
}

/** No model now. `wait` keeps its turn (`on_unavailable: retry`); `none` has nothing that could be used. */
export interface NoDecision extends DecisionBase {
  readonly outcome: 'wait' | 'none';
  readonly why: string;
  /** When one of them may be tried again, in ms since 1970. */
  readonly retry_at?: number;
}

/** Which model a call uses and why, or why there is none. */
export type Decision = ChosenDecision | NoDecision;

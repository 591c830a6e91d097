import type { Availability } from './availability.ts';
import type { Candidate } from './decision.ts';
import { type Advance, candidate, NOTHING_SKIPPED, type Pick, unavailable } from './pick.ts';
import type { SequencePlan } from './plan.ts';
import { type AgentRoutingState, positionOf } from './state.ts';

/**
 * Takes the slot whose turn it is. With `on_unavailable: next` a slot whose model cannot be used is used up: the call
 * takes the next slot that can, and the position moves past that one.
 */
export function pickSlot(plan: SequencePlan, state: AgentRoutingState, availability: Availability): Pick {
  const { slots } = plan;
  const total = slots.length;
  const start = total === 0 ? 0 : slotIndex(plan, state) % total;
  const attempts = plan.onUnavailable === 'next' ? total : Math.min(1, total);
  const candidates: Candidate[] = [];
  let skipped: number[] | undefined;
  for (let step = 0; step < attempts; step++) {
    const index = (start + step) % total;
    const ref = slots[index];
    if (ref === undefined) break;
    const verdict = availability.check(ref);
    if (verdict.ok) {
      candidates.push(candidate(ref, 'chosen', `slot ${index + 1} of ${total}`));
      for (const other of plan.models) {
        if (!candidates.some((each) => each.model === other.name)) {
          candidates.push(candidate(other, 'passed', 'its slots come later'));
        }
      }
      return {
        chosen: ref,
        position: { kind: 'slot', slot: index + 1, of: total },
        candidates,
        skipped: skipped ?? NOTHING_SKIPPED,
        advance: advance(plan, (index + 1) % total),
      };
    }
    if (skipped === undefined) skipped = [];
    skipped.push(index + 1);
    if (!candidates.some((each) => each.model === ref.name)) {
      candidates.push(unavailable(ref, verdict, `slot ${index + 1} of ${total}, but `));
    }
  }
  return {
    chosen: undefined,
    position: { kind: 'slot', slot: start + 1, of: total },
    candidates,
    skipped: skipped ?? NOTHING_SKIPPED,
    advance: total === 0 ? {} : advance(plan, (start + 1) % total),
  };
}

function slotIndex(plan: SequencePlan, state: AgentRoutingState): number {
  return positionOf(plan.strategy === 'pattern' ? state.pattern_index : state.round_robin_index);
}

function advance(plan: SequencePlan, index: number): Advance {
  return plan.strategy === 'pattern' ? { pattern_index: index } : { round_robin_index: index };
}

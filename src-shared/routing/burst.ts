import type { Availability } from './availability.ts';
import type { Candidate, Position } from './decision.ts';
import { candidate, NOTHING_SKIPPED, type Pick, unavailable } from './pick.ts';
import type { BurstPlan } from './plan.ts';
import { type AgentRoutingState, positionOf } from './state.ts';

/**
 * Takes the cheap model until the burst is full or the request asks for the final one; the final one begins a new burst.
 * With `on_unavailable: next` the other of the two takes the call.
 */
export function pickBurst(
  plan: BurstPlan,
  state: AgentRoutingState,
  availability: Availability,
  request: { text?: string | undefined; final?: boolean | undefined },
): Pick {
  const count = positionOf(state.burst_count);
  const asked = request.final === true || contains(request.text, plan.trigger);
  const full = plan.size !== undefined && count >= plan.size;
  const turn = asked || full ? 'final' : 'iterate';
  const due = turn === 'final' ? plan.final : plan.iterate;
  const other = turn === 'final' ? plan.iterate : plan.final;
  const iterate = `call ${count + 1}${plan.size === undefined ? '' : ` of ${plan.size}`} of the burst`;
  const turnWords =
    turn === 'iterate'
      ? iterate
      : asked
        ? 'the request asks for the final model'
        : `${plan.size} calls are made, so the final model follows`;
  const verdict = availability.check(due);
  const candidates: Candidate[] = [];
  const position: Position =
    turn === 'final' ? { kind: 'final' } : { kind: 'iterate', call: count + 1, of: plan.size };
  const advance = { burst_count: turn === 'final' ? 0 : count + 1 };
  if (verdict.ok) {
    candidates.push(candidate(due, 'chosen', turnWords));
    if (other.name !== due.name) {
      candidates.push(
        candidate(other, 'passed', turn === 'final' ? 'begins the next burst' : plan.finalWords),
      );
    }
    return { chosen: due, position, candidates, skipped: NOTHING_SKIPPED, advance };
  }
  candidates.push(unavailable(due, verdict, `${turnWords}, but `));
  const nobody: Pick = { chosen: undefined, position, candidates, skipped: NOTHING_SKIPPED, advance };
  if (plan.onUnavailable !== 'next' || other.name === due.name) return nobody;
  const otherVerdict = availability.check(other);
  if (!otherVerdict.ok) {
    candidates.push(unavailable(other, otherVerdict));
    return nobody;
  }
  candidates.push(candidate(other, 'chosen', 'takes the call, as the other model is out'));
  return turn === 'final'
    ? {
        ...nobody,
        chosen: other,
        position: { kind: 'iterate', call: 1, of: plan.size },
        advance: { burst_count: 1 },
      }
    : { ...nobody, chosen: other, position: { kind: 'final' }, advance: { burst_count: 0 } };
}

function contains(text: string | undefined, trigger: string | undefined): boolean {
  return text !== undefined && trigger !== undefined && text.toLowerCase().includes(trigger);
}

import { duration } from '../duration.ts';
import { assertNever } from '../errors.ts';
import type { Candidate, Decision, Position } from './decision.ts';
import { dollars } from './money.ts';

const SIGN: Record<Candidate['outcome'], string> = { chosen: '✓', passed: '·', unavailable: '✕' };

/** A decision in lines for a person: the outcome, then every model and why. `now` (ms) turns times into waits. */
export function explain(decision: Decision, now?: number): string[] {
  const width = Math.max(0, ...decision.candidates.map((each) => each.model.length));
  return [
    headline(decision, now),
    ...decision.candidates.map((each) => `${SIGN[each.outcome]} ${each.model.padEnd(width)}  ${each.reason}`),
  ];
}

/** The outcome of a decision in one line. */
function headline(decision: Decision, now?: number): string {
  if (decision.outcome === 'chosen') {
    const { expected_usd: usd } = decision;
    const cost = usd === undefined ? '' : usd === 0 ? ', free' : `, about ${dollars(usd)}`;
    return `${decision.model} (${reasonInShort(decision)}${cost})`;
  }
  const wait =
    decision.retry_at === undefined || now === undefined || decision.retry_at <= now
      ? ''
      : ` Next try in ${duration(decision.retry_at - now)}.`;
  return `${decision.why}${wait}`;
}

/** Why in a few words, for a row of a list: `slot 3 of 5`, `slot 5 out, slot 1 of 5`. */
export function reasonInShort(decision: Decision): string {
  if (decision.outcome !== 'chosen') {
    return decision.outcome === 'wait' ? 'waits for its turn' : 'no model can be used';
  }
  const affinity = decision.affinity === 'changed' ? 'the session changes its model, ' : '';
  return `${affinity}${skippedWords(decision.skipped)}${positionWords(decision.position)}`;
}

function skippedWords(skipped: readonly number[]): string {
  if (skipped.length === 0) return '';
  if (skipped.length > 3) return `${skipped.length} slots out, `;
  return `${skipped.length === 1 ? 'slot' : 'slots'} ${skipped.join(', ')} out, `;
}

function positionWords(position: Position): string {
  switch (position.kind) {
    case 'slot':
      return `slot ${position.slot} of ${position.of}`;
    case 'place':
      return `number ${position.place} of ${position.of}`;
    case 'share':
      return `weight ${position.weight} of ${position.of}`;
    case 'iterate':
      return `burst call ${position.call}${position.of === undefined ? '' : ` of ${position.of}`}`;
    case 'final':
      return 'final model of the burst';
    case 'stand_in':
      return `stand-in ${position.place} of ${position.of}`;
    case 'session':
      return 'kept by its session';
    default:
      return assertNever(position);
  }
}

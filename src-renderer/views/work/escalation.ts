import type { Escalation } from '../../../src-shared/protocol/work.ts';
import { roughDuration } from '../../ui/format.ts';

/** After this time without a word of a person an escalation comes back, in milliseconds. */
const AGAIN_MS = 4 * 3_600_000;
/** How often it is raised in all: once, and twice more. */
const RAISED_AT_MOST = 3;
const HOUR = 3_600_000;

/** In how long an escalation comes back, as in *4 h*; undefined when it does not, or is about to. */
export function asksAgain(
  escalation: Pick<Escalation, 'raised' | 'raised_at' | 'acknowledged'>,
  now: number,
): string | undefined {
  if (escalation.acknowledged !== undefined || escalation.raised >= RAISED_AT_MOST) return undefined;
  const left = Date.parse(escalation.raised_at) + AGAIN_MS - now;
  if (left <= 0) return undefined;
  return roughDuration(left > HOUR ? Math.ceil(left / HOUR) * HOUR : left);
}

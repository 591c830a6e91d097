import type { WorkLine } from '../../../../src-shared/views/work.ts';
import { progressWords } from '../words.ts';

/** Steps of one attempt that are shown; of more the newest. */
const MOST = 20;

/** A step an attempt said it was at, from `start` (milliseconds since the epoch) until the next one. */
export interface StepSpan {
  attempt: number;
  label: string;
  start: number;
}

/** The steps that attempts told in their progress: each begins when its words come for the first time. */
export function stepsOf(lines: readonly WorkLine[]): StepSpan[] {
  const steps = new Map<number, StepSpan[]>();
  for (const { attempt, progress, time } of lines) {
    const label = progress === undefined ? '' : progressWords(progress);
    if (label === '') continue;
    const before = steps.get(attempt) ?? [];
    if (before.at(-1)?.label === label) continue;
    before.push({ attempt, label, start: Date.parse(time) });
    steps.set(attempt, before);
  }
  return [...steps.values()].flatMap((all) => all.slice(-MOST));
}

import { duration } from '../../src-shared/duration.ts';
import {
  type ConditionFact,
  type ConditionFacts,
  conditionNames,
} from '../../src-shared/lattice-yaml/condition-names.ts';
import { factOf } from '../../src-shared/lattice-yaml/condition-value.ts';

const MAX_LENGTH = 4_000;
const MAX_SUMMARY = 72;
const CONTROLS = /[^\P{Cc}\n\t]/gu;
const TIMES = new Set(['duration', 'retry_after']);

/** A message of lattice.yaml with `{agent}` and the like filled in; a name without a fact is left out, an unknown one stays. */
export function fillMessage(template: string, facts: ConditionFacts): string {
  return template
    .replace(/\{([a-z_]+)\}/g, (whole, name: string) =>
      conditionNames.has(name) ? shown(name, factOf(facts, name)) : whole,
    )
    .replace(CONTROLS, '')
    .slice(0, MAX_LENGTH);
}

/** The first line of a task, short enough for the subject of a commit. */
export function summaryOf(task: string): string {
  const line = task.trim().split('\n', 1)[0]?.trim() ?? '';
  return line.length <= MAX_SUMMARY ? line : `${line.slice(0, MAX_SUMMARY - 1).trimEnd()}…`;
}

function shown(name: string, fact: ConditionFact | undefined): string {
  if (fact === undefined) return '';
  if (typeof fact === 'object') return fact.join(', ');
  if (typeof fact !== 'number') return String(fact);
  if (TIMES.has(name)) return duration(fact);
  return name === 'budget_used' ? `${Math.round(fact * 100)}%` : String(Number(fact.toFixed(4)));
}

import { Bug, CheckSquare, FlaskConical, GitBranch, Lightbulb, Wrench } from 'lucide-react';
import type { Card } from '../../../../src-shared/views/board.ts';
import type { IconType } from '../../../ui/icon.tsx';

/** The four priorities, most urgent first. */
export const PRIORITY_OPTIONS = [
  { value: 'critical', label: 'Critical' },
  { value: 'high', label: 'High' },
  { value: 'medium', label: 'Medium' },
  { value: 'low', label: 'Low' },
] as const;

export const URGENCY_OPTIONS = [
  { value: 'immediate', label: 'Immediate' },
  { value: 'high', label: 'High' },
  { value: 'normal', label: 'Normal' },
  { value: 'low', label: 'Low' },
] as const;

export const COMPLEXITY_OPTIONS = [
  { value: 'low', label: 'Low' },
  { value: 'medium', label: 'Medium' },
  { value: 'high', label: 'High' },
] as const;

/** How relations read from the task they are written on, and from the other one. */
export const RELATIONS: Readonly<Record<string, { out: string; in: string }>> = {
  blocks: { out: 'Blocks', in: 'Blocked by' },
  depends_on: { out: 'Depends on', in: 'Needed by' },
  subtask_of: { out: 'Part of', in: 'Has part' },
  related_to: { out: 'Related to', in: 'Related to' },
  spawned_by: { out: 'Comes from', in: 'Led to' },
  duplicate_of: { out: 'Same as', in: 'Same as' },
  supersedes: { out: 'Replaces', in: 'Replaced by' },
};

/** A machine word as a person reads it: `in_progress` is *In progress*. */
export function readableWord(word: string): string {
  const spaced = word.replaceAll(/[_-]+/g, ' ').trim();
  return spaced === '' ? word : spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** How a relation reads from one side. */
export function relationWords(type: string, direction: 'out' | 'in'): string {
  return RELATIONS[type]?.[direction] ?? readableWord(type);
}

/** The icon of a type of task. */
export function typeIcon(type: string): IconType {
  switch (type) {
    case 'bug':
      return Bug;
    case 'spike':
      return Lightbulb;
    case 'chore':
      return Wrench;
    case 'epic':
      return GitBranch;
    case 'experiment':
      return FlaskConical;
    default:
      return CheckSquare;
  }
}

/** The name of a card for a screen reader. */
export function cardLabel(card: Card): string {
  const who = card.assignee === undefined ? 'unassigned' : `for ${card.assignee.name}`;
  const waits = card.waits_for.length > 0 ? `, waits for ${card.waits_for.join(', ')}` : '';
  const asks = card.needs_human === undefined ? '' : ', needs a person';
  return `${card.short_id}, ${card.title}, ${card.type}, ${card.priority} priority, ${who}${waits}${asks}`;
}

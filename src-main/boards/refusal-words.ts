import type { BoardConfig } from '../../src-shared/tracker/config.ts';
import type { Refusal } from '../../src-shared/tracker/verdict.ts';

/** A status as people read it. */
export function statusWords(config: BoardConfig, status: unknown): string {
  return config.workflow.display_names?.[String(status)] ?? String(status).replaceAll('_', ' ');
}

/** A refusal for the window and for cards: without the flags and the ids of the command line. */
export function refusalWords({ code, message, hint, details }: Refusal, config: BoardConfig): string {
  const name = (status: unknown) => statusWords(config, status);
  switch (code) {
    case 'INVALID_TRANSITION': {
      const valid = Array.isArray(details?.valid_transitions) ? details.valid_transitions.map(name) : [];
      const where = valid.length === 0 ? 'nowhere' : `to ${valid.join(', ')}`;
      return `From ${name(details?.current_status)} a task goes ${where}.`;
    }
    case 'PLAN_REQUIRED':
      return 'It has no plan yet. Write one first; a line is enough.';
    case 'REVIEW_CYCLE_LIMIT':
      return 'The review has sent it back too often. A person should look at it.';
    case 'COMPLETION_BLOCKED':
      return message;
    default:
      return [message, hint].filter((part) => part !== undefined).join(' ');
  }
}

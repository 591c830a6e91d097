import { z } from 'zod';
import { actorName } from './actor.ts';
import { commentsById } from './comments.ts';
import type { TaskState } from './operations/operation.ts';

const words = z.array(z.string());

/** What is looked for on a board; it can be saved. All parts must hold; within a part one value is enough. */
export const taskFilterSchema = z.object({
  /** Words that all occur somewhere in the task or its comments. */
  text: z.string().optional(),
  statuses: words.optional(),
  types: words.optional(),
  priorities: words.optional(),
  tags: words.optional(),
  /** Names of actors; `unassigned` for tasks that nobody has. */
  assigned: words.optional(),
  createdBy: words.optional(),
  /** Without it archived tasks are left out. */
  archived: z.enum(['without', 'with', 'only']).optional(),
});
export type TaskFilter = z.infer<typeof taskFilterSchema>;

/** The name that stands for nobody in `assigned`. */
const UNASSIGNED = 'unassigned';

/** A task with everything that a search looks through, made once for each state of the task. */
export interface SearchableTask {
  readonly state: TaskState;
  readonly text: string;
}

/** Prepares a task for searches. `prose` is the text of its plan and notes, where it is at hand. */
export function searchable(state: TaskState, prose = ''): SearchableTask {
  const { task } = state;
  const comments = [...commentsById(state.events).values()].filter((comment) => !comment.deleted);
  const parts = [
    task.short_id ?? '',
    task.id,
    task.title,
    task.description ?? '',
    task.status,
    task.type,
    task.priority ?? '',
    ...(task.tags ?? []),
    task.assigned_to === null ? '' : actorName(task.assigned_to),
    actorName(task.created_by),
    ...task.branch_links.map((link) => link.branch),
    ...Object.entries(task.custom_fields).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
    ...comments.map((comment) => comment.body),
    prose,
  ];
  return { state, text: fold(parts.join('\n')) };
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** A predicate for a filter; its words are prepared once. */
export function filterPredicate(filter: TaskFilter): (candidate: SearchableTask) => boolean {
  const wanted = fold(filter.text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const archived = filter.archived ?? 'without';
  return ({ state, text }) => {
    const { task } = state;
    if (archived !== 'with' && state.archived !== (archived === 'only')) return false;
    const owner = task.assigned_to === null ? UNASSIGNED : actorName(task.assigned_to);
    return (
      includes(filter.statuses, task.status) &&
      includes(filter.types, task.type) &&
      includes(filter.priorities, task.priority ?? '') &&
      includes(filter.assigned, owner) &&
      includes(filter.createdBy, actorName(task.created_by)) &&
      (isAny(filter.tags) || (task.tags ?? []).some((tag) => includes(filter.tags, tag))) &&
      wanted.every((word) => text.includes(word))
    );
  };
}

function isAny(allowed: readonly string[] | undefined): boolean {
  return allowed === undefined || allowed.length === 0;
}

function includes(allowed: readonly string[] | undefined, value: string): boolean {
  return isAny(allowed) || (allowed ?? []).includes(value);
}

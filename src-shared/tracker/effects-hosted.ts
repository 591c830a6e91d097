import type { Effect } from './effects.ts';
import type { TaskEvent } from './event.ts';
import { dataOf } from './event-data.ts';
import type { JsonValue } from './json.ts';
import type { AcceptanceCriterion, TaskSnapshot } from './snapshot.ts';

/** The effects of the types that only the hosted version writes. */
export const HOSTED_EFFECTS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  [
    'needs_human_flagged',
    (_, event) => ({
      needs_human: {
        flagged_by: event.actor,
        reason: dataOf('needs_human_flagged', event).reason,
        since: event.ts,
      },
    }),
  ],
  ['needs_human_cleared', () => ({ needs_human: null })],
  [
    'file_linked',
    (task, event) => ({
      linked_files: [...new Set([...(task.linked_files ?? []), ...dataOf('file_linked', event).paths])],
    }),
  ],
  [
    'file_unlinked',
    (task, event) => {
      const gone = dataOf('file_unlinked', event).paths;
      return { linked_files: (task.linked_files ?? []).filter((path) => !gone.includes(path)) };
    },
  ],
  ['acceptance_criterion_added', addCriterion],
  ['acceptance_criterion_edited', editCriterion],
  ['acceptance_criterion_retired', retireCriterion],
  [
    'task_tombstoned',
    (_, event) => ({
      tombstoned: true,
      tombstoned_at: event.ts,
      tombstone_reason: dataOf('task_tombstoned', event).reason ?? null,
    }),
  ],
  [
    'task_untombstoned',
    (task) => {
      const { tombstoned: _, tombstoned_at: __, tombstone_reason: ___, ...alive } = task;
      return alive;
    },
  ],
  ['surface_bound', bindSurface],
  ['surface_unbound', () => ({ c11_surface: null, c11_workspace: null })],
]);

function bindSurface(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  const before: JsonValue = typeof task.c11_workspace === 'string' ? task.c11_workspace : null;
  return { c11_surface: event.data.surface ?? null, c11_workspace: event.data.workspace ?? before };
}

function addCriterion(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  const { criterion_id: id, outcome } = dataOf('acceptance_criterion_added', event);
  const criterion: AcceptanceCriterion = {
    id,
    outcome,
    revision: 1,
    retired: false,
    created_at: event.ts,
    created_by: event.actor,
    updated_at: event.ts,
    updated_by: event.actor,
    retired_at: null,
    retired_by: null,
    revisions: [revision(1, outcome, event)],
  };
  return { acceptance_criteria: [...(task.acceptance_criteria ?? []), criterion] };
}

function editCriterion(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  const { criterion_id: id, outcome, revision: number } = dataOf('acceptance_criterion_edited', event);
  return changeCriterion(task, id, (criterion) => ({
    ...criterion,
    outcome,
    revision: number,
    updated_at: event.ts,
    updated_by: event.actor,
    revisions: [...criterion.revisions, revision(number, outcome, event)],
  }));
}

function retireCriterion(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  return changeCriterion(task, dataOf('acceptance_criterion_retired', event).criterion_id, (criterion) => ({
    ...criterion,
    retired: true,
    retired_at: event.ts,
    retired_by: event.actor,
    updated_at: event.ts,
    updated_by: event.actor,
  }));
}

function changeCriterion(
  task: TaskSnapshot,
  id: string,
  change: (criterion: AcceptanceCriterion) => AcceptanceCriterion,
): Partial<TaskSnapshot> {
  const criteria = task.acceptance_criteria ?? [];
  return { acceptance_criteria: criteria.map((each) => (each.id === id ? change(each) : each)) };
}

function revision(number: number, outcome: string, event: TaskEvent) {
  return {
    revision: number,
    outcome,
    event_id: event.id,
    changed_at: event.ts,
    changed_by: event.actor as JsonValue,
  };
}

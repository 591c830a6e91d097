import { EFFECTS } from './effects.ts';
import { HOSTED_EFFECTS } from './effects-hosted.ts';
import type { TaskEvent } from './event.ts';
import { dataOf } from './event-data.ts';
import type { TaskSnapshot } from './snapshot.ts';

/** An event that the replay could not apply; the task goes on without its effect. */
export interface ReplayProblem {
  readonly event_id: string;
  readonly message: string;
}

/** The state of a task after its events. */
export interface Replay {
  /** Undefined when no event creates the task. */
  readonly task: TaskSnapshot | undefined;
  readonly archived: boolean;
  readonly problems: readonly ReplayProblem[];
}

/** The state before any event. */
const NOTHING_REPLAYED: Replay = { task: undefined, archived: false, problems: [] };

/**
 * Plays the events of one task in the order of the log. Every time comes from the events, so the same events
 * always give the same snapshot. Never throws for events that were read with `readTaskEvent`.
 */
export function replayTask(events: Iterable<TaskEvent>, start: Replay = NOTHING_REPLAYED): Replay {
  let { task, archived } = start;
  const problems = [...start.problems];
  for (const event of events) {
    const next = applyEvent(task, event);
    if (typeof next === 'string') problems.push({ event_id: event.id, message: next });
    else task = next;
    if (event.type === 'task_archived') archived = true;
    if (event.type === 'task_unarchived') archived = false;
  }
  return { task, archived, problems };
}

/** The task after one more event, or the words of the reason why the event cannot be applied. */
export function applyEvent(task: TaskSnapshot | undefined, event: TaskEvent): TaskSnapshot | string {
  if (event.type === 'task_created') {
    return task === undefined ? createTask(event) : 'The task is created a second time.';
  }
  if (task === undefined) return 'The event comes before the task is created.';
  const change = (EFFECTS.get(event.type) ?? HOSTED_EFFECTS.get(event.type))?.(task, event) ?? {};
  if (typeof change === 'string') return change;
  const base = event.type === 'task_untombstoned' ? {} : task;
  return { ...base, ...change, last_event_id: event.id, updated_at: event.ts } as TaskSnapshot;
}

/** The task that a `task_created` event begins. */
export function createTask(event: TaskEvent): TaskSnapshot {
  const data = dataOf('task_created', event);
  return {
    schema_version: 1,
    id: event.task_id,
    title: data.title,
    status: data.status,
    priority: data.priority ?? null,
    urgency: data.urgency ?? null,
    complexity: data.complexity ?? null,
    type: data.type,
    description: data.description ?? null,
    tags: data.tags ?? null,
    assigned_to: data.assigned_to ?? null,
    created_by: event.actor,
    created_at: event.ts,
    updated_at: event.ts,
    done_at: data.status === 'done' ? event.ts : null,
    last_status_changed_at: event.ts,
    relationships_out: [],
    evidence_refs: [],
    branch_links: [],
    comment_count: 0,
    reopened_count: 0,
    custom_fields: data.custom_fields ?? {},
    last_event_id: event.id,
    ...(data.short_id == null ? {} : { short_id: data.short_id }),
  };
}

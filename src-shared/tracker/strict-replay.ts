import { sameActor } from './actor.ts';
import { addCommentEvent, type FlatComment, reactors } from './comments.ts';
import type { TaskEvent } from './event.ts';
import { ownValue } from './event-data.ts';
import { type JsonValue, sameJson } from './json.ts';
import { applyEvent } from './replay.ts';
import type { TaskSnapshot } from './snapshot.ts';

/** A rule that an event of a log breaks. */
export interface StrictFinding {
  /** The place in the log, from 0. */
  readonly index: number;
  readonly event_id: string;
  readonly message: string;
}

interface State {
  readonly task: TaskSnapshot | undefined;
  readonly archived: boolean;
  readonly comments: ReadonlyMap<string, FlatComment>;
}

/**
 * Checks a log by the strict rules of the hosted version: the right task, unique ids, one creation that comes
 * first, `from` values that agree with the state, archiving and erasing in turns, comments and reactions that
 * exist. A log without findings is read by every version of the foreign program. Damaged lines are found
 * before, where the file is read.
 */
export function checkStrictReplay(taskId: string, events: readonly TaskEvent[]): StrictFinding[] {
  const findings: StrictFinding[] = [];
  const seen = new Set<string>();
  const comments = new Map<string, FlatComment>();
  let task: TaskSnapshot | undefined;
  let archived = false;
  for (const [index, event] of events.entries()) {
    const tell = (message: string) => findings.push({ index, event_id: event.id, message });
    if (event.task_id !== taskId) tell(`The event belongs to ${event.task_id}.`);
    if (seen.has(event.id)) tell('The event is in the log twice.');
    seen.add(event.id);
    const problem = RULES.get(event.type)?.({ task, archived, comments }, event);
    if (problem !== undefined) tell(problem);
    const next = applyEvent(task, event);
    if (typeof next === 'string') tell(next);
    else task = next;
    if (event.type === 'task_archived') archived = true;
    if (event.type === 'task_unarchived') archived = false;
    addCommentEvent(comments, event);
  }
  if (events.length === 0) findings.push({ index: 0, event_id: '', message: 'The log has no events.' });
  const reconciled = reconciledEvents(events);
  return findings.filter((finding) => !reconciled.has(finding.event_id));
}

/** The events that somebody has accepted as they are, after a check found them. */
function reconciledEvents(events: readonly TaskEvent[]): Set<JsonValue> {
  const marks = events.filter((event) => event.type === 'task_history_reconciled');
  return new Set(marks.flatMap(({ data }) => (Array.isArray(data.event_ids) ? data.event_ids : [])));
}

type Rule = (state: State, event: TaskEvent) => string | undefined;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['status_changed', ({ task }, event) => checkFrom(event, task?.status ?? null)],
  ['assignment_changed', ({ task }, event) => checkFrom(event, (task?.assigned_to ?? null) as JsonValue)],
  ['field_updated', ({ task }, event) => checkFrom(event, fieldValue(task, String(event.data.field)))],
  ['task_archived', ({ archived }) => (archived ? 'The task is archived already.' : undefined)],
  ['task_unarchived', ({ archived }) => (archived ? undefined : 'The task is not archived.')],
  [
    'task_tombstoned',
    ({ task, archived }) =>
      task?.tombstoned === true || archived ? 'The task is erased or archived already.' : undefined,
  ],
  ['task_untombstoned', ({ task }) => (task?.tombstoned === true ? undefined : 'The task is not erased.')],
  ['comment_edited', checkEdit],
  ['comment_deleted', (state, event) => commentProblem(state, event)],
  ['reaction_added', checkReactionAdded],
  ['reaction_removed', checkReactionRemoved],
  ['artifact_attached', checkAttach],
]);

function checkFrom(event: TaskEvent, current: JsonValue): string | undefined {
  const from = ownValue(event.data, 'from');
  if (from === undefined || sameJson(from, current)) return undefined;
  if (event.type === 'field_updated' && current === null && Array.isArray(from) && from.length === 0) {
    return undefined;
  }
  return `It says it changes ${shown(from)}, but the state is ${shown(current)}.`;
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function fieldValue(task: TaskSnapshot | undefined, field: string): JsonValue {
  if (task === undefined) return null;
  const prefix = 'custom_fields.';
  const value = field.startsWith(prefix)
    ? ownValue(task.custom_fields, field.slice(prefix.length))
    : ownValue(task, field);
  return value ?? null;
}

function commentOf({ comments }: State, event: TaskEvent): FlatComment | undefined {
  return comments.get(String(event.data.comment_id));
}

function commentProblem(state: State, event: TaskEvent): string | undefined {
  const comment = commentOf(state, event);
  if (comment === undefined) return 'The comment does not exist.';
  return comment.deleted ? 'The comment is deleted.' : undefined;
}

function checkEdit(state: State, event: TaskEvent): string | undefined {
  const problem = commentProblem(state, event);
  if (problem !== undefined) return problem;
  const previous = ownValue(event.data, 'previous_body');
  if (previous === undefined || previous === commentOf(state, event)?.body) return undefined;
  return 'The text before the edit is not what the comment said.';
}

function hasReaction(state: State, event: TaskEvent): boolean {
  const comment = commentOf(state, event);
  if (comment === undefined) return false;
  return reactors(comment, String(event.data.emoji)).some((actor) => sameActor(actor, event.actor));
}

function checkReactionAdded(state: State, event: TaskEvent): string | undefined {
  const problem = commentProblem(state, event);
  if (problem !== undefined) return problem;
  return hasReaction(state, event) ? 'The reaction is there already.' : undefined;
}

function checkReactionRemoved(state: State, event: TaskEvent): string | undefined {
  return hasReaction(state, event) ? undefined : 'There is no such reaction.';
}

function checkAttach({ task }: State, event: TaskEvent): string | undefined {
  const before = task?.evidence_refs.find(
    (ref) => ref.source_type === 'artifact' && ref.id === event.data.artifact_id,
  );
  if (before === undefined || before.role === (event.data.role ?? null)) return undefined;
  return 'The artifact is attached with another role already.';
}

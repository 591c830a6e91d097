import type { TaskEvent } from './event.ts';
import { dataOf } from './event-data.ts';
import type { JsonObject } from './json.ts';
import { type EvidenceRef, PROTECTED_FIELDS, type TaskSnapshot } from './snapshot.ts';

/** What an event changes in a task. Returns the words of a problem for an event that cannot be applied. */
export type Effect = (task: TaskSnapshot, event: TaskEvent) => Partial<TaskSnapshot> | string;

/** The order in which a move back counts as a reopening: the statuses of V1 with those of the hosted version. */
const RANKED_STATUSES: readonly string[] = [
  'backlog',
  'in_planning',
  'planned',
  'in_progress',
  'review',
  'in_validation',
  'pr_open',
  'done',
  'blocked',
  'needs_human',
  'cancelled',
];

/** True when `to` comes before `from` in the order of the default workflow; other statuses have no order. */
export function isBackwardMove(from: unknown, to: string): boolean {
  const toRank = RANKED_STATUSES.indexOf(to);
  return typeof from === 'string' && toRank !== -1 && toRank < RANKED_STATUSES.indexOf(from);
}

/** The effect of each event type; a type that is not here changes nothing but the time and the last event. */
export const EFFECTS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ['status_changed', changeStatus],
  ['assignment_changed', (_, event) => ({ assigned_to: dataOf('assignment_changed', event).to ?? null })],
  ['field_updated', updateField],
  ['comment_added', addComment],
  ['comment_edited', editComment],
  ['comment_deleted', deleteComment],
  ['relationship_added', addRelationship],
  ['relationship_removed', removeRelationship],
  ['artifact_attached', attachArtifact],
  ['branch_linked', linkBranch],
  ['branch_unlinked', unlinkBranch],
  ['task_short_id_assigned', (_, event) => ({ short_id: dataOf('task_short_id_assigned', event).short_id })],
]);

function changeStatus(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  const { from, to } = dataOf('status_changed', event);
  return {
    status: to,
    last_status_changed_at: event.ts,
    done_at: to === 'done' ? event.ts : null,
    reopened_count: task.reopened_count + (isBackwardMove(from, to) ? 1 : 0),
  };
}

const CUSTOM = 'custom_fields.';

function updateField(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> | string {
  const { field, to } = dataOf('field_updated', event);
  if (field.startsWith(CUSTOM)) {
    return { custom_fields: { ...task.custom_fields, [field.slice(CUSTOM.length)]: to } as JsonObject };
  }
  if (PROTECTED_FIELDS.includes(field)) return `The field ${field} cannot be changed by field_updated.`;
  return { [field]: to };
}

function addComment(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  const role = dataOf('comment_added', event).role ?? null;
  const criteria = criterionIds(event.data.criterion_ids);
  const comment_count = task.comment_count + 1;
  if (role === null && criteria.criterion_ids === undefined) return { comment_count };
  const ref: EvidenceRef = { id: event.id, role, source_type: 'comment', ...criteria };
  return { comment_count, evidence_refs: [...task.evidence_refs, ref] };
}

function editComment(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  const { comment_id: id, role } = dataOf('comment_edited', event);
  if (role === undefined) return {};
  const known = task.evidence_refs.some((ref) => isCommentRef(ref, id));
  if (!known) {
    if (role === null) return {};
    return { evidence_refs: [...task.evidence_refs, { id, role, source_type: 'comment' }] };
  }
  const refs = task.evidence_refs.map((ref) => (isCommentRef(ref, id) ? { ...ref, role } : ref));
  return {
    evidence_refs: refs.filter(
      (ref) => !isCommentRef(ref, id) || role !== null || (ref.criterion_ids?.length ?? 0) > 0,
    ),
  };
}

function deleteComment(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  const id = dataOf('comment_deleted', event).comment_id;
  return {
    comment_count: Math.max(0, task.comment_count - 1),
    evidence_refs: task.evidence_refs.filter((ref) => !isCommentRef(ref, id)),
  };
}

function isCommentRef(ref: EvidenceRef, id: string): boolean {
  return ref.source_type === 'comment' && ref.id === id;
}

function attachArtifact(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  const { artifact_id: id, role } = dataOf('artifact_attached', event);
  if (task.evidence_refs.some((ref) => ref.source_type === 'artifact' && ref.id === id)) return {};
  const ref: EvidenceRef = {
    id,
    role: role ?? null,
    source_type: 'artifact',
    ...criterionIds(event.data.criterion_ids),
  };
  return { evidence_refs: [...task.evidence_refs, ref] };
}

function criterionIds(value: unknown): { criterion_ids?: readonly string[] } {
  const ids = Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  return ids.length === 0 ? {} : { criterion_ids: ids };
}

function addRelationship(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  const { type, target_task_id, note } = dataOf('relationship_added', event);
  const relationship = {
    type,
    target_task_id,
    note: note ?? null,
    created_at: event.ts,
    created_by: event.actor,
  };
  return { relationships_out: [...task.relationships_out, relationship] };
}

function removeRelationship(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  const { type, target_task_id: target } = dataOf('relationship_removed', event);
  return {
    relationships_out: task.relationships_out.filter(
      (each) => each.type !== type || each.target_task_id !== target,
    ),
  };
}

function linkBranch(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  const { branch, repo } = dataOf('branch_linked', event);
  const link = { branch, repo: repo ?? null, linked_at: event.ts, linked_by: event.actor };
  return { branch_links: [...task.branch_links, link] };
}

function unlinkBranch(task: TaskSnapshot, event: TaskEvent): Partial<TaskSnapshot> {
  const { branch, repo } = dataOf('branch_unlinked', event);
  return {
    branch_links: task.branch_links.filter((each) => each.branch !== branch || each.repo !== (repo ?? null)),
  };
}

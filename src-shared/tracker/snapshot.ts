import type { Actor } from './actor.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** The seven ways one task can relate to another. */
export const RELATIONSHIP_TYPES = [
  'blocks',
  'depends_on',
  'subtask_of',
  'related_to',
  'spawned_by',
  'duplicate_of',
  'supersedes',
] as const;

/** A relationship as its source task stores it; the other end stores nothing. */
export interface Relationship {
  readonly type: string;
  readonly target_task_id: string;
  readonly created_at: string;
  readonly created_by: Actor;
  readonly note: string | null;
}

/** A comment or artifact that counts as proof for a role, or without one. */
export interface EvidenceRef {
  readonly id: string;
  readonly role: string | null;
  readonly source_type: string;
  readonly criterion_ids?: readonly string[];
}

/** A git branch that belongs to a task. */
export interface BranchLink {
  readonly branch: string;
  readonly repo: string | null;
  readonly linked_at: string;
  readonly linked_by: Actor;
}

/** The flag of the hosted version that a person must look. */
export interface NeedsHuman {
  readonly flagged_by: Actor;
  readonly reason: string;
  readonly since: string;
}

/** What a task should bring about (hosted version), with its earlier wordings. */
export interface AcceptanceCriterion {
  readonly id: string;
  readonly outcome: string;
  readonly revision: number;
  readonly retired: boolean;
  readonly created_at: string;
  readonly created_by: Actor;
  readonly updated_at: string;
  readonly updated_by: Actor;
  readonly retired_at: string | null;
  readonly retired_by: Actor | null;
  readonly revisions: readonly JsonObject[];
}

/** A task as the replay of its log makes it. Fields that are not known are kept. */
export interface TaskSnapshot {
  readonly schema_version: number;
  readonly id: string;
  /** Absent on a board without a project code. */
  readonly short_id?: string;
  readonly title: string;
  readonly status: string;
  readonly priority: string | null;
  readonly urgency: string | null;
  readonly complexity: string | null;
  readonly type: string;
  readonly description: string | null;
  /** null when none were given at the start. */
  readonly tags: readonly string[] | null;
  readonly assigned_to: Actor | null;
  readonly created_by: Actor;
  readonly created_at: string;
  readonly updated_at: string;
  readonly done_at: string | null;
  readonly last_status_changed_at: string;
  readonly last_event_id: string;
  readonly relationships_out: readonly Relationship[];
  readonly evidence_refs: readonly EvidenceRef[];
  readonly branch_links: readonly BranchLink[];
  readonly comment_count: number;
  readonly reopened_count: number;
  readonly custom_fields: JsonObject;
  readonly needs_human?: NeedsHuman | null;
  readonly linked_files?: readonly string[];
  readonly acceptance_criteria?: readonly AcceptanceCriterion[];
  readonly tombstoned?: boolean;
  readonly [key: string]: unknown;
}

/** Who holds a resource, and until when. */
export interface ResourceHolder {
  readonly actor: Actor;
  readonly acquired_at: string;
  readonly expires_at: string;
  readonly last_heartbeat: string;
  readonly task_id?: string;
}

/** A resource as the replay of its log makes it. */
export interface ResourceSnapshot {
  readonly schema_version: number;
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly max_holders: number;
  readonly ttl_seconds: number;
  readonly holders: readonly ResourceHolder[];
  readonly created_by: Actor;
  readonly created_at: string;
  readonly updated_at: string;
  readonly last_event_id: string;
  readonly [key: string]: JsonValue | unknown;
}

/** The fields of a task that only their own operations may change. */
export const PROTECTED_FIELDS: readonly string[] = [
  'schema_version',
  'id',
  'short_id',
  'created_at',
  'created_by',
  'updated_at',
  'done_at',
  'last_event_id',
  'last_status_changed_at',
  'status',
  'assigned_to',
  'relationships_out',
  'evidence_refs',
  'branch_links',
  'comment_count',
  'reopened_count',
  'custom_fields',
  'linked_files',
  'needs_human',
  'acceptance_criteria',
  'tombstoned',
  'tombstoned_at',
  'tombstone_reason',
];

/** A task with counts in place of lists, for lists and boards. */
export interface CompactTask {
  readonly id: string;
  readonly short_id?: string;
  readonly title: string;
  readonly status: string;
  readonly priority: string | null;
  readonly urgency: string | null;
  readonly complexity: string | null;
  readonly type: string;
  readonly assigned_to: Actor | null;
  readonly tags: readonly string[] | null;
  readonly done_at: string | null;
  readonly last_status_changed_at: string;
  readonly comment_count: number;
  readonly reopened_count: number;
  readonly relationships_out_count: number;
  readonly evidence_ref_count: number;
  readonly branch_link_count: number;
}

/** The compact view of a task, with the fields of V1. */
export function compactTask(task: TaskSnapshot): CompactTask {
  return {
    id: task.id,
    ...(task.short_id === undefined ? {} : { short_id: task.short_id }),
    title: task.title,
    status: task.status,
    priority: task.priority,
    urgency: task.urgency,
    complexity: task.complexity,
    type: task.type,
    assigned_to: task.assigned_to,
    tags: task.tags,
    done_at: task.done_at,
    last_status_changed_at: task.last_status_changed_at,
    comment_count: task.comment_count,
    reopened_count: task.reopened_count,
    relationships_out_count: task.relationships_out.length,
    evidence_ref_count: task.evidence_refs.length,
    branch_link_count: task.branch_links.length,
  };
}

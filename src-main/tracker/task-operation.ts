import { assertNever } from '../../src-shared/errors.ts';
import type { Actor } from '../../src-shared/tracker/actor.ts';
import type { RelationGraph } from '../../src-shared/tracker/graph.ts';
import type { JsonValue } from '../../src-shared/tracker/json.ts';
import { planArchive, planUnarchive } from '../../src-shared/tracker/operations/archive.ts';
import { planAssign } from '../../src-shared/tracker/operations/assign.ts';
import { type AttachInput, planAttach } from '../../src-shared/tracker/operations/attach.ts';
import { planClaim } from '../../src-shared/tracker/operations/claim.ts';
import { type CommentInput, planComment } from '../../src-shared/tracker/operations/comment.ts';
import {
  planCommentDelete,
  planCommentEdit,
  planReact,
  planUnreact,
} from '../../src-shared/tracker/operations/comment-changes.ts';
import { planComplete } from '../../src-shared/tracker/operations/complete.ts';
import { type CustomEventInput, planCustomEvent } from '../../src-shared/tracker/operations/custom-event.ts';
import {
  type LinkInput,
  planBranchLink,
  planBranchUnlink,
  planLink,
  planUnlink,
} from '../../src-shared/tracker/operations/link.ts';
import type { OperationContext, Plan, TaskState } from '../../src-shared/tracker/operations/operation.ts';
import { planShortId } from '../../src-shared/tracker/operations/short-id.ts';
import { planStatus } from '../../src-shared/tracker/operations/status.ts';
import { planUpdate } from '../../src-shared/tracker/operations/update.ts';

/** A change of one task by its name; what crosses to a remote board as well. Other tasks are named by id here. */
export type TaskOperation =
  | { readonly op: 'update'; readonly fields: Readonly<Record<string, JsonValue>> }
  | { readonly op: 'status'; readonly status: string; readonly force?: boolean; readonly reason?: string }
  | { readonly op: 'assign'; readonly to: Actor | null }
  | ({ readonly op: 'comment' } & CommentInput)
  | {
      readonly op: 'comment_edit';
      readonly commentId: string;
      readonly body: string;
      readonly role?: string | null;
    }
  | { readonly op: 'comment_delete'; readonly commentId: string }
  | { readonly op: 'react' | 'unreact'; readonly commentId: string; readonly emoji: string }
  | ({ readonly op: 'link' | 'unlink' } & LinkInput)
  | { readonly op: 'branch_link' | 'branch_unlink'; readonly branch: string; readonly repo?: string }
  /** `bytes` is what a file source holds. */
  | ({ readonly op: 'attach'; readonly bytes?: Uint8Array } & AttachInput)
  | ({ readonly op: 'event' } & CustomEventInput)
  | { readonly op: 'complete'; readonly review: string }
  | { readonly op: 'claim' }
  | { readonly op: 'archive' | 'unarchive' }
  | { readonly op: 'short_id'; readonly shortId: string };

/** What an operation is judged by beside the task itself. */
export interface Surroundings {
  readonly plan: string | null;
  readonly graph: RelationGraph;
  /** How many tasks are in a status now. */
  readonly inTarget?: number;
}

/** Whether the relationships of the whole board matter to an operation. */
export function needsGraph(operation: TaskOperation): boolean {
  return operation.op === 'link';
}

/** Whether the lifecycle log may mirror what an operation writes. */
export function isMirrored(operation: TaskOperation): boolean {
  return operation.op === 'archive' || operation.op === 'unarchive';
}

/** Plans an operation by its name. */
export function planOperation(
  state: TaskState,
  operation: TaskOperation,
  around: Surroundings,
  context: OperationContext,
): Plan {
  switch (operation.op) {
    case 'update':
      return planUpdate(state, operation, context);
    case 'status':
      return planStatus(state, { ...operation, plan: around.plan, ...inTarget(around) }, context);
    case 'assign':
      return planAssign(state, operation, context);
    case 'comment':
      return planComment(state, operation, context);
    case 'comment_edit':
      return planCommentEdit(state, operation, context);
    case 'comment_delete':
      return planCommentDelete(state, operation, context);
    case 'react':
      return planReact(state, operation, context);
    case 'unreact':
      return planUnreact(state, operation, context);
    case 'link':
      return planLink(state, { ...operation, graph: around.graph }, context);
    case 'unlink':
      return planUnlink(state, operation, context);
    case 'branch_link':
      return planBranchLink(state, operation, context);
    case 'branch_unlink':
      return planBranchUnlink(state, operation, context);
    case 'attach':
      return planAttach(state, operation, context);
    case 'event':
      return planCustomEvent(state, operation, context);
    case 'complete':
      return planComplete(state, operation, context);
    case 'claim':
      return planClaim(state, { plan: around.plan }, context);
    case 'archive':
      return planArchive(state, context);
    case 'unarchive':
      return planUnarchive(state, context);
    case 'short_id':
      return planShortId(state, operation, context);
    default:
      return assertNever(operation);
  }
}

function inTarget({ inTarget: count }: Surroundings): { inTarget?: number } {
  return count === undefined ? {} : { inTarget: count };
}

import { commentsById, type FlatComment } from '../comments.ts';
import { checkText } from '../fields.ts';
import { isId } from '../ids.ts';
import { MAX_TEXT } from '../limits.ts';
import { type Refusal, refuse } from '../verdict.ts';
import { knownRoles } from '../workflow.ts';
import {
  checkWritable,
  newEvent,
  nothingToDo,
  type OperationContext,
  type Plan,
  planned,
  type TaskState,
} from './operation.ts';

/** A new comment. */
export interface CommentInput {
  readonly body: string;
  /** The comment it replies to; replies have no replies. */
  readonly replyTo?: string;
  /** What the comment proves, such as `review`. */
  readonly role?: string;
  /** An event id of the caller; the same id with the same text changes nothing. */
  readonly id?: string;
}

/** Plans a comment or a reply. */
export function planComment(state: TaskState, input: CommentInput, context: OperationContext): Plan {
  const refusal = checkWritable(state, context) ?? checkRole(input.role, context);
  if (refusal !== undefined) return refusal;
  const body = checkBody(input.body);
  if (typeof body !== 'string') return body;
  if (input.id !== undefined) {
    const before = repeated(state, input.id, { ...input, body });
    if (before !== undefined) return before;
  }
  if (input.replyTo !== undefined) {
    const wrong = checkParent(state, input.replyTo);
    if (wrong !== undefined) return wrong;
  }
  const data = {
    body,
    ...(input.replyTo === undefined ? {} : { parent_id: input.replyTo }),
    ...(input.role === undefined ? {} : { role: input.role }),
  };
  const id = input.id ?? context.newId('ev');
  return planned(state, [newEvent(state.task.id, 'comment_added', data, context, id)]);
}

function repeated(state: TaskState, id: string, input: CommentInput): Plan | undefined {
  if (!isId(id, 'ev')) return refuse('INVALID_ID', `${JSON.stringify(id)} is no event id.`);
  const event = state.events.find((each) => each.id === id);
  if (event === undefined) return undefined;
  const { body, parent_id, role } = event.data;
  const same =
    event.type === 'comment_added' &&
    body === input.body &&
    (parent_id ?? undefined) === input.replyTo &&
    (role ?? undefined) === input.role;
  if (same) return nothingToDo(state, `Comment ${id} exists already.`);
  return refuse('CONFLICT', `Conflict: event ${id} exists with different data.`);
}

function checkParent(state: TaskState, id: string): Refusal | undefined {
  const parent = commentsById(state.events).get(id);
  if (parent === undefined) return refuse('NOT_FOUND', `Comment ${id} not found.`);
  if (parent.deleted) return refuse('VALIDATION_ERROR', `Comment ${id} is deleted and takes no replies.`);
  if (parent.parent_id === null) return undefined;
  return refuse('VALIDATION_ERROR', `Comment ${id} is a reply itself. Reply to ${parent.parent_id} instead.`);
}

/** The text to write, or why it is refused. */
export function checkBody(body: string): string | Refusal {
  const text = checkText('comment', body, MAX_TEXT);
  if (!text.ok) return text;
  const trimmed = body.trim();
  return trimmed === '' ? refuse('VALIDATION_ERROR', 'A comment needs text.') : trimmed;
}

/** Refuses a role that the board does not know. */
export function checkRole(role: string | null | undefined, context: OperationContext): Refusal | undefined {
  const roles = knownRoles(context.config);
  if (role == null || roles.length === 0 || roles.includes(role)) return undefined;
  return refuse('INVALID_ROLE', `The board has no role ${JSON.stringify(role)}.`, {
    hint: `Its roles are ${roles.join(', ')}.`,
  });
}

/** A comment that can still be changed, or why not. */
export function livingComment(state: TaskState, id: string): FlatComment | Refusal {
  const comment = commentsById(state.events).get(id);
  if (comment === undefined) return refuse('NOT_FOUND', `Comment ${id} not found.`);
  return comment.deleted ? refuse('CONFLICT', `Comment ${id} is already deleted.`) : comment;
}

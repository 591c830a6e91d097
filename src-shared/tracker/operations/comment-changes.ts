import { sameActor } from '../actor.ts';
import { reactors } from '../comments.ts';
import { type Refusal, refuse } from '../verdict.ts';
import { checkBody, checkRole, livingComment } from './comment.ts';
import {
  checkWritable,
  newEvent,
  nothingToDo,
  type OperationContext,
  type Plan,
  planned,
  type TaskState,
} from './operation.ts';

const EMOJI = /^[A-Za-z0-9_-]{1,50}$/;

/** Plans a new wording of a comment, and with `role` also what it proves (null for nothing). */
export function planCommentEdit(
  state: TaskState,
  input: { readonly commentId: string; readonly body: string; readonly role?: string | null },
  context: OperationContext,
): Plan {
  const refusal = checkWritable(state, context) ?? checkRole(input.role, context);
  if (refusal !== undefined) return refusal;
  const comment = livingComment(state, input.commentId);
  if ('ok' in comment) return comment;
  const body = checkBody(input.body);
  if (typeof body !== 'string') return body;
  const role = input.role === comment.role ? undefined : input.role;
  if (body === comment.body && role === undefined) return nothingToDo(state, 'No changes.');
  const data = {
    comment_id: comment.id,
    body,
    previous_body: comment.body,
    ...(role === undefined ? {} : { role, previous_role: comment.role }),
  };
  return planned(state, [newEvent(state.task.id, 'comment_edited', data, context)]);
}

/** Plans the removal of a comment; its place in the thread stays. */
export function planCommentDelete(
  state: TaskState,
  input: { readonly commentId: string },
  context: OperationContext,
): Plan {
  const refusal = checkWritable(state, context);
  if (refusal !== undefined) return refusal;
  const comment = livingComment(state, input.commentId);
  if ('ok' in comment) return comment;
  return planned(state, [newEvent(state.task.id, 'comment_deleted', { comment_id: comment.id }, context)]);
}

/** A reaction to a comment, by the name of an emoji. */
export interface ReactionInput {
  readonly commentId: string;
  /** Letters, digits, `_` and `-`, at most 50. */
  readonly emoji: string;
}

/** Plans a reaction; one that is there already changes nothing. */
export function planReact(state: TaskState, input: ReactionInput, context: OperationContext): Plan {
  return planReaction(state, input, context, 'reaction_added');
}

/** Plans taking a reaction back; one that is not there changes nothing. */
export function planUnreact(state: TaskState, input: ReactionInput, context: OperationContext): Plan {
  return planReaction(state, input, context, 'reaction_removed');
}

function planReaction(
  state: TaskState,
  { commentId, emoji }: ReactionInput,
  context: OperationContext,
  type: 'reaction_added' | 'reaction_removed',
): Plan {
  const refusal = checkWritable(state, context) ?? checkEmoji(emoji);
  if (refusal !== undefined) return refusal;
  const comment = livingComment(state, commentId);
  if ('ok' in comment) return comment;
  const there = reactors(comment, emoji).some((actor) => sameActor(actor, context.actor));
  if (there === (type === 'reaction_added')) {
    return nothingToDo(state, there ? `Already reacted with ${emoji}` : `No reaction ${emoji} to remove`);
  }
  return planned(state, [newEvent(state.task.id, type, { comment_id: commentId, emoji }, context)]);
}

function checkEmoji(emoji: string): Refusal | undefined {
  if (EMOJI.test(emoji)) return undefined;
  return refuse('VALIDATION_ERROR', 'A reaction is the name of an emoji, such as thumbs_up.', {
    hint: 'Letters, digits, _ and -, at most 50.',
  });
}

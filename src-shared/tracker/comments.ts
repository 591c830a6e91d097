import { type Actor, sameActor } from './actor.ts';
import type { TaskEvent } from './event.ts';
import { dataOf } from './event-data.ts';

/** An earlier wording of a comment. */
export interface CommentEdit {
  readonly body: string;
  readonly edited_at: string;
  readonly edited_by: Actor;
}

/** A comment as it stands, with its replies. Deleted comments stay, so that threads keep their shape. */
export interface Comment {
  /** The id of the event that added it. */
  readonly id: string;
  readonly body: string;
  readonly role: string | null;
  readonly author: Actor;
  readonly created_at: string;
  readonly edited: boolean;
  readonly edited_at: string | null;
  readonly edit_history: readonly CommentEdit[];
  readonly deleted: boolean;
  readonly deleted_by: Actor | null;
  readonly deleted_at: string | null;
  readonly parent_id: string | null;
  /** Who reacted, by emoji name. */
  readonly reactions: Readonly<Record<string, readonly Actor[]>>;
  readonly replies: readonly Comment[];
}

/** A comment without its replies. */
export type FlatComment = Omit<Comment, 'replies'>;

/** The comments of a task by id, in the order they were added. */
export function commentsById(events: Iterable<TaskEvent>): ReadonlyMap<string, FlatComment> {
  const comments = new Map<string, FlatComment>();
  for (const event of events) addCommentEvent(comments, event);
  return comments;
}

/** Brings one more event into a map of comments; events that are about something else change nothing. */
export function addCommentEvent(comments: Map<string, FlatComment>, event: TaskEvent): void {
  if (event.type === 'comment_added') {
    comments.set(event.id, newComment(event));
    return;
  }
  const change = CHANGES.get(event.type);
  const id = event.data.comment_id;
  const comment = change === undefined || typeof id !== 'string' ? undefined : comments.get(id);
  if (comment !== undefined && change !== undefined) comments.set(comment.id, change(comment, event));
}

/** The threads of a task: first comments in order, each with its replies. */
export function commentTree(events: Iterable<TaskEvent>): Comment[] {
  const flat = commentsById(events);
  const top: Comment[] = [];
  const replies = new Map<string, Comment[]>();
  for (const each of flat.values()) {
    const mine: Comment[] = [];
    const thread = each.parent_id === null ? undefined : replies.get(each.parent_id);
    (thread ?? top).push({ ...each, replies: mine });
    replies.set(each.id, mine);
  }
  return top;
}

function newComment(event: TaskEvent): FlatComment {
  const data = dataOf('comment_added', event);
  return {
    id: event.id,
    body: data.body,
    role: data.role ?? null,
    author: event.actor,
    created_at: event.ts,
    edited: false,
    edited_at: null,
    edit_history: [],
    deleted: false,
    deleted_by: null,
    deleted_at: null,
    parent_id: data.parent_id ?? null,
    reactions: {},
  };
}

type Change = (comment: FlatComment, event: TaskEvent) => FlatComment;

const CHANGES: ReadonlyMap<string, Change> = new Map<string, Change>([
  ['comment_edited', edit],
  ['comment_deleted', remove],
  ['reaction_added', react],
  ['reaction_removed', unreact],
]);

function edit(comment: FlatComment, event: TaskEvent): FlatComment {
  if (comment.deleted) return comment;
  const { body, role } = dataOf('comment_edited', event);
  const before = { body: comment.body, edited_at: event.ts, edited_by: event.actor };
  return {
    ...comment,
    body,
    role: role === undefined ? comment.role : role,
    edited: true,
    edited_at: event.ts,
    edit_history: [...comment.edit_history, before],
  };
}

function remove(comment: FlatComment, event: TaskEvent): FlatComment {
  if (comment.deleted) return comment;
  return { ...comment, deleted: true, deleted_by: event.actor, deleted_at: event.ts };
}

function react(comment: FlatComment, event: TaskEvent): FlatComment {
  const { emoji } = dataOf('reaction_added', event);
  const actors = reactors(comment, emoji);
  if (comment.deleted || actors.some((actor) => sameActor(actor, event.actor))) return comment;
  return { ...comment, reactions: { ...comment.reactions, [emoji]: [...actors, event.actor] } };
}

function unreact(comment: FlatComment, event: TaskEvent): FlatComment {
  const { emoji } = dataOf('reaction_removed', event);
  const left = reactors(comment, emoji).filter((actor) => !sameActor(actor, event.actor));
  const others = Object.entries(comment.reactions).filter(([name]) => name !== emoji);
  return {
    ...comment,
    reactions: Object.fromEntries(left.length === 0 ? others : [...others, [emoji, left]]),
  };
}

/** Who reacted to a comment with an emoji. */
export function reactors(comment: Pick<Comment, 'reactions'>, emoji: string): readonly Actor[] {
  return (Object.hasOwn(comment.reactions, emoji) ? comment.reactions[emoji] : undefined) ?? [];
}

import { MessageSquareReply, PencilLine, SmilePlus, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { present } from '../../../../src-shared/present.ts';
import type { BoardView, CommentLine, TaskDetail } from '../../../../src-shared/views/board.ts';
import { call } from '../../../data/queries.ts';
import { cx } from '../../../ui/cx.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { Time } from '../../../ui/time.tsx';
import { toastError } from '../../../ui/toast.tsx';
import { readableWord } from '../logic/words.ts';
import { ActorMark } from '../parts/actor-mark.tsx';
import { Markdown } from '../parts/markdown.tsx';
import { OFFERED_REACTIONS, ReactionMark, reactionIcon } from '../parts/reaction-mark.tsx';
import { ReplyField } from './reply-field.tsx';

interface Place {
  board: string;
  task: string;
  readOnly: boolean;
}

function said(title: string, done: Promise<unknown>): void {
  done.catch((error: unknown) => toastError(title, error));
}

function Reactions({ place, comment }: { place: Place; comment: CommentLine }): ReactNode {
  const react = (emoji: string, on: boolean) =>
    said(
      'The reaction was not saved',
      call('board.react', { board: place.board, task: place.task, comment: comment.id, emoji, on }),
    );
  if (comment.reactions.length === 0) return null;
  return (
    <div className="mt-6 flex flex-wrap gap-4">
      {comment.reactions.map(({ emoji, names, mine }) => (
        <button
          key={emoji}
          type="button"
          aria-pressed={mine}
          aria-label={`${readableWord(emoji)}, ${names.length}: ${names.join(', ')}`}
          title={`${readableWord(emoji)}: ${names.join(', ')}`}
          disabled={place.readOnly}
          onClick={() => react(emoji, !mine)}
          className={cx(
            'figures inline-flex h-20 items-center gap-4 rounded-badge border px-6 text-tiny',
            mine ? 'border-accent-line bg-accent-subtle text-accent-text' : 'border-border bg-surface text-2',
          )}
        >
          <ReactionMark emoji={emoji} />
          {names.length}
        </button>
      ))}
    </div>
  );
}

interface CommentProps {
  place: Place;
  comment: CommentLine;
  onReply: (() => void) | undefined;
}

function Actions({ place, comment, onReply, onEdit }: CommentProps & { onEdit(): void }): ReactNode {
  const at = { board: place.board, task: place.task, comment: comment.id };
  return (
    <span className="absolute -top-4 right-0 inline-flex rounded-control border border-border bg-raised opacity-0 group-hover/comment:opacity-100 focus-within:opacity-100">
      <Menu
        trigger={<IconButton icon={SmilePlus} label="React" size={24} />}
        groups={[
          OFFERED_REACTIONS.map((emoji) => ({
            id: emoji,
            label: readableWord(emoji),
            ...present({ icon: reactionIcon(emoji) }),
            run: () => said('The reaction was not saved', call('board.react', { ...at, emoji, on: true })),
          })),
        ]}
      />
      {onReply !== undefined && (
        <IconButton icon={MessageSquareReply} label="Reply" size={24} onClick={onReply} />
      )}
      {comment.mine && (
        <>
          <IconButton icon={PencilLine} label="Edit the comment" size={24} onClick={onEdit} />
          <IconButton
            icon={Trash2}
            label="Delete the comment"
            size={24}
            onClick={() => said('The comment was not deleted', call('board.deleteComment', at))}
          />
        </>
      )}
    </span>
  );
}

function Comment({ place, comment, onReply }: CommentProps): ReactNode {
  const [editing, setEditing] = useState(false);
  const save = async (body: string) => {
    await call('board.editComment', { board: place.board, task: place.task, comment: comment.id, body });
    setEditing(false);
  };
  return (
    <article aria-label={`Comment of ${comment.author.name}`} className="group/comment relative flex gap-10">
      <span className="mt-1 inline-flex">
        <ActorMark actor={comment.author} named />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-6 text-body">
          <span className="truncate font-semibold text-1">{comment.author.name}</span>
          <span className="shrink-0 text-small text-3">
            <Time at={comment.at} />
            {comment.edited && ', edited'}
          </span>
          {comment.role !== undefined && <Tag>{readableWord(comment.role)}</Tag>}
        </p>
        {comment.deleted ? (
          <p className="text-body text-3">This comment was deleted.</p>
        ) : editing ? (
          <ReplyField
            label="Edit the comment"
            first={comment.body}
            verb="Save"
            onSend={save}
            onClose={() => setEditing(false)}
          />
        ) : (
          <Markdown text={comment.body} />
        )}
        {!comment.deleted && <Reactions place={place} comment={comment} />}
      </div>
      {!comment.deleted && !editing && !place.readOnly && (
        <Actions place={place} comment={comment} onReply={onReply} onEdit={() => setEditing(true)} />
      )}
    </article>
  );
}

/** What people and agents said, with replies; `silent` shows nothing while there is nothing. */
export function Comments(props: { board: BoardView; detail: TaskDetail; silent: boolean }): ReactNode {
  const { board, detail, silent } = props;
  const [replying, setReplying] = useState<string>();
  const place = { board: board.id, task: detail.card.id, readOnly: board.read_only !== undefined };
  if (detail.comments.length === 0)
    return silent ? null : <p className="px-16 py-12 text-body text-3">Nobody said anything yet.</p>;
  return (
    <div className="flex flex-col gap-16 px-16 py-14">
      {detail.comments.map((comment) => (
        <div key={comment.id} className="flex flex-col gap-12">
          <Comment place={place} comment={comment} onReply={() => setReplying(comment.id)} />
          {(comment.replies.length > 0 || replying === comment.id) && (
            <div className="ml-8 flex flex-col gap-12 border-l border-hairline pl-20">
              {comment.replies.map((reply) => (
                <Comment key={reply.id} place={place} comment={reply} onReply={undefined} />
              ))}
              {replying === comment.id && (
                <ReplyField
                  label={`Reply to ${comment.author.name}`}
                  first=""
                  verb="Reply"
                  onClose={() => setReplying(undefined)}
                  onSend={async (body) => {
                    await call('board.comment', {
                      board: place.board,
                      task: place.task,
                      body,
                      parent: comment.id,
                    });
                    setReplying(undefined);
                  }}
                />
              )}
            </div>
          )}
        </div>
      ))}
    </div>
  );
}

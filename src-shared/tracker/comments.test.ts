import { describe, expect, it } from 'vitest';
import { commentTree } from './comments.ts';
import type { TaskEvent } from './event.ts';
import { planComment } from './operations/comment.ts';
import { planCommentDelete, planCommentEdit, planReact, planUnreact } from './operations/comment-changes.ts';
import type { Plan, TaskState } from './operations/operation.ts';
import { newTask, refusalCode, testContexts, written } from './testing.ts';

const context = testContexts();

function follow(state: TaskState, plan: Plan): TaskState {
  return written(state.events, plan);
}

function lastId(state: TaskState): string {
  return state.events.at(-1)?.id ?? '';
}

/** A task with one comment, its id and a reply to it. */
function thread() {
  const fresh = newTask(context());
  const first = follow(fresh, planComment(fresh, { body: ' First look ', role: 'review' }, context()));
  const id = lastId(first);
  const state = follow(first, planComment(first, { body: 'Yes', replyTo: id }, context('agent:codex-1')));
  return { state, id, replyId: lastId(state) };
}

describe('comments', () => {
  it('stand in threads of one level', () => {
    const { state, id, replyId } = thread();
    expect(commentTree(state.events)).toMatchObject([
      { id, body: 'First look', role: 'review', parent_id: null, replies: [{ id: replyId, parent_id: id }] },
    ]);
    expect(refusalCode(planComment(state, { body: 'x', replyTo: replyId }, context()))).toBe(
      'VALIDATION_ERROR',
    );
    expect(refusalCode(planComment(state, { body: 'x', replyTo: 'ev_none' }, context()))).toBe('NOT_FOUND');
  });

  it('keep their history and move their evidence with an edit', () => {
    const { state, id } = thread();
    const edited = follow(state, planCommentEdit(state, { commentId: id, body: 'Second look' }, context()));
    expect(edited.events.at(-1)?.data).toEqual({
      comment_id: id,
      body: 'Second look',
      previous_body: 'First look',
    });
    expect(edited.task.evidence_refs).toEqual([{ id, role: 'review', source_type: 'comment' }]);
    const dropped = follow(
      edited,
      planCommentEdit(edited, { commentId: id, body: 'Second look', role: null }, context('human:bob')),
    );
    expect(dropped.task).toMatchObject({ evidence_refs: [], comment_count: 2 });
    expect(commentTree(dropped.events)[0]).toMatchObject({
      body: 'Second look',
      role: null,
      edited: true,
      edit_history: [{ body: 'First look' }, { body: 'Second look', edited_by: 'human:bob' }],
    });
    const again = planCommentEdit(dropped, { commentId: id, body: ' Second look' }, context());
    expect(again).toMatchObject({ ok: true, events: [], note: 'No changes.' });
  });

  it('stay in their place when they are deleted, and take nothing more', () => {
    const { state, id } = thread();
    const gone = follow(state, planCommentDelete(state, { commentId: id }, context()));
    expect(gone.task).toMatchObject({ comment_count: 1, evidence_refs: [] });
    expect(commentTree(gone.events)).toMatchObject([{ id, deleted: true, replies: [{ deleted: false }] }]);
    expect(refusalCode(planCommentDelete(gone, { commentId: id }, context()))).toBe('CONFLICT');
    expect(refusalCode(planCommentEdit(gone, { commentId: id, body: 'x' }, context()))).toBe('CONFLICT');
    expect(refusalCode(planReact(gone, { commentId: id, emoji: 'eyes' }, context()))).toBe('CONFLICT');
    expect(refusalCode(planComment(gone, { body: 'x', replyTo: id }, context()))).toBe('VALIDATION_ERROR');
  });

  it('take a reaction of each actor once, sessions by their name', () => {
    const { state, id } = thread();
    const session = { name: 'Argus-1', session: 'sess_1' };
    const react = { commentId: id, emoji: 'thumbs_up' };
    const one = follow(state, planReact(state, react, context(session)));
    const again = planReact(one, react, context({ ...session, session: 'sess_2' }));
    expect(again).toMatchObject({ ok: true, events: [] });
    const two = follow(one, planReact(one, react, context()));
    expect(commentTree(two.events)[0]?.reactions).toEqual({ thumbs_up: [session, 'human:ann'] });
    const none = follow(two, planUnreact(two, react, context()));
    expect(commentTree(none.events)[0]?.reactions).toEqual({ thumbs_up: [session] });
    expect(planUnreact(none, react, context())).toMatchObject({ ok: true, events: [] });
    for (const emoji of ['', '👍', 'a b', 'x'.repeat(51)]) {
      expect(refusalCode(planReact(state, { commentId: id, emoji }, context()))).toBe('VALIDATION_ERROR');
    }
  });

  it('that answer themselves or nobody stand alone', () => {
    const { state } = thread();
    const odd = (id: string, parent_id: string): TaskEvent => ({
      ...context(),
      schema_version: 1,
      task_id: state.task.id,
      ts: '2026-11-21T08:00:00Z',
      actor: 'human:ann',
      id,
      type: 'comment_added',
      data: { body: id, parent_id },
    });
    const tree = commentTree([...state.events, odd('ev_self', 'ev_self'), odd('ev_lost', 'ev_none')]);
    expect(tree.map((comment) => [comment.body, comment.replies.length])).toEqual([
      ['First look', 1],
      ['ev_self', 0],
      ['ev_lost', 0],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { TaskEvent } from './event.ts';
import type { JsonObject } from './json.ts';
import { replayTask } from './replay.ts';
import { serialiseDocument } from './serialise.ts';
import { checkStrictReplay } from './strict-replay.ts';

let count = 0;

function event(type: string, data: JsonObject, change: Partial<TaskEvent> = {}): TaskEvent {
  count += 1;
  return {
    schema_version: 1,
    id: `ev_${count}`,
    ts: '2026-11-21T08:00:00Z',
    type,
    task_id: 'task_1',
    actor: 'human:ann',
    data,
    ...change,
  };
}

const created = event('task_created', { title: 'T', status: 'backlog', type: 'task', priority: 'medium' });
const comment = event('comment_added', { body: 'hello' });
const about = { comment_id: comment.id };
const deleted = event('comment_deleted', about);
const reaction = event('reaction_added', { ...about, emoji: 'eyes' });

function findings(...events: TaskEvent[]): string[] {
  return checkStrictReplay('task_1', events).map((finding) => finding.message);
}

describe('strict replay', () => {
  it.each<[string, TaskEvent[], RegExp]>([
    ['an empty log', [], /no events/],
    ['an event before the creation', [comment, created], /before the task is created/],
    ['a second creation', [created, { ...created, id: 'ev_x' }], /second time/],
    ['an event of another task', [created, event('x_a', {}, { task_id: 'task_2' })], /belongs to task_2/],
    ['an event twice', [created, comment, comment], /twice/],
    [
      'a wrong status before',
      [created, event('status_changed', { from: 'done', to: 'review' })],
      /"done".*"backlog"/,
    ],
    [
      'a wrong owner before',
      [created, event('assignment_changed', { from: 'human:x', to: null })],
      /human:x/,
    ],
    [
      'a wrong field before',
      [created, event('field_updated', { field: 'title', from: 'X', to: 'Y' })],
      /"T"/,
    ],
    [
      'a protected field',
      [created, event('field_updated', { field: 'status', from: 'backlog', to: 'done' })],
      /cannot be changed/,
    ],
    ['a return from no archive', [created, event('task_unarchived', {})], /not archived/],
    [
      'an archive twice',
      [created, event('task_archived', {}), event('task_archived', {})],
      /archived already/,
    ],
    ['an edit of nothing', [created, event('comment_edited', { ...about, body: 'x' })], /does not exist/],
    [
      'an edit that forgets',
      [
        created,
        comment,
        event('comment_edited', { ...about, body: 'x', previous_body: ['hello', 'review'] }),
      ],
      /before the edit/,
    ],
    ['a second deletion', [created, comment, deleted, event('comment_deleted', about)], /deleted/],
    ['a reaction twice', [created, comment, reaction, { ...reaction, id: 'ev_r' }], /already/],
    [
      'a reaction taken back twice',
      [created, comment, event('reaction_removed', { ...about, emoji: 'eyes' })],
      /no such reaction/,
    ],
    [
      'an artifact with two roles',
      [
        created,
        event('artifact_attached', { artifact_id: 'art_1' }),
        event('artifact_attached', { artifact_id: 'art_1', role: 'review' }),
      ],
      /another role/,
    ],
    ['an erasure undone for nothing', [created, event('task_untombstoned', { reason: 'x' })], /not erased/],
  ])('finds %s', (_, events, message) => {
    expect(findings(...events).join('\n')).toMatch(message);
  });

  it('takes an empty list for a field that was never set, and missing values', () => {
    const tags = event('field_updated', { field: 'tags', from: [], to: ['a'] });
    const moved = event('status_changed', { to: 'planned' });
    const edited = event('comment_edited', { ...about, body: 'x' });
    expect(findings(created, tags, moved, comment, edited)).toEqual([]);
  });

  it('leaves out what somebody has accepted', () => {
    const wrong = event('status_changed', { from: 'done', to: 'review' });
    const mark = event('task_history_reconciled', { event_ids: [wrong.id], reason: 'two machines' });
    expect(findings(created, wrong)).toHaveLength(1);
    expect(findings(created, wrong, mark)).toEqual([]);
  });
});

describe('events of the hosted version', () => {
  it('have their effects', () => {
    const { task, problems } = replayTask([
      created,
      event('needs_human_flagged', { reason: 'stuck' }),
      event('file_linked', { paths: ['a.ts', 'b.ts', 'a.ts'] }),
      event('file_unlinked', { paths: ['b.ts'] }),
      event('acceptance_criterion_added', { criterion_id: 'ac_1', outcome: 'It runs', revision: 1 }),
      event('acceptance_criterion_edited', { criterion_id: 'ac_1', outcome: 'It flies', revision: 2 }),
      event('acceptance_criterion_retired', { criterion_id: 'ac_1', revision: 2 }),
      event('surface_bound', { surface: 's1', workspace: 'w1' }),
      event('task_tombstoned', { reason: 'secret' }),
    ]);
    expect(problems).toEqual([]);
    expect(task).toMatchObject({
      needs_human: { reason: 'stuck', flagged_by: 'human:ann' },
      linked_files: ['a.ts'],
      acceptance_criteria: [{ id: 'ac_1', outcome: 'It flies', revision: 2, retired: true }],
      c11_surface: 's1',
      tombstoned: true,
      tombstone_reason: 'secret',
    });
    expect(task?.acceptance_criteria?.[0]?.revisions).toHaveLength(2);
  });

  it('leave a snapshot of V1 when they are undone', () => {
    const erased = [created, event('task_tombstoned', { reason: 'x' }), event('task_untombstoned', {})];
    const { task } = replayTask(erased);
    expect(serialiseDocument(task ?? {})).not.toContain('tombstone');
    expect(task).toMatchObject({ title: 'T', last_event_id: erased.at(-1)?.id });
  });
});

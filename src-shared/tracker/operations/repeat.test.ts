import { describe, expect, it } from 'vitest';
import { accepted, newTask, refusalCode, testContexts, written } from '../testing.ts';
import { isStale, planArchive, planUnarchive } from './archive.ts';
import { planAssign } from './assign.ts';
import { planAttach } from './attach.ts';
import { planClaim } from './claim.ts';
import { planComment } from './comment.ts';
import { planComplete } from './complete.ts';
import { planCreate } from './create.ts';
import { planCustomEvent } from './custom-event.ts';
import type { TaskState } from './operation.ts';
import { planShortId } from './short-id.ts';
import { planStatus } from './status.ts';
import { planUpdate } from './update.ts';

const ULID = '01M7XZZZZZZZZZZZZZZZZZZZZZ';
const PLAN = '# A task\n\n- Do it\n';
const context = testContexts();

function archived(): TaskState {
  const state = newTask(context());
  return written(state.events, planArchive(state, context()));
}

describe('operations with an id of the caller', () => {
  it('create once, and refuse the id for other data', () => {
    const input = { title: ' Fixed id ', id: `task_${ULID}`, tags: ['a'] };
    const first = newTask(context(), input);
    const later = written(first.events, planUpdate(first, { fields: { title: 'Renamed' } }, context()));
    expect(planCreate(later, { ...input, shortId: 'LAT-9' }, context())).toMatchObject({
      ok: true,
      events: [],
    });
    expect(refusalCode(planCreate(later, { ...input, tags: [] }, context()))).toBe('CONFLICT');
    expect(refusalCode(planCreate(undefined, { ...input, id: 'task_1' }, context()))).toBe('INVALID_ID');
  });

  it.each([
    {
      what: 'a comment',
      id: `ev_${ULID}`,
      plan: (at: TaskState, id: string, body: string) => planComment(at, { body, id }, context()),
    },
    {
      what: 'an event',
      id: `ev_${ULID}`,
      plan: (at: TaskState, id: string, body: string) =>
        planCustomEvent(at, { type: 'x_ci', data: { body }, id }, context()),
    },
  ])('write $what once', ({ id, plan }) => {
    const state = newTask(context());
    const after = written(state.events, plan(state, id, 'green'));
    expect(after.events.at(-1)?.id).toBe(id);
    expect(plan(after, id, 'green')).toMatchObject({ ok: true, events: [] });
    expect(refusalCode(plan(after, id, 'red'))).toBe('CONFLICT');
    expect(refusalCode(plan(after, 'ev_short', 'green'))).toBe('INVALID_ID');
  });

  it('attach once, and refuse another role', () => {
    const state = newTask(context());
    const input = { source: { kind: 'text', text: 'ü' }, title: 'Spec', id: `art_${ULID}` } as const;
    const plan = accepted(planAttach(state, input, context()));
    expect(plan.files).toMatchObject([
      { kind: 'artifact_payload', file: `art_${ULID}.md`, text: 'ü' },
      { kind: 'artifact_meta', meta: { type: 'note', payload: { size_bytes: 2 }, custom_fields: {} } },
    ]);
    const after = written(state.events, plan);
    expect(planAttach(after, input, context())).toMatchObject({ ok: true, events: [], files: [] });
    expect(refusalCode(planAttach(after, { ...input, role: 'review' }, context()))).toBe('CONFLICT');
  });
});

describe('archived tasks', () => {
  it('take no changes and say how to get them back', () => {
    const state = archived();
    const refused = planUpdate(state, { fields: { title: 'New' } }, context());
    expect(refused).toMatchObject({
      ok: false,
      code: 'NOT_FOUND',
      hint: expect.stringContaining('unarchive'),
    });
    expect(refusalCode(planArchive(state, context()))).toBe('CONFLICT');
    const back = written(state.events, planUnarchive(state, context()));
    expect(back.archived).toBe(false);
    expect(refusalCode(planUnarchive(back, context()))).toBe('CONFLICT');
    expect(planUpdate(back, { fields: { title: 'New' } }, context()).ok).toBe(true);
  });

  it('still get a short id', () => {
    const plan = accepted(planShortId(archived(), { shortId: 'lat-7' }, context()));
    expect(plan.task.short_id).toBe('LAT-7');
    expect(refusalCode(planShortId(archived(), { shortId: 'seven' }, context()))).toBe('INVALID_ID');
  });

  it('are taken when they were done before yesterday', () => {
    const state = newTask(context());
    const done = written(
      state.events,
      planStatus(state, { status: 'done', plan: null, force: true, reason: 'x' }, context()),
    );
    expect(isStale(done, new Date('2026-11-22T23:59:59Z'))).toBe(false);
    expect(isStale(done, new Date('2026-11-23T00:00:00Z'))).toBe(true);
    expect(isStale(state, new Date('2027-11-23T00:00:00Z'))).toBe(false);
  });
});

describe('a claim', () => {
  it('assigns the task and takes it to the status of running work', () => {
    const claim = accepted(planClaim(newTask(context()), { plan: PLAN }, context('agent:codex-1')));
    expect(claim.events.map(({ type, data }) => [type, data.to])).toEqual([
      ['assignment_changed', 'agent:codex-1'],
      ['status_changed', 'planned'],
      ['status_changed', 'in_progress'],
    ]);
    const mine = { task: claim.task, archived: false, events: claim.events };
    expect(planClaim(mine, { plan: PLAN }, context('agent:codex-1'))).toMatchObject({ ok: true, events: [] });
    expect(refusalCode(planClaim(mine, { plan: PLAN }, context('agent:codex-2')))).toBe('ALREADY_CLAIMED');
  });

  it('is refused without a plan, from a closed status and for what others have', () => {
    const fresh = newTask(context());
    expect(refusalCode(planClaim(fresh, { plan: '# A task\n' }, context('agent:a')))).toBe('PLAN_REQUIRED');
    const cancelled = written(
      fresh.events,
      planStatus(fresh, { status: 'cancelled', plan: null }, context()),
    );
    expect(refusalCode(planClaim(cancelled, { plan: PLAN }, context('agent:a')))).toBe('INVALID_TRANSITION');
    const owned = written(fresh.events, planAssign(fresh, { to: 'human:bob' }, context()));
    expect(refusalCode(planClaim(owned, { plan: PLAN }, context('agent:a')))).toBe('ALREADY_CLAIMED');
  });
});

describe('complete', () => {
  it('is one write, or none', () => {
    const fresh = newTask(context());
    expect(refusalCode(planComplete(fresh, { review: 'ok' }, context()))).toBe('INVALID_TRANSITION');
    const planned = written(fresh.events, planStatus(fresh, { status: 'planned', plan: PLAN }, context()));
    expect(refusalCode(planComplete(planned, { review: ' ' }, context()))).toBe('VALIDATION_ERROR');
    const done = accepted(planComplete(planned, { review: 'Right\nand more' }, context()));
    expect(done.events.map((event) => event.type)).toEqual([
      'comment_added',
      'status_changed',
      'artifact_attached',
      'status_changed',
    ]);
    expect(done.files).toContainEqual(
      expect.objectContaining({ meta: expect.objectContaining({ summary: 'Right' }) }),
    );
    expect(done.task).toMatchObject({ status: 'done', comment_count: 1 });
  });
});

import { describe, expect, it } from 'vitest';
import type { BoardConfig } from './config.ts';
import { planAssign } from './operations/assign.ts';
import { planComment } from './operations/comment.ts';
import type { TaskState } from './operations/operation.ts';
import { planStatus } from './operations/status.ts';
import { accepted, CONFIG, newTask, refusalCode, testContexts, written } from './testing.ts';

const PLAN = '# LAT-1: A task\n\n- Do it\n';

function withWorkflow(change: Partial<BoardConfig['workflow']>): BoardConfig {
  return { ...CONFIG, workflow: { ...CONFIG.workflow, ...change } };
}

function moved(state: TaskState, ...way: string[]): TaskState {
  const context = testContexts();
  return way.reduce(
    (at, status, step) =>
      written(
        at.events,
        planStatus(
          at,
          { status, plan: PLAN },
          { ...context(), newId: () => `ev_${at.events.length}_${step}` },
        ),
      ),
    state,
  );
}

describe('moves', () => {
  it('say which ways lead on from a closed status', () => {
    const state = moved(newTask(testContexts()()), 'planned', 'review', 'done');
    const verdict = planStatus(state, { status: 'in_progress', plan: PLAN }, testContexts()());
    expect(verdict).toMatchObject({
      ok: false,
      code: 'INVALID_TRANSITION',
      details: {
        current_status: 'done',
        requested_status: 'in_progress',
        valid_transitions: ['needs_human', 'cancelled'],
      },
    });
  });

  it('take the name that the board shows, and its own name in any case', () => {
    const config = withWorkflow({ display_names: { in_planning: 'Thinking it over' } });
    const context = testContexts(config);
    const state = newTask(context());
    for (const status of ['thinking it over', 'In-Planning', 'in_planning']) {
      expect(accepted(planStatus(state, { status, plan: null }, context())).task.status).toBe('in_planning');
    }
    expect(refusalCode(planStatus(state, { status: 'nowhere', plan: null }, context()))).toBe(
      'VALIDATION_ERROR',
    );
    expect(refusalCode(planStatus(state, { status: '__proto__', plan: null }, context()))).toBe(
      'VALIDATION_ERROR',
    );
  });

  it('want a plan before work begins', () => {
    const context = testContexts();
    const state = moved(newTask(context(), { description: 'Do it well' }), 'planned');
    const scaffolds = [null, '', '# LAT-1: A task\n', '# A task\n\nDo it well\n'];
    for (const plan of scaffolds) {
      const status = planStatus(state, { status: 'in_progress', plan }, context());
      expect(refusalCode(status)).toBe('PLAN_REQUIRED');
    }
    for (const plan of ['Just do it', '# A task\n\nDo it quickly\n', '# A task\n\n1. Do it well\n', PLAN]) {
      expect(planStatus(state, { status: 'in_progress', plan }, context()).ok).toBe(true);
    }
  });

  it('end after three reviews that sent the task back, unless forced with a reason', () => {
    const context = testContexts();
    const again = ['in_progress', 'review'];
    const state = moved(newTask(context()), 'planned', 'review', ...again, ...again, ...again);
    const input = { status: 'in_progress', plan: PLAN };
    expect(refusalCode(planStatus(state, input, context()))).toBe('REVIEW_CYCLE_LIMIT');
    expect(planStatus(state, { ...input, status: 'done' }, context()).ok).toBe(true);
    expect(refusalCode(planStatus(state, { ...input, force: true }, context()))).toBe('VALIDATION_ERROR');
    const forced = accepted(planStatus(state, { ...input, force: true, reason: 'last try' }, context()));
    expect(forced.events[0]).toMatchObject({
      data: { from: 'review', to: 'in_progress', force: true, reason: 'last try' },
      provenance: { reason: 'last try' },
    });
    expect(forced.files).toEqual([
      { kind: 'plan', how: 'append', text: '\n## Reset 2026-11-21 by human:ann\n' },
    ]);
    const limited = testContexts(withWorkflow({ review_cycle_limit: 4 }));
    expect(planStatus(state, input, limited()).ok).toBe(true);
  });

  it('hold a task back until the completion policy is met', () => {
    const policy = { done: { require_roles: ['review', 'security'], require_assigned: true } };
    const context = testContexts(withWorkflow({ completion_policies: policy }));
    const fresh = moved(newTask(context()), 'planned', 'review');
    const done = { status: 'done', plan: PLAN };
    expect(planStatus(fresh, done, context())).toMatchObject({
      code: 'COMPLETION_BLOCKED',
      message: 'A task needs evidence for review, security and someone assigned before it can go to done.',
    });
    const reviewed = written(fresh.events, planComment(fresh, { body: 'ok', role: 'review' }, context()));
    const secured = written(
      reviewed.events,
      planComment(reviewed, { body: 'safe', role: 'security' }, context()),
    );
    expect(planStatus(secured, done, context())).toMatchObject({ code: 'COMPLETION_BLOCKED' });
    const owned = written(secured.events, planAssign(secured, { to: 'human:ann' }, context()));
    expect(planStatus(owned, done, context()).ok).toBe(true);
    expect(planStatus(fresh, { status: 'cancelled', plan: null }, context()).ok).toBe(true);
  });

  it('warn about a full column and go on', () => {
    const state = moved(newTask(testContexts()()), 'planned');
    const full = { status: 'review', plan: PLAN, inTarget: 5 };
    expect(planStatus(state, full, testContexts()())).toMatchObject({
      ok: true,
      warnings: ['review holds 5 of 5 tasks already.'],
    });
    expect(planStatus(state, { ...full, inTarget: 4 }, testContexts()())).toMatchObject({
      ok: true,
      warnings: [],
    });
  });

  it('to the same status change nothing', () => {
    const state = newTask(testContexts()());
    expect(planStatus(state, { status: 'backlog', plan: null }, testContexts()())).toMatchObject({
      ok: true,
      events: [],
      note: 'Already at status backlog',
    });
  });
});

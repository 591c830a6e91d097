import { describe, expect, it } from 'vitest';
import type { BoardConfig } from './config.ts';
import { filterPredicate, searchable, type TaskFilter, taskFilterSchema } from './filter.ts';
import { planArchive } from './operations/archive.ts';
import { planComment } from './operations/comment.ts';
import type { TaskState } from './operations/operation.ts';
import { planStatus } from './operations/status.ts';
import { planUpdate } from './operations/update.ts';
import { boardStats, isoWeek } from './stats.ts';
import { CONFIG, newTask, T0, testContexts, written } from './testing.ts';
import { shortestWay, validTransitions, workflowPlaces } from './workflow.ts';

const HOUR = 3_600_000;
const contexts = testContexts();

function at(hours: number, actor = 'human:ann') {
  return contexts(actor, { now: new Date(T0 + hours * HOUR) });
}

/** A task created at hour 0 and moved by force at later hours. */
function moved(title: string, owner: string | null, ...moves: [number, string][]): TaskState {
  return moves.reduce(
    (state, [hours, status]) =>
      written(
        state.events,
        planStatus(state, { status, plan: null, force: true, reason: 'test' }, at(hours, 'agent:codex-1')),
      ),
    newTask(at(0), { title, assignedTo: owner }),
  );
}

const RECORDS = [
  moved('quick', 'agent:a', [1, 'in_progress'], [3, 'done']),
  moved('slow', 'agent:a', [2, 'in_progress'], [30, 'review'], [34, 'done']),
  moved('alone', null, [40, 'done']),
  moved('undone', 'human:ann', [1, 'in_progress'], [2, 'done'], [5, 'blocked']),
  moved('waiting', null),
];

describe('the flow of a board', () => {
  it('says what is stale, blocked and over its limit', () => {
    const config: BoardConfig = { ...CONFIG, workflow: { ...CONFIG.workflow, wip_limits: { done: 2 } } };
    const stats = boardStats(RECORDS, config, new Date(T0 + 10 * 24 * HOUR));
    expect(stats.wip).toEqual([{ status: 'done', current: 3, limit: 2, over: true }]);
    expect(stats.stale.map((task) => [task.title, task.days_stale])).toEqual([
      ['waiting', 10],
      ['quick', 9.9],
      ['undone', 9.8],
      ['slow', 8.6],
      ['alone', 8.3],
    ]);
    expect(stats.blocked).toEqual({
      currently_blocked: 1,
      total_blocked_episodes: 1,
      avg_blocked_hours: 235,
    });
    expect(stats.velocity.slice(-3)).toEqual([
      { week: '2026-W47', count: 3 },
      { week: '2026-W48', count: 1 },
      { week: '2026-W49', count: 0 },
    ]);
  });

  it('knows the weeks at the turn of years', () => {
    expect(isoWeek(Date.UTC(2027, 0, 1))).toBe('2026-W53');
    expect(isoWeek(Date.UTC(2024, 11, 30))).toBe('2025-W01');
  });
});

describe('a filter', () => {
  const context = contexts();
  const fresh = newTask(context, { title: 'Fix the Löschung', tags: ['hub', 'nats'], priority: 'high' });
  const said = written(
    fresh.events,
    planComment(fresh, { body: 'Port 4222 is BUSY' }, contexts('agent:codex-1')),
  );
  const state = written(
    said.events,
    planUpdate(said, { fields: { 'custom_fields.estimate': '3d' } }, contexts()),
  );
  const hit = (filter: TaskFilter, of = state) => filterPredicate(filter)(searchable(of, 'the plan text'));

  it.each<[TaskFilter, boolean]>([
    [{}, true],
    [{ text: 'löschung busy' }, true],
    [{ text: 'LO\u0308SCHUNG' }, true],
    [{ text: 'estimate 3d plan' }, true],
    [{ text: 'löschung absent' }, false],
    [{ tags: ['x', 'nats'] }, true],
    [{ tags: ['x'] }, false],
    [{ tags: [] }, true],
    [{ assigned: ['unassigned'] }, true],
    [{ assigned: ['human:ann'] }, false],
    [{ statuses: ['backlog'], priorities: ['high'], types: ['task'], createdBy: ['human:ann'] }, true],
    [{ statuses: ['backlog'], priorities: ['low'] }, false],
    [{ archived: 'only' }, false],
    [{ archived: 'with' }, true],
  ])('%j finds the task: %s', (filter, found) => {
    expect(taskFilterSchema.parse(JSON.parse(JSON.stringify(filter)))).toEqual(filter);
    expect(hit(filter)).toBe(found);
  });

  it('leaves archived tasks out unless it asks for them', () => {
    const archived = written(state.events, planArchive(state, contexts()));
    expect([hit({}, archived), hit({ archived: 'only' }, archived)]).toEqual([false, true]);
  });
});

describe('a workflow of one’s own', () => {
  const config: BoardConfig = {
    ...CONFIG,
    default_status: 'todo',
    workflow: {
      statuses: ['todo', 'doing', 'in_review', 'shipped'],
      transitions: { todo: ['doing'], doing: ['in_review'], in_review: ['shipped', 'doing'], shipped: [] },
    },
  };

  it('has its places found by the shape', () => {
    expect(workflowPlaces(config)).toEqual({
      working: 'doing',
      review: 'in_review',
      waiting: undefined,
      closed: ['shipped'],
      ready: ['todo'],
    });
    expect(validTransitions(config, 'shipped')).toEqual([]);
    expect(validTransitions(config, 'constructor')).toEqual([]);
  });

  it('is walked by the shortest way of at most three moves', () => {
    expect(shortestWay(config, 'todo', 'shipped')).toEqual(['doing', 'in_review', 'shipped']);
    expect(shortestWay(config, 'todo', 'todo')).toEqual([]);
    expect(shortestWay(config, 'shipped', 'todo')).toBeUndefined();
    expect(shortestWay(CONFIG, 'backlog', 'done')).toEqual(['planned', 'review', 'done']);
  });
});

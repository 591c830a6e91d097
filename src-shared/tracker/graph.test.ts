import { describe, expect, it } from 'vitest';
import { cycleThrough, findCycles, relationGraph } from './graph.ts';
import { chooseNext } from './next-task.ts';
import { planLink } from './operations/link.ts';
import type { Relationship, TaskSnapshot } from './snapshot.ts';
import { CONFIG, newTask, testContexts } from './testing.ts';

const base = newTask(testContexts()()).task;

function relation(type: string, target: string): Relationship {
  return { type, target_task_id: target, note: null, created_at: base.created_at, created_by: 'human:ann' };
}

/** A task named by a letter; `links` as `depends_on b`. */
function task(id: string, change: Partial<TaskSnapshot> = {}, ...links: string[]): TaskSnapshot {
  const relationships_out = links.map((link) => {
    const [type = '', target = ''] = link.split(' ');
    return relation(type, target);
  });
  return { ...base, id, title: id, ...change, relationships_out };
}

describe('the graph of relationships', () => {
  it('finds the circle that a link would close, over both ways to say it', () => {
    const graph = relationGraph([task('a', {}, 'depends_on b'), task('b'), task('c', {}, 'blocks b')]);
    expect(cycleThrough(graph, { from: 'c', type: 'depends_on', to: 'a' })).toEqual(['c', 'a', 'b', 'c']);
    expect(cycleThrough(graph, { from: 'a', type: 'blocks', to: 'c' })).toEqual(['c', 'b', 'a', 'c']);
    expect(cycleThrough(graph, { from: 'a', type: 'blocks', to: 'b' })).toEqual(['b', 'a', 'b']);
    expect(cycleThrough(graph, { from: 'c', type: 'related_to', to: 'a' })).toBeUndefined();
    expect(cycleThrough(graph, { from: 'c', type: 'subtask_of', to: 'a' })).toBeUndefined();
  });

  it('lists the circles of a board that others wrote, each once', () => {
    const tasks = [
      task('a', {}, 'depends_on b', 'subtask_of c'),
      task('b', {}, 'depends_on c'),
      task('c', {}, 'depends_on a'),
      task('d', {}, 'supersedes d', 'depends_on a'),
    ];
    expect(findCycles(relationGraph(tasks))).toEqual([
      { kind: 'dependency', tasks: ['b', 'c', 'a'] },
      { kind: 'supersedes', tasks: ['d'] },
    ]);
  });

  it('is asked before a link is made', () => {
    const context = testContexts();
    const state = newTask(context());
    const other = task('other', { short_id: 'LAT-9' }, `depends_on ${state.task.id}`);
    const graph = relationGraph([state.task, other]);
    const link = { type: 'depends_on', targetId: 'other', graph };
    expect(planLink(state, link, context())).toMatchObject({
      code: 'CONFLICT',
      message: `This would close a circle: ${state.task.id} → LAT-9 → ${state.task.id}.`,
    });
    expect(planLink(state, { ...link, type: 'blocks' }, context()).ok).toBe(true);
    expect(planLink(state, { ...link, targetId: 'gone' }, context())).toMatchObject({ code: 'NOT_FOUND' });
    expect(planLink(state, { ...link, type: 'envies' }, context())).toMatchObject({
      code: 'VALIDATION_ERROR',
    });
  });
});

describe('the next task', () => {
  function choose(tasks: TaskSnapshot[], change: Partial<Parameters<typeof chooseNext>[0]> = {}) {
    const { candidates, skipped } = chooseNext({
      tasks,
      graph: relationGraph(tasks),
      config: CONFIG,
      actor: 'agent:codex-1',
      ...change,
    });
    return {
      candidates: candidates.map((each) => each.id),
      skipped: skipped.map((each) => [each.task.id, each.reason]),
    };
  }

  it('is the most urgent of the highest priority, the oldest of equals', () => {
    const tasks = [
      task('e', { priority: 'low', urgency: 'immediate' }),
      task('d', { priority: 'high', urgency: 'low' }),
      task('c', { priority: 'high' }),
      task('b', { priority: 'high', urgency: 'normal' }),
      task('a', { priority: 'odd' }),
    ];
    expect(choose(tasks).candidates).toEqual(['b', 'c', 'd', 'e', 'a']);
  });

  it('is what the actor has begun, before all else', () => {
    const mine = { assigned_to: 'agent:codex-1' };
    const tasks = [
      task('a', { priority: 'critical' }),
      task('b', { ...mine, status: 'in_progress', priority: 'low' }),
      task('c', { ...mine, status: 'in_planning' }),
      task('d', { status: 'in_progress', assigned_to: 'human:bob' }),
    ];
    expect(choose(tasks).candidates).toEqual(['c', 'b', 'a']);
  });

  it('is never closed, waiting, erased or of somebody else', () => {
    const tasks = [
      task('a', { status: 'done' }),
      task('b', { status: 'needs_human' }),
      task('c', { assigned_to: 'human:bob' }),
      task('d', { tombstoned: true }),
      task('e', { assigned_to: 'agent:codex-1', status: 'planned' }),
    ];
    expect(choose(tasks, { statuses: CONFIG.workflow.statuses }).candidates).toEqual(['e']);
    expect(chooseNext({ tasks, graph: relationGraph(tasks), config: CONFIG }).candidates).toEqual([]);
  });

  it('does not wait for others, and says what the rest waits for', () => {
    const tasks = [
      task('a', { priority: 'critical' }, 'depends_on b', 'depends_on gone'),
      task('b', { short_id: 'LAT-2', status: 'review' }, 'blocks c'),
      task('c', { priority: 'high' }),
      task('d', {}, 'depends_on e'),
      task('e', { status: 'cancelled' }),
    ];
    expect(choose(tasks)).toEqual({
      candidates: ['d'],
      skipped: [
        ['a', 'It waits for LAT-2.'],
        ['c', 'It waits for LAT-2.'],
      ],
    });
  });

  it('is nothing new while the column of running work is full', () => {
    const running = Array.from({ length: 10 }, (_, index) =>
      task(`r${index}`, { status: 'in_progress', assigned_to: index === 0 ? 'agent:codex-1' : 'human:bob' }),
    );
    expect(choose([...running, task('a')])).toEqual({
      candidates: ['r0'],
      skipped: [['a', 'in_progress is full: 10 of 10 tasks.']],
    });
  });
});

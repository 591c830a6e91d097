import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkView } from '../../src-shared/views/work.ts';
import { changesBetween, groupOf, WorkIndex } from './work-index.ts';

const START = Date.parse('2026-11-21T14:00:00.000Z');
const time = (second: number) => new Date(START + second * 1_000).toISOString();

function work(id: string, more: Partial<WorkView> = {}): WorkView {
  return {
    id,
    task: `Task ${id}`,
    agent: 'counter',
    status: 'assigned',
    priority: 3,
    attempt: 0,
    attempts_allowed: 3,
    run_id: id,
    requested_by: 'ann',
    created_at: time(0),
    queued_at: time(0),
    updated_at: time(0),
    revision: 1,
    ...more,
  };
}

const waits = (kind: 'question' | 'attempts_used', severity: 'medium' | 'high', second: number) => ({
  kind,
  text: 'Go on?',
  severity,
  since: time(second),
  raised_at: time(second),
  raised: 1,
  acknowledged: false,
});

const mapOf = (works: readonly WorkView[]) => new Map(works.map((one) => [one.id, one]));
const ids = (works: readonly WorkView[]) => works.map((one) => one.id);

describe('WorkIndex', () => {
  it('puts each work into its group and orders the group as a person would ask for it', () => {
    const groups = new WorkIndex().update(
      mapOf([
        work('low', { priority: 5, queued_at: time(1) }),
        work('second', { queued_at: time(9) }),
        work('first', { queued_at: time(2) }),
        work('urgent', { priority: 1, queued_at: time(10) }),
        work('older', { status: 'accepted', started_at: time(1) }),
        work('newer', { status: 'accepted', started_at: time(5) }),
        work('stopped', { status: 'escalated', waits: waits('attempts_used', 'high', 9) }),
        work('asks', { status: 'escalated', waits: waits('question', 'medium', 1) }),
        work('asks again', { status: 'escalated', waits: waits('question', 'high', 0) }),
        work('done', { status: 'completed', ended_at: time(3) }),
        work('expired', { status: 'expired', ended_at: time(7) }),
      ]),
    );
    expect(ids(groups.queued)).toEqual(['urgent', 'first', 'second', 'low']);
    expect(ids(groups.running)).toEqual(['newer', 'older']);
    expect(ids(groups.needs_you)).toEqual(['asks again', 'asks', 'stopped']);
    expect(ids(groups.finished)).toEqual(['expired', 'done']);
  });

  it('keeps the array of a group in which nothing changed', () => {
    const index = new WorkIndex();
    const [waiting, running] = [
      work('waiting'),
      work('running', { status: 'accepted', started_at: time(1) }),
    ];
    const before = index.update(mapOf([waiting, running]));
    const after = index.update(mapOf([{ ...waiting, priority: 1 }, running]));
    expect(after.running).toBe(before.running);
    expect(after.queued).not.toBe(before.queued);
    expect(index.update(mapOf([{ ...waiting, priority: 1 }, running]))).toEqual(after);
  });

  const anyWork = fc
    .record({
      id: fc.integer({ min: 0, max: 30 }),
      status: fc.constantFrom('assigned', 'accepted', 'escalated', 'completed', 'cancelled'),
      second: fc.integer({ min: 0, max: 5 }),
      priority: fc.integer({ min: 1, max: 5 }),
    })
    .map(({ id, status, second, priority }) =>
      work(`w${id}`, {
        status: status as WorkView['status'],
        priority,
        queued_at: time(second),
        started_at: time(second),
        ...(status === 'completed' || status === 'cancelled' ? { ended_at: time(second) } : {}),
        ...(status === 'escalated' ? { waits: waits('question', 'medium', second) } : {}),
      }),
    );

  it('is after any changes what it would be if it were built anew, with and without a filter', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            upserts: fc.array(anyWork, { maxLength: 12 }),
            removes: fc.array(fc.integer({ min: 0, max: 30 })),
          }),
          { maxLength: 12 },
        ),
        (steps) => {
          const accepts = (one: WorkView) => one.priority <= 3;
          const index = new WorkIndex();
          let narrowed: WorkIndex | undefined;
          let items = new Map<string, WorkView>();
          for (const { upserts, removes } of steps) {
            items = new Map(items);
            for (const id of removes) items.delete(`w${id}`);
            for (const one of upserts) items.set(one.id, one);
            expect(index.update(items)).toEqual(new WorkIndex().update(items));
            narrowed ??= index.narrowed(accepts);
            expect(narrowed.update(items)).toEqual(new WorkIndex(accepts).update(items));
          }
        },
      ),
    );
  });

  it('follows 100,000 works and a change of a few of them', () => {
    const many = Array.from({ length: 100_000 }, (_, number) =>
      work(`w${String(number).padStart(6, '0')}`, { status: 'completed', ended_at: time(number) }),
    );
    const items = mapOf(many);
    const index = new WorkIndex();
    index.update(items);
    const next = new Map(items);
    for (let number = 0; number < 100; number += 1)
      next.set(`w${String(number).padStart(6, '0')}`, work(`w${String(number).padStart(6, '0')}`));
    const groups = index.update(next);
    expect([groups.finished.length, groups.queued.length]).toEqual([99_900, 100]);
    expect(groups.finished[0]?.id).toBe('w099999');
  });
});

describe('changesBetween', () => {
  it('tells what went, came and changed, also when the order is another', () => {
    const before = new Map([
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 4],
    ]);
    const after = new Map([
      ['d', 4],
      ['c', 30],
      ['a', 1],
      ['e', 5],
    ]);
    const { removed, added } = changesBetween(before, after);
    expect(removed.toSorted()).toEqual([2, 3]);
    expect(added.toSorted()).toEqual([30, 5]);
  });
});

describe('groupOf', () => {
  it('counts every outcome as finished', () => {
    for (const status of ['completed', 'failed', 'cancelled', 'expired'] as const)
      expect(groupOf(work('x', { status }))).toBe('finished');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkView } from '../../src-shared/views/work.ts';
import { aWaitingWork, aWork } from './testing/works.ts';
import { WorkNotices } from './work-notices.ts';

function told(notices: WorkNotices, upserts: WorkView[], removes: string[] = []) {
  notices.apply({ upserts, removes });
  return notices.take();
}

describe('WorkNotices', () => {
  it('tells of a question and of a stop, once', () => {
    const notices = new WorkNotices();
    const works = [
      aWork('runs', 'accepted'),
      aWaitingWork('asks'),
      aWaitingWork('stopped', { kind: 'attempts_used', text: 'All 3 attempts are used up.' }),
    ];
    expect(told(notices, works)).toEqual([
      { workId: 'asks', title: 'Asks you: Task asks', body: 'Which colour?' },
      { workId: 'stopped', title: 'Stopped: Task stopped', body: 'All 3 attempts are used up.' },
    ]);
    expect(told(notices, works)).toEqual([]);
  });

  it('tells again when a work is raised again or asks anew, and not when it only came back', () => {
    const notices = new WorkNotices();
    expect(told(notices, [aWaitingWork('a')])).toHaveLength(1);
    expect(told(notices, [], ['a'])).toEqual([]);
    expect(told(notices, [aWaitingWork('a')])).toEqual([]);
    expect(told(notices, [aWaitingWork('a', { raised_at: '2026-01-01T04:00:00Z', raised: 2 })])).toHaveLength(
      1,
    );
    expect(told(notices, [aWork('a', 'accepted')])).toEqual([]);
    expect(told(notices, [aWaitingWork('a')])).toHaveLength(1);
  });

  it('says nothing of what was answered, seen or cancelled before it was told', () => {
    const notices = new WorkNotices();
    notices.apply({ upserts: ['a', 'b', 'c', 'd'].map((id) => aWaitingWork(id)), removes: [] });
    const later = [
      aWork('a', 'accepted'),
      aWaitingWork('b', { acknowledged: true }),
      { ...aWaitingWork('c'), cancelling: true },
    ];
    expect(told(notices, later, ['d'])).toEqual([]);
  });

  it('makes one notice of more than three', () => {
    const works = ['a', 'b', 'c', 'd', 'e'].map((id) => aWaitingWork(id));
    expect(told(new WorkNotices(), works.slice(0, 3))).toHaveLength(3);
    expect(told(new WorkNotices(), works)).toEqual([
      { title: '5 works need you', body: 'Task a\nTask b\nTask c' },
    ]);
  });

  it('cuts a long task and a long question', () => {
    const long = { ...aWaitingWork('a', { text: 'w'.repeat(2_000) }), task: `${'t'.repeat(200)}\nmore` };
    const [notice] = told(new WorkNotices(), [long]);
    expect(notice?.title.length).toBeLessThan(100);
    expect(notice?.body).toHaveLength(200);
  });

  it('never tells of one raise twice, whatever comes in which order', () => {
    const change = fc.record({ raise: fc.nat(3), gone: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const notices = new WorkNotices();
        let last = -1;
        let count = 0;
        for (const { raise, gone } of changes) {
          const next = Math.max(last, raise);
          const raised_at = `2026-01-0${next + 1}T00:00:00Z`;
          if (gone) told(notices, [], ['a']);
          const now = told(notices, [aWaitingWork('a', { raised_at })]).length;
          expect(now).toBe(next > last ? 1 : 0);
          count += now;
          last = next;
        }
        expect(count).toBeLessThanOrEqual(4);
      }),
    );
  });
});

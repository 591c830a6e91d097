import { describe, expect, it } from 'vitest';
import type { BoardColumn } from '../../../../src-shared/views/board.ts';
import { byShortId, fillColumns, keepSame, landingIndex } from './columns.ts';
import { testCard } from './testing.ts';

const column = (status: string, more: Partial<BoardColumn> = {}): BoardColumn => ({
  status,
  name: status,
  phase: 'waiting',
  targets: [],
  ...more,
});
const card = (number: number, more = {}) =>
  testCard({ id: `task_${number}`, short_id: `LAT-${number}`, ...more });
const yes = () => true;

describe('columns', () => {
  it('puts the most urgent first, then who waits longest', () => {
    const [first] = fillColumns(
      [column('planned')],
      [
        card(1, { since: '2026-11-03T00:00:00Z' }),
        card(2, { since: '2026-11-02T00:00:00Z' }),
        card(3, { priority: 'critical', since: '2026-11-09T00:00:00Z' }),
        card(4, { priority: 'mystery', since: '2026-11-01T00:00:00Z' }),
      ],
      yes,
    );
    expect(first?.cards.map((one) => one.short_id)).toEqual(['LAT-3', 'LAT-4', 'LAT-2', 'LAT-1']);
  });

  it('shows the newest first of what is over', () => {
    const [done] = fillColumns(
      [column('done', { phase: 'over' })],
      [
        card(1, { status: 'done', since: '2026-11-01T00:00:00Z' }),
        card(2, { status: 'done', since: '2026-11-02T00:00:00Z' }),
      ],
      yes,
    );
    expect(done?.cards.map((one) => one.short_id)).toEqual(['LAT-2', 'LAT-1']);
  });

  it('counts what a filter hides, and knows when a column is full', () => {
    const [planned] = fillColumns(
      [column('planned', { limit: 2 })],
      [card(1), card(2)],
      (one) => one.id === 'task_1',
    );
    expect(planned).toMatchObject({ count: 2, full: true });
    expect(planned?.cards).toHaveLength(1);
  });

  it('does not count archived cards', () => {
    const [planned] = fillColumns([column('planned', { limit: 1 })], [card(1, { archived: true })], yes);
    expect(planned).toMatchObject({ count: 0, full: false });
  });

  it('keeps a card in sight whose status the workflow does not name', () => {
    const columns = fillColumns([column('planned')], [card(1, { status: 'lost' })], yes);
    expect(columns.map((one) => [one.column.status, one.count])).toEqual([
      ['planned', 0],
      ['lost', 1],
    ]);
  });

  it('says where a card lands', () => {
    const [planned] = fillColumns([column('planned')], [card(1, { priority: 'high' }), card(2)], yes);
    if (planned === undefined) throw new Error('no column');
    const now = '2026-12-01T00:00:00Z';
    expect(landingIndex(planned, card(9, { priority: 'critical' }), now)).toBe(0);
    expect(landingIndex(planned, card(9, { priority: 'high' }), now)).toBe(1);
    expect(landingIndex(planned, card(9), now)).toBe(2);
  });

  it('keeps a column as it was when nothing in it changed', () => {
    const columns = [column('planned'), column('done')];
    const cards = [card(1), card(2, { status: 'done' })];
    const before = fillColumns(columns, cards, yes);
    const after = keepSame(
      before,
      fillColumns(columns, [cards[0] ?? card(1), card(2, { status: 'done', title: 'New' })], yes),
    );
    expect([after[0] === before[0], after[1] === before[1]]).toEqual([true, false]);
  });

  it('counts in short ids', () => {
    expect([card(10), card(9)].sort(byShortId).map((one) => one.short_id)).toEqual(['LAT-9', 'LAT-10']);
  });
});

import { describe, expect, it } from 'vitest';
import { fillColumns } from './columns.ts';
import { neighbourOf } from './neighbour.ts';
import { testCard } from './testing.ts';

const columns = fillColumns(
  ['planned', 'empty', 'review'].map((status) => ({
    status,
    name: status,
    phase: 'waiting' as const,
    targets: [],
  })),
  [
    testCard({ id: 'a', short_id: 'LAT-1' }),
    testCard({ id: 'b', short_id: 'LAT-2' }),
    testCard({ id: 'c', short_id: 'LAT-3' }),
    testCard({ id: 'x', short_id: 'LAT-4', status: 'review' }),
  ],
  () => true,
);
const go = (status: string, task: string | undefined, key: string) => neighbourOf(columns, status, task, key);

describe('neighbours on the board', () => {
  it('stay inside the column at its ends', () => {
    expect(go('planned', 'c', 'ArrowDown')).toEqual({ status: 'planned', task: 'c' });
    expect(go('planned', 'a', 'ArrowUp')).toEqual({ status: 'planned', task: 'a' });
    expect(go('planned', undefined, 'ArrowDown')).toEqual({ status: 'planned', task: 'a' });
    expect(go('planned', undefined, 'k')).toEqual({ status: 'planned', task: 'c' });
    expect(go('planned', 'b', 'End')).toEqual({ status: 'planned', task: 'c' });
  });

  it('lie at the same height of the next column, or in one without cards', () => {
    expect(go('planned', 'b', 'ArrowRight')).toEqual({ status: 'empty', task: undefined });
    expect(go('empty', undefined, 'ArrowRight')).toEqual({ status: 'review', task: 'x' });
    expect(go('review', 'x', 'ArrowRight')).toBeUndefined();
    expect(go('empty', 'gone', 'ArrowDown')).toBeUndefined();
    expect(go('planned', 'b', 'x')).toBeUndefined();
  });
});

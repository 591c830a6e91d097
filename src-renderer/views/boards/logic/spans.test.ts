import { describe, expect, it } from 'vitest';
import { rangeOf, ticksOf, timelineRows } from './spans.ts';
import { testCard } from './testing.ts';

const now = Date.parse('2026-11-21T00:00:00Z');
const columns = [
  { status: 'planned', name: 'Planned', phase: 'waiting' as const, targets: [] },
  { status: 'done', name: 'Done', phase: 'over' as const, targets: [] },
];

describe('the timeline', () => {
  it('cuts a stay at the edges of the range and leaves closed ones out', () => {
    const card = testCard({ id: 'a' });
    const spans = new Map([
      [
        'a',
        [
          { status: 'planned', from: '2026-11-01T00:00:00Z', to: '2026-11-16T00:00:00Z' },
          { status: 'done', from: '2026-11-16T00:00:00Z' },
        ],
      ],
    ]);
    expect(timelineRows([card], spans, columns, rangeOf(10, now))).toEqual([
      { card, bars: [{ status: 'planned', start: 0, width: 0.5 }] },
    ]);
  });

  it('shows no row for a card that was not there in the range', () => {
    const spans = new Map([
      ['a', [{ status: 'planned', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }]],
    ]);
    expect(
      timelineRows([testCard({ id: 'a' }), testCard({ id: 'b' })], spans, columns, rangeOf(10, now)),
    ).toEqual([]);
  });

  it('has at most eight lines, whatever the range', () => {
    for (const days of [1, 7, 30, 90, 365]) {
      const ticks = ticksOf(rangeOf(days, now));
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(8);
    }
  });
});

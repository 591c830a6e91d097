import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkSpan } from '../../../../src-shared/views/work-timeline.ts';
import { moved, shareOf, ticksOf, wholeOf, zoomed } from './scale.ts';

const span = (start: number, end?: number, children: WorkSpan[] = []): WorkSpan => ({
  id: `${start}`,
  work_id: 'w',
  kind: 'work',
  label: 'w',
  start,
  state: 'running',
  children,
  ...(end === undefined ? {} : { end }),
});

describe('the scale of the waterfall', () => {
  it('spans everything up to now, also sub-works that outlast the work', () => {
    expect(wholeOf([span(0, 50_000, [span(10_000, 100_000)])], 1).to).toBeCloseTo(110_000);
    expect(wholeOf([span(0)], 200_000).to).toBeCloseTo(220_000);
    expect(wholeOf([], 5_000)).toEqual({ from: 5_000, to: 6_100 });
  });

  it('draws ticks in steps a person counts in, with room for their words', () => {
    const labels = (ms: number, width: number) =>
      ticksOf({ from: 0, to: ms }, 0, width).map((tick) => tick.label);
    expect(labels(268_000, 500)).toEqual(['1 min', '2 min', '3 min', '4 min']);
    expect(labels(20_000, 500)).toEqual(['5 s', '10 s', '15 s']);
    expect(labels(90 * 60_000, 500)).toEqual(['15 min', '30 min', '45 min', '1 h', '1 h 15 min']);
    expect(labels(0.9, 500).length).toBeLessThan(10);
  });

  it('keeps ticks apart and in sight, whatever the length and the zoom', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 1e9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 100, max: 2_000 }),
        (length, share, times, width) => {
          const whole = { from: 0, to: length };
          let view = whole;
          for (let time = 0; time < times; time += 1) view = zoomed(view, whole, 0.8, share) ?? whole;
          expect(view.from).toBeGreaterThanOrEqual(whole.from);
          expect(view.to).toBeLessThanOrEqual(whole.to + 1e-6);
          const places = ticksOf(view, 0, width).map((tick) => tick.share * width);
          for (const [index, place] of places.entries()) {
            expect(place).toBeLessThanOrEqual(width);
            if (index > 0) expect(place - (places[index - 1] ?? 0)).toBeGreaterThan(66);
          }
        },
      ),
    );
  });

  it('keeps the time under the pointer in its place while zooming', () => {
    const whole = { from: 0, to: 100_000 };
    const view = zoomed(whole, whole, 0.5, 0.25) ?? whole;
    expect(shareOf(view, 25_000)).toBeCloseTo(0.25);
    expect(zoomed(view, whole, 4, 0.5)).toBeUndefined();
  });

  it('moves within what there is, and not at all when everything is in sight', () => {
    const whole = { from: 0, to: 100_000 };
    expect(moved({ from: 0, to: 50_000 }, whole, -1)).toEqual({ from: 0, to: 50_000 });
    expect(moved({ from: 0, to: 50_000 }, whole, 5)).toEqual({ from: 50_000, to: 100_000 });
    expect(moved(whole, whole, 0.5)).toBeUndefined();
  });
});

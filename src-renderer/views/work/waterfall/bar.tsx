import type { ReactNode } from 'react';
import { cx } from '../../../ui/cx.ts';
import type { Bar } from './rows.ts';
import { type Stretch, shareOf } from './scale.ts';

const LOOKS: Record<Bar['look'], string> = {
  wait: 'h-10 rounded-bar',
  step: 'h-10 rounded-bar bg-quiet',
  run: 'h-14 rounded-hint border border-run-fill bg-run-subtle text-run-fill',
  good: 'h-14 rounded-hint border border-good-fill bg-good-subtle text-good-fill',
  fail: 'h-14 rounded-hint border border-fail-fill bg-fail-subtle text-fail-fill',
  ask: 'h-14 rounded-hint border border-ask-fill bg-ask-subtle text-ask-fill',
  late: 'h-14 rounded-hint border border-late-fill bg-late-subtle text-late-fill',
  calm: 'h-14 rounded-hint border border-calm-fill bg-calm-subtle text-calm-fill',
};

/** Below this width a hatched bar is solid, because stripes would not show, in pixels. */
const HATCH_FROM = 10;
/** The least width of a bar, in pixels. */
const LEAST = 5;

const percents = (share: number) => `${(share * 100).toFixed(3)}%`;

/** One bar in a chart of `width` pixels; it is open at the right while it grows. */
export function BarShape(props: { bar: Bar; view: Stretch; now: number; width: number }): ReactNode {
  const { bar, view, now, width } = props;
  const end = bar.end ?? Math.max(now, bar.start);
  const from = shareOf(view, bar.start);
  const share = shareOf(view, end) - from;
  if (from > 1 || from + share < 0) return null;
  const hatched = bar.look === 'wait' && share * width >= HATCH_FROM;
  const silence = bar.silentFrom === undefined ? 0 : (end - bar.silentFrom) / Math.max(1, end - bar.start);
  const open = bar.end === undefined;
  const place = { left: percents(from), width: percents(share), minWidth: LEAST };
  if (silence === 0)
    return (
      <span
        className={cx(
          'absolute top-1/2 -translate-y-1/2',
          LOOKS[bar.look],
          bar.look === 'wait' && (hatched ? 'hatch text-quiet' : 'bg-quiet'),
          open && bar.look !== 'step' && 'rounded-r-none border-r-0',
        )}
        style={place}
      />
    );
  return (
    <span className="absolute top-1/2 flex h-14 -translate-y-1/2" style={place}>
      <span
        className={cx(LOOKS[bar.look], 'rounded-r-none border-r-0')}
        style={{ width: percents(1 - silence) }}
      />
      <span
        className={cx(LOOKS[bar.look], 'hatch rounded-l-none border-dashed bg-transparent')}
        style={{ width: percents(silence) }}
      />
    </span>
  );
}

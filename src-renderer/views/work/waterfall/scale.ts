import type { WorkSpan } from '../../../../src-shared/views/work-timeline.ts';
import { duration } from '../../../ui/format.ts';

/** A stretch of time in milliseconds since the epoch. */
export interface Stretch {
  from: number;
  to: number;
}

/** A line of the grid: how far into the work, where (0 to 1 of the width), and its words. */
export interface Tick {
  at: number;
  share: number;
  label: string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  10,
  50,
  100,
  250,
  500,
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 30, 100, 365].map((n) => n * DAY),
];
/** Room a tick with its label needs, in pixels. */
const TICK_ROOM = 68;
/** Room that the time of day at the left edge needs, in pixels. */
const CLOCK_ROOM = 68;
/** Room behind the last bar as a share of the whole, so that *now* does not touch the figures. */
const ROOM_AFTER = 0.1;
/** The least stretch a person can zoom to, in milliseconds. */
const LEAST = 200;

function lastEnd(span: WorkSpan, now: number): number {
  return Math.max(span.end ?? now, ...span.children.map((child) => lastEnd(child, now)));
}

/** All the time a work took so far, with its sub-works, and a little room after what still runs. */
export function wholeOf(spans: readonly WorkSpan[], now: number): Stretch {
  const from = Math.min(now, ...spans.map((span) => span.start));
  const ends = spans.map((span) => lastEnd(span, now));
  const to = Math.max(from + 1_000, ...ends);
  return { from, to: to + (to - from) * ROOM_AFTER };
}

/** Where a time stands in a stretch: 0 at its start, 1 at its end. */
export function shareOf({ from, to }: Stretch, time: number): number {
  return (time - from) / (to - from);
}

/** The grid of a view into a work that began at `start`, for a chart of `width` pixels. */
export function ticksOf(view: Stretch, start: number, width: number): Tick[] {
  const span = view.to - view.from;
  const step = STEPS.find((candidate) => (candidate / span) * width >= TICK_ROOM) ?? span;
  const ticks: Tick[] = [];
  const first = Math.max(1, Math.ceil((view.from - start) / step));
  for (let index = first; start + index * step < view.to; index += 1) {
    const at = start + index * step;
    const share = shareOf(view, at);
    if (share * width >= CLOCK_ROOM) ticks.push({ at, share, label: tickWords(index * step) });
  }
  return ticks;
}

function tickWords(ms: number): string {
  if (ms < SECOND) return `${ms} ms`;
  return ms < MINUTE ? `${ms / SECOND} s` : duration(ms);
}

function within(view: Stretch, whole: Stretch): Stretch | undefined {
  const span = Math.max(LEAST, view.to - view.from);
  if (span >= whole.to - whole.from) return undefined;
  const from = Math.min(Math.max(view.from, whole.from), whole.to - span);
  return { from, to: from + span };
}

/** A view `factor` times as long around a share of the old one; undefined when it would hold everything. */
export function zoomed(view: Stretch, whole: Stretch, factor: number, share: number): Stretch | undefined {
  const span = Math.max(LEAST, (view.to - view.from) * factor);
  const at = view.from + (view.to - view.from) * share;
  return within({ from: at - span * share, to: at + span * (1 - share) }, whole);
}

/** A view moved by a share of its length; undefined when it holds everything. */
export function moved(view: Stretch, whole: Stretch, share: number): Stretch | undefined {
  const by = (view.to - view.from) * share;
  return within({ from: view.from + by, to: view.to + by }, whole);
}

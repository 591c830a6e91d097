import type { BoardColumn, Card, TaskSpans } from '../../../../src-shared/views/board.ts';

/** A stretch of time that a timeline shows. */
export interface TimeRange {
  from: number;
  to: number;
}

export interface SpanBar {
  status: string;
  /** Share of the range at which it begins, and how much of the range it takes; 0 to 1. */
  start: number;
  width: number;
}

export interface TimelineRow {
  card: Card;
  bars: readonly SpanBar[];
}

const DAY = 86_400_000;

/** The last so many days up to now. */
export function rangeOf(days: number, now: number): TimeRange {
  return { from: now - days * DAY, to: now };
}

/** Rows of cards that stood somewhere in the range, the last to move first. A closed status is no bar: nothing happens there. */
export function timelineRows(
  cards: readonly Card[],
  spans: ReadonlyMap<string, TaskSpans['spans']>,
  columns: readonly BoardColumn[],
  { from, to }: TimeRange,
): TimelineRow[] {
  const over = new Set(columns.filter(({ phase }) => phase === 'over').map(({ status }) => status));
  const length = to - from;
  return cards
    .map((card): TimelineRow => {
      const bars = (spans.get(card.id) ?? []).flatMap((span): SpanBar[] => {
        if (over.has(span.status)) return [];
        const start = Math.max(Date.parse(span.from), from);
        const end = Math.min(span.to === undefined ? to : Date.parse(span.to), to);
        if (end <= start) return [];
        return [{ status: span.status, start: (start - from) / length, width: (end - start) / length }];
      });
      return { card, bars };
    })
    .filter(({ bars }) => bars.length > 0)
    .sort((a, b) => b.card.since.localeCompare(a.card.since) || a.card.id.localeCompare(b.card.id));
}

/** Where the axis has lines: at most eight, on whole days. */
export function ticksOf({ from, to }: TimeRange): { at: number; share: number }[] {
  const days = Math.max(1, Math.ceil((to - from) / DAY / 8));
  const first = Math.ceil(from / DAY) * DAY;
  const ticks: { at: number; share: number }[] = [];
  for (let at = first; at < to; at += days * DAY) ticks.push({ at, share: (at - from) / (to - from) });
  return ticks;
}
